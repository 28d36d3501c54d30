"""The claims of a story on its page: a row for each, with what the record book says of it."""

from copy import copy

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.utils.text import slugify

from records.body.claims import ASKED, MAX_CLAIMS, MAX_MARK, line_of, parse_claims, typed_claims
from records.body.claims import rows_of as rows_of_claims
from records.body.parse import is_slug, parse
from records.instants import full_minute, read_clock
from records.ledger import Ledger
from records.models import Leaderboard
from records.models.articles import UNCHECKED
from records.models.references import named_by
from records.stories.claims import CheckedClaim, check, mixes

KINDS = (
    ("", "– what it states –"),
    ("value", "somebody’s value"),
    ("rank", "somebody’s rank"),
    ("count", "how many reached a mark"),
    ("nobody", "that nobody has"),
)
#: Rows to fill in below those that there are; saving brings as many again.
EMPTY_ROWS = 3

ONLY_EDITORS = "Only who may publish keeps words that the record book contradicts."
MIXED = (
    "Some figures of this story are rounded and others are cut off: “371 days” beside “370 days” "
    "of the same flight would read as two."
)


def checked_claims(story) -> list[CheckedClaim]:
    """The claims of a story as it stands in hand."""
    if not story.claims:
        return []
    return check(story, full_minute(read_clock()), Ledger.current())


class ClaimsInput(forms.Textarea):
    """Rows of a form, which together are the text of the claims. `story` is whose they are, and
    `keeps` whether who asks may keep what the record book contradicts."""

    template_name = "admin/records/article/claims.html"
    use_fieldset = True
    story = None
    keeps = False

    def value_from_datadict(self, data, files, name):
        return typed_claims(data, name)

    def value_omitted_from_data(self, data, files, name):
        return name not in data and f"{name}-0-passage" not in data

    def get_context(self, name, value, attrs):
        said = {one.claim.line: one for one in self._checked(value or "")}
        lines = [
            number for number, line in enumerate((value or "").splitlines(), 1) if line.strip()
        ]
        rows = rows_of_claims(value or "")
        empty = min(EMPTY_ROWS, max(0, MAX_CLAIMS - len(rows)))
        shown = [
            {"number": number, "said": row, "checked": said.get(line)}
            for number, (row, line) in enumerate(
                zip([*rows, *[{}] * empty], [*lines, *[0] * empty], strict=True)
            )
        ]
        context = super().get_context(name, value, attrs)
        return context | {
            "rows": shown,
            "kinds": KINDS,
            "boards": self._boards(),
            "people": self._people(),
            "keeps": self.keeps,
            "most": MAX_MARK,
        }

    def _checked(self, text: str) -> list[CheckedClaim]:
        if self.story is None:
            return []
        story = copy(self.story)
        story.claims = text
        return checked_claims(story)

    @staticmethod
    def _boards() -> list[Leaderboard]:
        return list(Leaderboard.objects.order_by("group", "title").only("slug", "title", "group"))

    def _people(self) -> list[str]:
        """Whom the text names: offered where somebody is asked for."""
        if self.story is None:
            return []
        named = named_by(parse(self.story.body or ""))
        return sorted({one.slug for one in named if one.kind == "astronaut"})


class ClaimsOfForm:
    """Of the form of a story: `by` is who asks."""

    by = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "claims" in self.fields and isinstance(self.fields["claims"].widget, ClaimsInput):
            widget = self.fields["claims"].widget
            widget.story, widget.keeps = self.instance, self.situation.publishes

    def clean_claims(self):
        """The claims, each that is kept against the record book with who keeps it."""
        known = {_kept(one): one.by for one in _claims_of(self.initial.get("claims")) if one.kept}
        lines = []
        for line in (self.cleaned_data["claims"] or "").splitlines():
            for one in _claims_of(line):
                if one.kept and _kept(one) not in known and not self.situation.publishes:
                    raise ValidationError(f"“{one.passage}”: {ONLY_EDITORS}")
                by = known.get(_kept(one), _name(self.by)) if one.kept else ""
                said = {name: getattr(one, name) for name in ASKED[1:]}
                line = line_of(one.claims, said | {"by": by})
            lines.append(line)
        return "\n".join(lines)

    def check_claims(self, state) -> None:
        """Hold them against the record book, which beyond a draft none may contradict."""
        story = self.instance
        story.checked_claims = checked_claims(story)
        if state in UNCHECKED:
            return
        field = "claims" if "claims" in self.fields else None
        for one in story.checked_claims:
            if one.stops:
                self.add_error(field, f"“{one.claim.passage}”: {one.words}")


def _claims_of(text: str | None) -> list:
    return list(parse_claims(text or "").blocks)


def _kept(claim) -> tuple:
    """What somebody has given a reason for: another figure wants another one."""
    return claim.claims, claim.passage, claim.leaderboard, claim.astronaut, claim.mark, claim.kept


def _name(user) -> str:
    return user.get_full_name() or user.get_username() if user else ""


class ClaimsOfStories:
    """Of the page of a story."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """What was typed into the rows is one text from here on, as it is compared and merged."""
        if request.method == "POST":
            request.POST = _as_one_text(request.POST)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "claims":
            # The help of the field tells how its text is written; rows say it themselves.
            kwargs |= {"widget": ClaimsInput, "help_text": ""}
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        checked = getattr(form.instance, "checked_claims", ())
        if wrong := [one for one in checked if one.stops]:
            words = " ".join(f"“{one.claim.passage}”: {one.words}" for one in wrong)
            self.message_user(request, f"It cannot be published so. {words}", messages.WARNING)
        if mixes(checked):
            self.message_user(request, MIXED, messages.WARNING)


def _as_one_text(data):
    rows = [name for name in data if name.startswith("claims-")]
    if not rows:
        return data
    made = data.copy()
    for name in rows:
        if name.endswith("-astronaut") and not is_slug(made[name]):
            made[name] = slugify(made[name])  # Typed as a name.
    text = typed_claims(made)
    for name in rows:
        del made[name]
    made["claims"] = text
    return made
