"""What a story said before."""

from difflib import SequenceMatcher

from django.utils.safestring import SafeString

from records.models.pending import content_fields
from records.tables import differences


def content_changes(old: dict, new: dict) -> list[dict]:
    """What differs between two contents of a story, by field: its `name`, and the `change` with
    marks."""
    return [
        {"field": str(field.verbose_name).capitalize(), "change": change}
        for field in content_fields()
        if (change := _change(field, old.get(field.name), new.get(field.name)))
    ]


def _change(field, old, new) -> SafeString | str:
    if (old or "") == (new or ""):
        return ""
    if not field.is_relation:
        return differences.marked(str(old or ""), str(new or ""))
    lists = [value if isinstance(value, list) else [value] if value else [] for value in (old, new)]
    named = field.related_model.objects.named({slug for one in lists for slug in one})
    # A row that is called otherwise by now is the same one.
    names = [[str(named.get(slug, slug)) for slug in one] for one in lists]
    return differences.listed(_list_changes(*names))


def _list_changes(old: list[str], new: list[str]):
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, begin, end, other, other_end in matcher.get_opcodes():
        if kind == "equal":
            yield from (("same", name) for name in old[begin:end])
        else:
            yield from (("removed", name) for name in old[begin:end])
            yield from (("added", name) for name in new[other:other_end])
