"""Words that sentences of the record book share."""

#: What is said beside what another true history could deny.
AS_FAR_AS_IS_KNOWN = "as far as is known"


def listed(names: list[str]) -> str:
    """`A`, `A and B`, `A, B and C`; empty for nobody."""
    *most, last = names or [""]
    return f"{', '.join(most)} and {last}" if most else last
