"""What is said of a merge, and what is asked: for the template and the message after a save."""

from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import get_content_type_for_model
from django.db.models import Q
from django.forms import CheckboxInput
from django.utils.html import format_html
from django.utils.text import capfirst

from records.body.merging import merged
from records.instants import written
from records.tables.differences import marked
from records.tables.pieces import joined

from .fields import is_key
from .merging import DELETE, Difference, Merge, Spot
from .opened import BOTH, MINE, THEIRS, THIRD, Opened


class Savers:
    """Who saved the row, or one that is edited with it, since it was opened."""

    def __init__(self, row, formsets, opened: Opened, user):
        own = Q(content_type=get_content_type_for_model(row), object_id=str(row.pk))
        for formset in formsets:
            keys = [str(form.instance.pk) for form in formset.initial_forms]
            kind = get_content_type_for_model(formset.model)
            own |= Q(content_type=kind, object_id__in=keys)
        entries = LogEntry.objects.filter(own, pk__gt=opened.saves)
        self.found = found = list(entries.select_related("user").order_by("-pk")[:20])
        others = dict.fromkeys(entry.user for entry in found if entry.user != user)
        self.latest = found[0].action_time if found else None
        self.saves = found[0].pk if found else opened.saves
        self.names = " and ".join(one.get_full_name() or one.get_username() for one in others)
        self.name = self.names or ("you (in another tab)" if found else "somebody else")

    @property
    def sentence(self) -> str:
        at = f" at {written(self.latest, 'second')} UTC" if self.latest else " meanwhile"
        return f"{self.names or capfirst(self.name)} saved this{at}, while you had it open."


class Words:
    """The words of a form and of the rows beside it: names of places, and values as people read
    them."""

    def __init__(self, form, formsets):
        self.form, self.formsets = form, {one.prefix: one for one in formsets}
        self.rows = {
            Spot(one.prefix, str(row.instance.pk)): str(row.instance)
            for one in formsets
            for row in one.initial_forms
        }

    def _form(self, group: str):
        return self.formsets[group].empty_form if group else self.form

    def name(self, one: Difference) -> str:
        """`Headline`, `flight Ada Vega on Test 1`, `flight Ada Vega on Test 1: role`."""
        place = one.place
        if not place.group:
            return self._label(place)
        known = self.rows.get(place._replace(field=""))
        if known is None:  # Of a row that is gone its first words.
            said = ((name, values) for name, values in one.typed.items() if values)
            known = next(
                (self.value(place._replace(field=name), said_) for name, said_ in said), ""
            )
        row = f"{self.kind(place)} {known}".strip()
        return f"{row}: {self._label(place)}" if place.field else row

    def _label(self, place: Spot) -> str:
        return str(self._form(place.group)[place.field].label)

    def kind(self, place: Spot) -> str:
        return str(self.formsets[place.group].model._meta.verbose_name)

    def value(self, place: Spot, values) -> str:
        field = self._form(place.group).fields[place.field]
        if isinstance(field.widget, CheckboxInput):
            return "yes" if values else "no"
        if not values:
            return ""
        if hasattr(field, "queryset"):
            keys = [value for value in values if is_key(value)]
            rows = {str(row.pk): row for row in field.queryset.filter(pk__in=keys)}
            return "\n".join(
                field.label_from_instance(rows[value])
                if value in rows
                else f"a row that is not there ({value})"
                for value in values
            )
        choices = {str(key): str(label) for key, label in getattr(field, "choices", ())}
        return "\n".join(choices.get(value, value) for value in values)

    def row(self, place: Spot, old, new):
        """A row that somebody changed or deleted, field by field."""
        lines = []
        for name in (new or old or {}).keys() - {DELETE}:
            at = place._replace(field=name)
            before, after = ((row or {}).get(name) or [] for row in (old, new))
            if before != after:
                text = marked(self.value(at, before), self.value(at, after))
                lines.append(format_html("<dt>{}</dt><dd>{}</dd>", self._label(at), text))
        return format_html("<dl>{}</dl>", joined(lines, ""))

    def may_add(self, place: Spot) -> bool:
        return self.formsets[place.group].max_num > 0


