"""What can be decided about a story: each decision is a button, allowed in some states.

    draft ⇄ in review → scheduled → published ⇄ withdrawn

A story that was ever public keeps its row as readers see it; the same buttons then move its
pending version, which is published in its place.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import forms
from django.core.exceptions import ValidationError

from records.models import ArticleRevision, Decision, PendingVersion
from records.models.articles import ArticleState
from records.models.pending import CannotApply

from .fields import InstantField, InstantInput
from .saves import NotSaved

NOW, HOUR, TOMORROW, OTHER = "now", "hour", "tomorrow", "other"
WHEN = ((NOW, "Now"), (HOUR, "In 1 hour"), (TOMORROW, "Tomorrow 8:00"), (OTHER, "At"))
#: Nobody plans further ahead, and a year too far is easily typed.
FURTHEST = timedelta(days=2 * 366)

SECOND = timedelta(seconds=1)

Kind = Decision.Kind


class WhenWidget(forms.MultiWidget):
    """A choice of times, a line to type another one into, and the zone that eight o'clock is in.

    The zone is filled in by a script; without one it is eight o'clock UTC.
    """

    template_name = "admin/records/article/when.html"

    def __init__(self, attrs=None, label="When"):
        self.label = label
        widgets = {
            "choice": forms.RadioSelect(choices=WHEN),
            "at": InstantInput({"class": "vTextField", "aria-label": "At, UTC"}),
            "zone": forms.HiddenInput(attrs={"data-zone": True}),
        }
        super().__init__(widgets, attrs)

    def get_context(self, name, value, attrs):
        return super().get_context(name, value, attrs) | {"label": self.label}

    def decompress(self, value):
        return [NOW, None, ""] if value is None else [OTHER, value, ""]


class WhenField(forms.MultiValueField):
    """An instant from now on, as `(instant, is_now)`."""

    widget = WhenWidget

    def __init__(self, **options):
        fields = (
            forms.ChoiceField(choices=WHEN, required=False),
            InstantField(required=False),
            forms.CharField(required=False, max_length=60),
        )
        super().__init__(fields, require_all_fields=False, required=False, **options)

    def compress(self, values):
        choice, at, zone = values or (NOW, None, "")
        reading = self.fields[1].reading
        if choice == OTHER and reading and reading.precision.seconds > InstantField.least.seconds:
            raise ValidationError(InstantField.too_little)
        return choice, at, zone

    def instant(self, value, now: datetime) -> datetime:
        """The instant that was chosen. Raises ValidationError."""
        choice, at, zone = value or (NOW, None, "")
        if choice == OTHER:
            return _typed(at, now)
        return {
            HOUR: now + timedelta(hours=1),
            TOMORROW: _eight_tomorrow(now, zone),
        }.get(choice, now)


def _typed(at: datetime | None, now: datetime) -> datetime:
    if at is None:
        raise ValidationError("Say at what time.")
    if at <= now:
        raise ValidationError("That is past: it would appear at once. Choose “Now” for that.")
    if at > now + FURTHEST:
        raise ValidationError(f"{at:%Y} is too far ahead; check the year.")
    return at


def _eight_tomorrow(now: datetime, zone: str) -> datetime:
    try:
        place = ZoneInfo(zone) if zone else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        place = UTC
    tomorrow = now.astimezone(place).date() + timedelta(days=1)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, 8, tzinfo=place).astimezone(UTC)


@dataclass(frozen=True)
class Situation:
    """A story, what of it is pending, and who asks: what decides which buttons there are.

    `state` is that of what the form edits: the story's own, or that of its changes.
    """

    state: str
    #: The state that readers know, of a story that was ever public.
    public: ArticleState | None = None
    kept: bool = False
    withdrawal: datetime | None = None
    publishes: bool = False
    writes: bool = False


@dataclass(frozen=True)
class Button:
    """A decision: its button, and where it is there to be pressed."""

    name: str
    label: Callable[[Situation], str]
    allowed: Callable[[Situation], bool]
    #: Whether the text has to be without problems for it.
    checked: bool = False
    #: Whether the form's fields are saved with it.
    saves: bool = True


def _label(text: str) -> Callable[[Situation], str]:
    return lambda _: text


def _publish_label(one: Situation) -> str:
    if one.public is None:
        return "Publish"
    return "Publish changes" if one.public == ArticleState.PUBLISHED else "Put back"


SEND = Button(
    "_review",
    _label("Send to review"),
    lambda one: one.state == "draft" and one.writes,
    checked=True,
)
TAKE_BACK = Button(
    "_take_back",
    _label("Take back"),
    lambda one: (
        (one.state == "in_review" and (one.writes or one.publishes))
        or (one.state == "scheduled" and one.publishes)
    ),
)
SEND_BACK = Button(
    "_send_back",
    _label("Send back with the note"),
    lambda one: one.state == "in_review" and one.publishes,
)
PUBLISH = Button("_publish", _publish_label, lambda one: one.publishes, checked=True)
DISCARD = Button(
    "_discard",
    _label("Throw the changes away"),
    lambda one: one.kept and one.publishes,
    saves=False,
)
WITHDRAW = Button(
    "_withdraw",
    _label("Withdraw from readers"),
    lambda one: one.public == ArticleState.PUBLISHED and one.publishes,
    saves=False,
)
KEEP = Button(
    "_keep",
    _label("Call the withdrawal off"),
    lambda one: (
        one.withdrawal is not None and one.public == ArticleState.PUBLISHED and one.publishes
    ),
    saves=False,
)
BUTTONS = (PUBLISH, SEND, TAKE_BACK, SEND_BACK, DISCARD, WITHDRAW, KEEP)


def pressed(data) -> Button | None:
    """Which of the buttons a form was sent with; None for one that only saves."""
    return next((one for one in BUTTONS if one.name in data), None)


@dataclass
class Desk:
    """Decides about one story: `by` whom and `at` what instant. Every decision is written down."""

    article: object
    by: object
    at: datetime

    def _note(self, kind, *, from_=None, words=""):
        Decision.objects.create(
            article=self.article,
            kind=kind,
            made_by=self.by,
            made_at=self.at,
            holds_from=from_,
            words=words,
        )

    # Stories that were never public

    def send(self):
        self._move(ArticleState.IN_REVIEW, Kind.SENT_TO_REVIEW)

    def take_back(self, words=""):
        self._move(ArticleState.DRAFT, Kind.SENT_BACK if words else Kind.TAKEN_BACK, words)

    def _move(self, state, kind, words=""):
        self.article.state, self.article.published_at = state, None
        self.article.save()
        self._note(kind, words=words)

    def publish(self, instant):
        later = instant > self.at
        article = self.article
        article.state = ArticleState.SCHEDULED if later else ArticleState.PUBLISHED
        article.published_at = instant
        article.save()
        self._note(Kind.SCHEDULED if later else Kind.PUBLISHED, from_=instant)

    # Stories that were

    def withdraw(self, instant, note):
        """At once, or at an instant to come. What was scheduled of it is not published any more."""
        article = self.article
        article.withdrawn_at, article.withdrawal_note = instant, note
        if instant <= self.at:
            article.state = ArticleState.WITHDRAWN
        article.save(update_fields=["state", "withdrawn_at", "withdrawal_note"])
        waiting = PendingVersion.objects.filter(article=article, state="scheduled")
        if waiting.filter(due_at__gte=instant).update(state="draft", due_at=None):
            words = "The story is withdrawn before they were due."
            self._note(Kind.CHANGES_TAKEN_BACK, words=words)
        self._note(Kind.WITHDRAWN, from_=instant, words=note)

    def keep(self):
        self.article.withdrawn_at = None
        self.article.save(update_fields=["withdrawn_at"])
        self._note(Kind.KEPT)

    def send_changes(self, pending):
        self._hold(pending, "in_review", Kind.CHANGES_SENT_TO_REVIEW)

    def take_changes_back(self, pending, words=""):
        kind = Kind.CHANGES_SENT_BACK if words else Kind.CHANGES_TAKEN_BACK
        self._hold(pending, "draft", kind, words)

    def _hold(self, pending, state, kind, words=""):
        pending.state, pending.due_at, pending.scheduled_by = state, None, None
        pending.save()
        self._note(kind, words=words)

    def discard(self, pending):
        """What they said is kept, also if they were written past the newsroom."""
        ArticleRevision.objects.keep_found(self.article, self.at, changes=pending)
        pending.delete()
        self._note(Kind.CHANGES_DISCARDED)

    def publish_changes(self, pending, instant):
        """Raises NotSaved, with what keeps them from being published now."""
        pending.puts_back = not self.article.is_public(self.at)
        pending.scheduled_by, pending.failure = self.by, ""
        if instant > self.at:
            pending.state, pending.due_at = "scheduled", instant
            pending.save()
            self._note(Kind.CHANGES_SCHEDULED, from_=instant)
            return
        pending.save()
        try:
            pending.apply(self.at, self.by)
        except CannotApply as reason:
            raise NotSaved(str(reason)) from reason


def decide(desk: Desk, button: Button, changes: PendingVersion | None, cleaned: dict) -> None:
    """Do what the button says, with what the form says of it. `changes` are those of a story that
    was ever public. Raises NotSaved."""
    note = cleaned.get("note", "")
    if button is WITHDRAW:
        desk.withdraw(cleaned["withdraw_when"], cleaned["withdrawal_note"])
    elif button is KEEP:
        desk.keep()
    elif changes is None:
        {
            SEND: desk.send,
            TAKE_BACK: desk.take_back,
            SEND_BACK: lambda: desk.take_back(note or "See the notes."),
            PUBLISH: lambda: desk.publish(cleaned["when"]),
        }[button]()
    else:
        {
            SEND: desk.send_changes,
            TAKE_BACK: desk.take_changes_back,
            SEND_BACK: lambda one: desk.take_changes_back(one, note or "See the notes."),
            PUBLISH: lambda one: desk.publish_changes(one, cleaned["when"]),
        }[button](changes)


def outcome(article, button: Button, at: datetime) -> str:
    """What holds now that the button was pressed, in a sentence."""
    article.refresh_from_db()
    due = PendingVersion.objects.filter(article=article, state="scheduled").first()
    if button is PUBLISH and due:
        return f"Readers will see the changes from {_written(due.due_at)} on."
    if button is PUBLISH and article.published_at > at:
        return f"Readers will see the story from {_written(article.published_at)} on."
    if button is WITHDRAW and article.withdrawn_at and article.withdrawn_at > at:
        return f"The story will be withdrawn at {_written(article.withdrawn_at)}."
    return {
        PUBLISH: "Readers see it now.",
        SEND: "Sent to review. Readers see nothing of it.",
        TAKE_BACK: "Taken back: it is a draft.",
        SEND_BACK: "Sent back with the note: it is a draft.",
        WITHDRAW: "Withdrawn: readers are told so at its address.",
        KEEP: "The story stays public.",
    }[button]


def _written(instant: datetime) -> str:
    return f"{instant:%-d %B %Y, %H:%M:%S} UTC"
