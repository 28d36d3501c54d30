"""The page of a story, from the first draft to its withdrawal."""

from copy import copy

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import prefetch_related_objects
from django.forms.widgets import Script
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.text import Truncator

from records.instants import read_clock, written
from records.models import Article, ArticleRevision, Author, Correction, PendingVersion, ReviewNote
from records.models.articles import SEEN, ArticleState
from records.models.revisions import content_fields
from records.tables import newsroom as tables
from records.texts import clean_text

from . import publishing
from .bulk import BulkDecisions
from .claims import ClaimsOfForm, ClaimsOfStories, checked_claims
from .conflicts import Savers
from .desk import LONGEST_SEARCH, MOST_WORDS, DeskAdmin, DeskInline, Form
from .fields import ReferencesField, ReferencesSelect, called_with
from .listing import AuthorFilter, DateFilter, StateFilter, StoryList, TopicFilter
from .opened import OPENED, Opened
from .publishing import (
    BUTTONS,
    DISCARD,
    KEEP,
    PUBLISH,
    SEND,
    SEND_BACK,
    TAKE_BACK,
    Desk,
    Situation,
    WhenField,
    pressed,
)
from .revisions import Revisions, content_changes
from .rights import OwnStories, may_publish, may_work_on, may_write
from .writing import Writing

#: Buttons beside the choice of a time, and those below what was decided before.
DECISIVE = (PUBLISH.name, SEND.name, SEND_BACK.name, TAKE_BACK.name)
LESSER = (DISCARD.name, KEEP.name)

#: How many stories a search finds at most.
MOST_FOUND = 1000

#: How many of the latest decisions about a story its page shows.
DECISIONS = 8


class CorrectionsInline(DeskInline):
    """Corrections are amended, never deleted; new ones are made with what they correct."""

    model = Correction
    can_delete = False
    fields = ("kind", "made_at", "wrong", "right")
    readonly_fields = ("made_at",)
    formfield_overrides = DeskInline.formfield_overrides | {
        models.TextField: {"widget": forms.Textarea({"rows": 3, "cols": 30})}
    }
    related = ("article",)

    def has_add_permission(self, request, obj):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class BylineField(ReferencesField):
    """Authors in the order in which they were chosen."""

    def clean(self, value):
        keys = list(dict.fromkeys(map(str, value or ())))
        return sorted(super().clean(value), key=lambda author: keys.index(str(author.pk)))

    def has_changed(self, initial, data):
        return [str(self.prepare_value(one)) for one in initial or ()] != list(map(str, data or ()))


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea({"rows": rows})