def described(merge: Merge, words: Words, savers: Savers, sent) -> dict:
    """For the template: who saved, what is to be chosen, what was settled by itself. `sent` may
    have a third text that somebody had written before being asked again."""
    settled = (
        (merge.taken, f"only {savers.name} changed it, taken over"),
        (merge.both, "both of you changed it, both changes are in it"),
        (merge.kept, "only you changed it, kept"),
    )
    asked = [_asked(one, merge, words, savers, sent) for one in merge.asked]
    if asked:
        asked[0]["options"][0]["focus"] = True
    return {
        "who": savers.sentence,
        "asked": asked,
        "settled": [
            {"title": f"{words.name(one)}: {how}", "html": _change(one, merge, words)}
            for found, how in settled
            for one in found
        ],
    }


def sentence(merge: Merge, words: Words, savers: Savers) -> str:
    """What was merged, for the message after a save."""
    said = [
        f"{what}: {', '.join(map(words.name, found))}."
        for what, found in (
            ("Taken from there", merge.taken),
            ("Of both", merge.both),
            ("Kept of yours", merge.kept),
        )
        if found
    ]
    return " ".join((savers.sentence, *said))


def _change(one: Difference, merge: Merge, words: Words):
    """What a place says now that it did not say when it was opened."""
    if not one.place.field:
        return words.row(one.place, one.opened, one.stored)
    rows = merge.page[one.place.group]
    now = rows[one.place.key][one.place.field]
    return marked(words.value(one.place, one.opened), words.value(one.place, now))


def _asked(one: Difference, merge: Merge, words: Words, savers: Savers, sent) -> dict:
    ask = _asked_field if one.place.field else _asked_row
    return {"id": one.place.name, **ask(one, merge, words, savers, sent)}


def _asked_field(one, merge, words, savers, sent) -> dict:
    stored, typed = (words.value(one.place, values) for values in (one.stored, one.typed))
    if one.opened is None:
        title = "what you typed is not what is saved, and it is not known what you had opened"
        mine, theirs = marked(stored, typed), _plain(stored)
    else:
        title = "both of you changed it"
        opened = words.value(one.place, one.opened)
        mine, theirs = marked(opened, typed), marked(opened, stored)
    third = _third(one, merge, sent)
    options = [_option(MINE, "Yours", mine), _theirs(savers, theirs)]
    if third:
        options.append(_option(BOTH, "Both, as it stands here", "", checked=not third["overlap"]))
    return {"title": f"{words.name(one)}: {title}", "options": options, "third": third}


def _third(one: Difference, merge: Merge, sent) -> dict | None:
    """Both changes of a long text in one, to be edited."""
    if merge.kinds[one.place.group][one.place.field] != "text" or one.opened is None:
        return None
    opened, typed, stored = ("".join(values) for values in (one.opened, one.typed, one.stored))
    both = merged(opened, typed, stored)
    if both.overlap and both.text == typed:
        return None
    text = sent.get(THIRD + one.place.name) or both.text
    return {"text": text, "overlap": both.overlap, "lines": min(text.count("\n") + 4, 20)}


def _asked_row(one, merge, words, savers, sent) -> dict:
    name = words.name(one)
    if one.stored is None:
        options = [_option(THEIRS, "Leave it out", "")]
        if words.may_add(one.place):
            back = _option(MINE, "Put it back as you typed it", "")
            options.insert(0, back)
        title = f"{name}: deleted meanwhile, and you changed it"
        return {"title": title, "options": options, "html": words.row(one.place, {}, one.typed)}
    options = [_option(MINE, "Delete it", ""), _theirs(savers)]
    title = f"{name}: changed meanwhile, and you delete it"
    return {
        "title": title,
        "options": options,
        "html": words.row(one.place, one.opened, one.stored),
    }


def _theirs(savers: Savers, html="") -> dict:
    label = f"As {savers.names} saved it" if savers.names else "As it is saved now"
    return _option(THEIRS, label, html)


def _option(value: str, label: str, html, *, checked: bool = False) -> dict:
    return {"value": value, "label": label, "html": html, "checked": checked}


def _plain(text: str):
    return format_html('<div class="differences">{}</div>', text)
