"""Words that sentences of the record book share."""


def listed(names: list[str]) -> str:
    """`A`, `A and B`, `A, B and C`; empty for nobody."""
    *most, last = names or [""]
    return f"{', '.join(most)} and {last}" if most else last