class ArticleForm(ClaimsOfForm, Form):
    """A story's content, and one decision about it.

    `situation` says what may be decided; `at` is the instant of the request.
    """

    situation: Situation
    at = None
    asked_as = {"authors": "byline"}

    byline = BylineField(Author.objects.all(), required=False)
    when = WhenField(label="When")
    significant = forms.BooleanField(
        label="Significant update: readers see the time", required=False
    )
    correction_kind = forms.ChoiceField(label="Kind", choices=Correction.Kind, required=False)
    correction_wrong = forms.CharField(label="What was wrong", required=False, widget=_lines(2))
    correction_right = forms.CharField(label="What is right", required=False, widget=_lines(2))
    withdraw_when = WhenField(label="Withdraw")
    withdrawal_note = forms.CharField(
        label="What readers are told", required=False, widget=_lines(2)
    )
    note = forms.CharField(label="Note", required=False, widget=_lines(2))
    note_passage = forms.CharField(
        label="On the passage",
        required=False,
        widget=_lines(2),
        help_text="Copied from the text; empty: on the whole story.",
    )
    settle = forms.ModelMultipleChoiceField(
        ReviewNote.objects.none(),
        label="Settled",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        story = self.instance
        if story.pk:
            self.fields["settle"].queryset = story.review_notes.filter(settled_at=None)
            self.initial.setdefault("byline", [row.author for row in story.byline.all()])
            self.initial["withdrawal_note"] = story.withdrawal_note
        if pending := getattr(story, "changes", None):
            for name in ("significant", "correction_kind", "correction_wrong", "correction_right"):
                self.initial[name] = getattr(pending, name)
        if byline := self.fields.get("byline"):
            known = self.initial.get("byline") or ()
            byline.known = {str(author.pk): author for author in known}

    @property
    def button(self):
        return pressed(self.data) if self.is_bound else None

    def clean(self):
        cleaned = super().clean()
        for name in self.fields.keys() & _TEXTS:
            self._clean_text(name)
        if self.button and not self.button.allowed(self.situation):
            label = self.button.label(self.situation)
            raise ValidationError(f"“{label}” cannot be decided here as the story stands.")
        for name, button in (("when", PUBLISH), ("withdraw_when", publishing.WITHDRAW)):
            if self.button is button:
                self._settle(name)
        if bool(cleaned.get("correction_wrong")) != bool(cleaned.get("correction_right")):
            empty = "wrong" if cleaned.get("correction_right") else "right"
            self.add_error(f"correction_{empty}", "Say both what was wrong and what is right.")
        self._check_note(cleaned)
        return cleaned

    def _clean_text(self, name):
        try:
            self.cleaned_data[name] = clean_text(self.cleaned_data.get(name, ""))
        except ValueError as error:
            self.add_error(name, str(error))

    def _settle(self, name):
        try:
            self.cleaned_data[name] = self.fields[name].instant(
                self.cleaned_data.get(name), self.at
            )
        except ValidationError as error:
            self.add_error(name, error)

    def _check_note(self, cleaned):
        note, passage = cleaned.get("note"), cleaned.get("note_passage")
        if passage and not note:
            self.add_error("note", "Say what there is to say of the passage.")
        texts = (cleaned.get(name) or "" for name in ("headline", "standfirst", "body"))
        stored = (self.instance.headline, self.instance.standfirst, self.instance.body)
        if passage and not any(passage in text for text in (*texts, *stored)):
            self.add_error("note_passage", "The story does not say this; copy it from the text.")
        if self.button is SEND_BACK and not note and not self.fields["settle"].queryset.exists():
            self.add_error("note", "Say what is to be done.")

    def _post_clean(self):
        """Only what leaves the state of a draft, or has left it, has to be without problems."""
        button, state = self.button, self.situation.state
        if button:
            state = ArticleState.IN_REVIEW if button.checked else ArticleState.DRAFT
        stored, self.instance.state = self.instance.state, state
        super()._post_clean()
        self.check_claims(state)
        self.instance.state = stored


#: Texts of the form that are no field of the story.
_TEXTS = {
    *("correction_wrong", "correction_right"),
    *("withdrawal_note", "note", "note_passage"),
}


@admin.register(Article)
class ArticleAdmin(ClaimsOfStories, Writing, Revisions, BulkDecisions, OwnStories, DeskAdmin):
    class Media:
        js = ("js/story-form.js", Script("js/admin/shared.js", type="module"))

    form = ArticleForm
    change_form_template = "admin/records/article/change_form.html"
    list_display = ("headline", "state_now", "appears", "latest", "primary_topic", "byline")
    list_filter = (StateFilter, TopicFilter, AuthorFilter, DateFilter)
    called = ("headline", "short_headline")
    search_fields = ("headline",)
    search_help_text = (
        f"Words of headline, standfirst, text, address or byline; the latest {MOST_FOUND:,} found."
    )
    autocomplete_fields = (
        "topics",
        "primary_topic",
        "lead_image",
        "astronauts",
        "missions",
        "leaderboards",
        "related",
    )
    prepopulated_fields = {"slug": ("headline",)}
    inlines = (CorrectionsInline,)
    fieldsets = (
        (None, {"fields": ("headline", "standfirst", "body"), "classes": ("write",)}),
        ("Claims", {"fields": ("claims",), "classes": ("write",)}),
        ("Byline and address", {"fields": ("byline", "slug"), "classes": ("write",)}),
        ("Short headline", {"fields": ("short_headline",), "classes": ("write",)}),
        ("Topics", {"fields": ("primary_topic", "topics"), "classes": ("story",)}),
        ("Lead image or figure", {"fields": ("lead_image", "lead_figure"), "classes": ("story",)}),
        ("About", {"fields": ("astronauts", "missions", "leaderboards"), "classes": ("story",)}),
        ("Related stories", {"fields": ("related",), "classes": ("story",)}),
        (
            "Search and social text",
            {
                "fields": ("search_title", "search_description", "social_title", "social_text"),
                "classes": ("story",),
            },
        ),
    )

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .select_related("primary_topic", "pending")
            .prefetch_related("byline__author")
        )

    def get_changelist(self, request, **kwargs):
        return StoryList

    def get_search_results(self, request, queryset, search_term):
        """Stories with every word, in their own texts or in their byline."""
        words = search_term[:LONGEST_SEARCH].split()[:MOST_WORDS]
        if not words:
            return queryset, False
        if request.path == reverse("admin:autocomplete"):
            return queryset.called(words), False
        # Every text is read once: counting and listing them would read all again.
        found = queryset.order_by("-pk").saying(words).values_list("pk", flat=True)
        return queryset.filter(pk__in=list(found[:MOST_FOUND])), False

    def get_inlines(self, request, obj):
        """Corrections stand on the page of what they may be made of."""
        return self.inlines if obj and obj.live else ()

    # What the form edits

    def get_object(self, request, object_id, from_field=None):
        article = super().get_object(request, object_id, from_field)
        if article and article.live:
            article.as_stored = article.live
        return article

    def opened(self, row):
        """Of a story that was ever public its changes: those that wait, or new ones."""
        at = read_clock()
        row.as_stored = copy(row)
        if not row.was_public(at):
            return row
        prefetch_related_objects([row], "byline__author", *self._lists)
        changes = PendingVersion.objects.filter(article=row).first()
        if changes:
            changes.article = row
        else:
            changes = PendingVersion.begun(row, None, at)
        edited = changes.working_copy()
        edited.changes, edited.as_stored = changes, row
        return edited

    @property
    def _lists(self) -> list[str]:
        names = {field.name for field in self.opts.many_to_many}
        return [name for name in self.autocomplete_fields if name in names]

    def decided(self, request, row):
        live = row.live or row
        planned = (live.published_at, live.withdrawn_at, row.live and row.changes.due_at)
        times = (written(one, "second") for one in planned if one)
        return ", ".join((_state_words(self.situation(request, row)), *times))

    def decides(self, request):
        return pressed(request.POST) is not None

    def situation(self, request, obj) -> Situation:
        user, at = request.user, read_clock()
        if obj is None:
            return Situation("draft", publishes=may_publish(user), writes=True)
        live = obj and obj.live
        stored = live or obj.as_stored
        return Situation(
            state=obj.changes.state if live else stored.state_at(at),
            public=live and live.state_at(at),
            kept=bool(live and obj.changes.pk),
            withdrawal=live and live.withdrawn_at,
            publishes=may_publish(user),
            writes=may_work_on(user, stored),
        )

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.situation, form.at = self.situation(request, obj), read_clock()
        form.by = request.user
        if "byline" not in self.get_readonly_fields(request, obj):
            field = Article.authors.field
            form.base_fields["byline"] = BylineField(
                field.related_model.objects.all(),
                required=False,
                widget=ReferencesSelect(field, self.admin_site, attrs={"data-ordered": True}),
                help_text="In the order in which readers see them.",
            )
        return form

    def get_readonly_fields(self, request, obj=None):
        readonly = super().get_readonly_fields(request, obj)
        shut = self.shut_fields(request, obj)
        if obj and not may_write(request.user, getattr(obj, "as_stored", obj)):
            shut = [*shut, "byline", "slug"]
        return tuple(dict.fromkeys((*readonly, *shut)))

    def get_changeform_initial_data(self, request):
        """The byline of a new story begins with whoever begins it."""
        own = [request.user.author] if hasattr(request.user, "author") else []
        return {"byline": own, **super().get_changeform_initial_data(request)}

    def has_delete_permission(self, request, obj=None):
        """No story that was ever public is deleted: it is withdrawn."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and not (obj and (obj.live or obj).was_public(read_clock()))

    # Saving

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST" and object_id and DISCARD.name in request.POST:
            return self._discard(request, object_id)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _discard(self, request, object_id):
        """Throw the changes away, whatever the form says, if they are those that were seen."""
        article = self.get_object(request, object_id)
        changes = article and PendingVersion.objects.filter(article=article).first()
        opened = Opened.read(request.POST.get(OPENED, ""), request.path)
        if not changes or not may_publish(request.user):
            self.message_user(request, "There are no changes to throw away.", messages.ERROR)
        elif opened is None:
            self.message_user(request, "Look at the changes first.", messages.ERROR)
        elif (savers := Savers(article, (), opened, request.user)).found:
            words = f"{savers.sentence} Look at the changes as they are now."
            self.message_user(request, words, messages.ERROR)
        else:
            Desk(article, request.user, read_clock()).discard(changes)
            self.message_user(request, "The changes were thrown away.", messages.SUCCESS)
        return HttpResponseRedirect(request.path)

    def save_model(self, request, obj, form, change):
        if change:
            ArticleRevision.objects.keep_found(obj, form.at)
        # A slug that was never public leads on to nothing: whatever names the story by it has the
        # new one in its history.
        naming = Article.objects.filter(related=obj.pk).exclude(pk=obj.pk)
        renamed = change and "slug" in form.changed_data
        keys = set(naming.values_list("pk", flat=True)) if renamed else set()
        ArticleRevision.objects.keep_found_of(keys, form.at)
        if not obj.live:
            if form.button in (TAKE_BACK, SEND_BACK):
                obj.state, obj.published_at = ArticleState.DRAFT, None
            super().save_model(request, obj, form, change)
        elif renamed:
            obj.live.slug = obj.slug  # At once: the old address leads on.
            obj.live.save(update_fields=["slug"])
        words = Truncator(f"The address of “{obj}” was changed.").chars(200)
        ArticleRevision.objects.keep_of(keys, request.user, form.at, words)

    def save_related(self, request, form, formsets, change):
        story = form.instance
        if story.live:
            form.save_m2m = list  # The row keeps the lists that readers see.
        super().save_related(request, form, formsets, change)
        if story.live:
            self._keep_changes(request, form)
        elif "byline" in form.cleaned_data:
            story.set_byline(form.cleaned_data["byline"])
        ArticleRevision.objects.keep(story, request.user, form.at)
        self._keep_notes(request, form)
        if form.button:
            story, live = form.instance, form.instance.live
            desk = Desk(live or story, request.user, form.at)
            publishing.decide(desk, form.button, live and story.changes, form.cleaned_data)

    def _keep_changes(self, request, form):
        story, cleaned = form.instance, form.cleaned_data
        changes = story.changes
        asked_as = {"authors": "byline"}
        lists = {
            field.name: cleaned[name]
            for field in content_fields()
            if field.many_to_many and (name := asked_as.get(field.name, field.name)) in cleaned
        }
        if changes.pk:
            ArticleRevision.objects.keep_found(story, form.at, changes=changes)
        before = changes.content
        changes.take(story, lists)
        extras = {
            name: cleaned[name]
            for name in ("significant", "correction_kind", "correction_wrong", "correction_right")
        }
        same = changes.content == before and all(
            getattr(changes, name) == (value or PendingVersion._meta.get_field(name).get_default())
            for name, value in extras.items()
        )
        for name, value in extras.items():
            setattr(changes, name, value or PendingVersion._meta.get_field(name).get_default())
        if same:
            return
        changes.changed_by, changes.changed_at, changes.failure = request.user, form.at, ""
        if not changes.pk:
            changes.begun_by, changes.begun_at = request.user, form.at
        changes.save()
        ArticleRevision.objects.keep(story.live, request.user, form.at, changes=changes)

    def _keep_notes(self, request, form):
        cleaned = form.cleaned_data
        if cleaned.get("settle"):
            cleaned["settle"].update(settled_at=form.at, settled_by=request.user)
        if cleaned.get("note"):
            # Two notes of one second are told apart by a second, as all instants here are.
            latest = form.instance.review_notes.order_by("-made_at").first()
            made_at = form.at
            if latest and latest.made_at >= made_at:
                made_at = latest.made_at + publishing.SECOND
            ReviewNote.objects.create(
                article_id=form.instance.pk,
                passage=cleaned.get("note_passage", ""),
                words=cleaned["note"],
                made_by=request.user,
                made_at=made_at,
            )

    def response_add(self, request, obj, post_url_continue=None):
        return self._answer(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        return self._answer(request, obj) or super().response_change(request, obj)

    def _answer(self, request, obj):
        button = pressed(request.POST)
        if button is None:
            return None
        said = publishing.outcome((obj.live or obj), button, read_clock())
        self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:records_article_change", args=(obj.pk,)))

    # Showing

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["desk"] = self._shown(request, context["adminform"].form, obj)
        if self.saving.conflict:
            context["desk"]["kept_words"] = "Not saved: choose above the text. Nothing is lost."
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _shown(self, request, form, obj) -> dict:
        """What the page says and asks beside the form's fieldsets."""
        at, situation = read_clock(), self.situation(request, obj)
        live = obj and obj.live
        may = {one.name: one.label(situation) for one in BUTTONS if one.allowed(situation)}
        if obj and not self.has_change_permission(request, obj):
            may = {}
        asked = ["when"] if PUBLISH.name in may else []
        if live and asked:
            asked += ["significant", "correction_kind", "correction_wrong", "correction_right"]
        shown = {
            "title": "Publish the changes" if live else "Publish",
            "asked": [form[name] for name in asked],
            "may": {name.strip("_"): label for name, label in may.items()},
            "decisive": [(name, may[name]) for name in DECISIVE if name in may],
            "lesser": [(name, may[name]) for name in LESSER if name in may],
            "state_words": _state_words(situation),
            "kept_words": "Not saved yet" if obj is None else _kept_words(obj, at),
        }
        if obj is None:
            return shown
        if live:
            changes = obj.changes
            marks = content_changes(changes.base, changes.content)
            shown["marks"] = tables.pending(marks) if changes.pk else None
            shown["warnings"] = _warnings(live, changes, at) + _gone(obj)
        if SEND.name in may or PUBLISH.name in may:
            shown["problems"] = [
                (f"id_{name}", f"{self.opts.get_field(name).verbose_name}: {text}".capitalize())
                for name, texts in obj.problems().items()
                for text in texts
            ]
            shown["problems"] += [
                ("id_claims", f"Claim “{one.claim.passage}”: {one.words}")
                for one in checked_claims(obj)
                if one.stops
            ]
        writes = may and "note" in form.fields
        return shown | {
            "decisions": [
                _decided(one) for one in obj.decisions.select_related("made_by")[:DECISIONS]
            ],
            "notes": _notes(obj, settled_by_form=bool(writes)),
            "noted": [form[name] for name in ("note_passage", "note")] if writes else [],
        }

    # The list

    @admin.display(description="state", ordering="state")
    def state_now(self, article):
        state = article.state_at(read_clock()).label
        if pending := getattr(article, "pending", None):
            return f"{state}, changes {pending.get_state_display()}"
        return state

    @admin.display(description="appears, UTC", ordering="published_at", empty_value="–")
    def appears(self, article):
        return article.published_at and written(article.published_at, "minute")

    @admin.display(description="latest decision")
    def latest(self, article):
        for one in article.latest_decisions:
            by = f", {one.made_by}" if one.made_by else ""
            return f"{one.get_kind_display()} {written(one.made_at, 'minute')}{by}"
        return "–"

    def told_apart(self, article):
        state = article.state_at(read_clock())
        seen = state in SEEN and article.published_at
        day = f"{seen:%-d %B %Y}" if seen else ""
        return called_with(article.headline, state.label, day)

    def byline(self, article):
        return ", ".join(str(row.author) for row in article.byline.all())


def _state_words(situation: Situation) -> str:
    state = ArticleState(situation.state).label
    if situation.public is None:
        return state.capitalize()
    public = "Withdrawn" if situation.public == ArticleState.WITHDRAWN else "Public"
    return f"{public} · changes: {state}" if situation.kept else public


def _kept_words(story, at) -> str:
    """Until when it is kept, and whether readers see it: both are always said."""
    live = story.live
    if live is None:
        if story.state_at(at) == ArticleState.SCHEDULED:
            return f"Readers see it from {written(story.published_at, 'second')} UTC on"
        return "Not public"
    seen = f"Published {written(live.published_at, 'second')} UTC"
    changes = story.changes
    if not changes.pk:
        return seen
    by = f" by {changes.changed_by}" if changes.changed_by else ""
    kept = f"changes kept {written(changes.changed_at, 'second')} UTC{by}, not public"
    return f"{seen} · {kept}"


def _warnings(live, changes, at) -> list[str]:
    """What comes by itself, or should have come."""
    found = []
    if changes.failure:
        found.append(f"The changes could not be published: {changes.failure}")
    elif changes.due_at:
        found.append(f"Readers see the changes from {written(changes.due_at, 'second')} UTC on.")
    if live.withdrawn_at and live.withdrawn_at > at:
        found.append(f"Withdrawn by itself at {written(live.withdrawn_at, 'second')} UTC.")
    return found


def _gone(story) -> list[str]:
    """What the story names and there is not any more. It keeps nobody from correcting it."""
    return [f"Readers see nothing where the text names it, {one}" for one in story.broken()]


def _decided(decision) -> str:
    by = f" by {decision.made_by}" if decision.made_by else ""
    later = decision.holds_from and decision.holds_from > decision.made_at
    until = f", for {written(decision.holds_from, 'second')}" if later else ""
    words = f": {decision.words}" if decision.words else ""
    at = written(decision.made_at, "second")
    return f"{at} UTC: {decision.get_kind_display()}{until}{by}{words}"


def _notes(story, *, settled_by_form: bool) -> list[dict]:
    """Reviewers' notes, each with the line of the text that its passage begins in."""
    notes = []
    for note in story.review_notes.select_related("made_by", "settled_by"):
        begin = story.body.find(note.passage) if note.passage else -1
        where = f"line {story.body.count(chr(10), 0, begin) + 1}" if begin >= 0 else ""
        if note.passage and not where and note.passage not in (story.headline + story.standfirst):
            where = "no longer in the text"
        by = f"{note.made_by or 'somebody'}, {written(note.made_at, 'second')} UTC"
        if note.settled_at:
            by += f"; settled by {note.settled_by or 'somebody'}"
        is_open = settled_by_form and not note.settled_at
        notes.append({"note": note, "where": where, "by": by, "open": is_open})
    return notes
