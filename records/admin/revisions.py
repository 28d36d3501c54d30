"""What a story said before: who changed what and when, any two versions compared, one put back."""

from difflib import SequenceMatcher
from math import inf

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from records.instants import read_clock, written
from records.models import Article, ArticleRevision, Correction, PendingVersion
from records.models.articles import ArticleState
from records.models.revisions import content_fields, content_now, differing, slugs_in
from records.tables import differences
from records.tables import newsroom as tables

from .fields import is_key
from .history import NOW, HistoryEntry, steps_of
from .publishing import Desk
from .rights import may_write

#: What stands on one page of a history.
PER_PAGE = 50

#: What can be compared besides what was kept, and what is so now: what is being changed.
CHANGES = "changes"


class Revisions:
    """Of the page of a story: its history."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view
        return [
            path("<path:object_id>/compare/", view(self.compare_view), name=f"{name}_compare"),
            path("<path:object_id>/put-back/", view(self.put_back_view), name=f"{name}_put_back"),
            *super().get_urls(),
        ]

    def history_view(self, request, object_id, extra_context=None):
        """Every version, decision and correction, the latest first."""
        story = self._story(request, object_id)
        if story is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        may_look = request.user.has_perm("records.view_correction")
        page = Paginator(_timeline(story), PER_PAGE).get_page(request.GET.get("p"))
        entries = [*(_not_kept(story) if page.number == 1 else ()), *page.object_list]
        compare = reverse("admin:records_article_compare", args=(story.pk,))
        context = {
            "title": f"History of {story}",
            "compare": compare,
            "page": page,
            "table": tables.timeline(entries, compare, linked=may_look),
            "comparable": sum(bool(one.version) for one in entries) > 1,
        }
        return self._answer_with(request, story, "history", context | (extra_context or {}))

    @method_decorator(require_safe)
    def compare_view(self, request, object_id):
        """What differs between two versions; of one alone, from the one before it."""
        story = self._story(request, object_id)
        if story is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        new = _version(story, request.GET.get("new", ""))
        old = _version(story, request.GET["old"]) if "old" in request.GET else _former(new)
        if new is None or ("old" in request.GET and old is None):
            self.message_user(request, "Choose two versions of the list.", messages.ERROR)
            return HttpResponseRedirect(reverse("admin:records_article_history", args=(story.pk,)))
        if old and old.number > new.number:
            old, new = new, old
        context = {
            "title": f"What was changed of {story}",
            "old": old,
            "new": new,
            "changes": tables.marked(_changes_between(old, new)) if old else None,
            "whole": tables.said(content_said(new.content), "new"),
            "may_put_back": self._may_put_back(request, story),
            "restorable": [
                one for one in (new, old) if one and one.revision and _is_past(one, story)
            ],
        }
        return self._answer_with(request, story, "compare", context)

    @method_decorator(require_POST)
    def put_back_view(self, request, object_id):
        """Let the story say again what it said; what readers see is not touched."""
        with transaction.atomic():
            story = self._story(request, object_id)
            if story is None:
                return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
            if not self._may_put_back(request, story):
                raise PermissionDenied
            self._put_back(request, story, request.POST.get("revision", ""))
        return HttpResponseRedirect(reverse("admin:records_article_change", args=(story.pk,)))

    def _put_back(self, request, story, key):
        revision = story.revisions.filter(pk=key).first() if is_key(key) else None
        if revision is None:
            self.message_user(request, "There is no such version.", messages.ERROR)
            return
        at, version = read_clock(), f"the version of {written(revision.made_at, 'second')} UTC"
        try:
            with transaction.atomic():
                gone = put_back(story, revision, Desk(story, request.user, at))
        except ValidationError as error:
            words = f"Nothing was put back. {' '.join(error.messages)}"
            self.message_user(request, words, messages.ERROR)
            return
        said = f"Put back {version}."
        self.log_change(request, story, said)
        unseen = " Readers see nothing of it yet: publish the changes." * story.was_public(at)
        self.message_user(request, f"{said}{unseen}", messages.SUCCESS)
        if gone:
            words = f"Left out, as there is nothing of that name any more: {', '.join(gone)}."
            self.message_user(request, words, messages.WARNING)

    def _story(self, request, object_id):
        story = self.get_object(request, object_id)
        if story and not self.has_view_or_change_permission(request, story):
            raise PermissionDenied
        return story

    def _may_put_back(self, request, story) -> bool:
        return self.has_change_permission(request, story) and may_write(request.user, story)

    def _answer_with(self, request, story, name, context):
        template = f"admin/records/article/{name}.html"
        every = self.admin_site.each_context(request)
        shown = {"opts": self.opts, "original": story, "media": self.media}
        return TemplateResponse(request, template, every | shown | context)


def put_back(story, revision, desk: Desk) -> list[str]:
    """Let the story say again what the revision says: one that was never public as a draft, of any
    other what is being changed. The slugs of rows that are gone, and are left out. Raises
    ValidationError."""
    at, by = desk.at, desk.by
    words = f"Put back the version of {written(revision.made_at, 'second')} UTC."
    ArticleRevision.objects.keep_found(story, at)
    changes = PendingVersion.objects.filter(article=story).first()
    if changes:
        ArticleRevision.objects.keep_found(story, at, changes=changes)
    else:
        changes = PendingVersion.begun(story, by, at)
    changes.article = story
    content, gone = _with_what_is_there(revision.content)
    changes.content = changes.content | content
    if story.was_public(at):
        changes.changed_by, changes.changed_at, changes.failure = by, at, ""
        if changes.state == ArticleState.DRAFT:
            changes.save()
        else:
            desk.take_changes_back(changes)
        ArticleRevision.objects.keep(story, by, at, changes=changes, words=words)
        return gone
    if story.state != ArticleState.DRAFT:
        desk.take_back()
    values, _ = changes.rows()
    story.take(values)
    story.full_clean()
    story.save()
    story.take_lists(values)
    ArticleRevision.objects.keep(story, by, at, words=words)
    return gone


def _with_what_is_there(content: dict) -> tuple[dict, list[str]]:
    """The content without the rows that are gone, and the slugs of these."""
    found, gone = {}, []
    for field in content_fields():
        if field.name not in content:
            continue
        value = content[field.name]
        if field.is_relation:
            named = field.related_model.objects.named(slugs_in(value))
            gone += [slug for slug in slugs_in(value) if slug not in named]
            slugs = [named[slug].slug for slug in slugs_in(value) if slug in named]
            value = slugs if field.many_to_many else slugs[0] if slugs else None
        found[field.name] = value
    return found, gone


# What stands in the history


def _version(story, key: str) -> HistoryEntry | None:
    if key in (NOW, CHANGES):
        return next((one for one in _now(story) if one.version == key), None)
    revision = story.revisions.filter(pk=key).first() if is_key(key) else None
    return revision and _kept(revision, revision.content)


def _is_past(version: HistoryEntry, story) -> bool:
    """Whether it was kept, and the form of the story says something else by now."""
    now = _now(story)[0].content
    return version.revision is not None and any(
        name != "slug" for name in differing(version.content, now)
    )


def _former(version: HistoryEntry | None) -> HistoryEntry | None:
    """What a version is compared with if nothing else is said."""
    former = version and version.revision and version.revision.former
    return former and _kept(former, former.content)


def _kept(revision, content=None) -> HistoryEntry:
    words = revision.words or ("Changes kept" if revision.changes else "Kept")
    if revision.significant:
        words += " as a significant update"
    if revision.correction_id:
        words += " with a correction"
    return HistoryEntry(
        words=words,
        version=str(revision.pk),
        number=revision.pk,
        has_former=True,
        revision=revision,
        content=content,
        at=revision.made_at,
        by=revision.made_by,
        fields=[str(field.verbose_name) for field in _fields(revision.changed)],
    )


def _now(story) -> list[HistoryEntry]:
    """What is so now, the changes first: of what was loaded, or written past the newsroom, nothing
    may have been kept."""
    seen = "What readers see now" if story.is_public(read_clock()) else "The story now"
    found = [HistoryEntry(words=seen, version=NOW, number=inf, content=content_now(story))]
    if changes := PendingVersion.objects.filter(article=story).first():
        words = "Its changes now"
        found.insert(
            0, HistoryEntry(words=words, version=CHANGES, number=inf, content=changes.content)
        )
    return found


def _not_kept(story) -> list[HistoryEntry]:
    """What is so now, as far as no version says it."""
    changes = PendingVersion.objects.filter(article=story).values_list("pk", flat=True).first()
    found = []
    for one in _now(story):
        former = story.revisions.former(changes if one.version == CHANGES else None)
        if former is None or differing(former.content, one.content):
            found.append(one)
    return found


def _timeline(story) -> list[HistoryEntry]:
    """Versions, decisions and corrections of the story, the latest first."""
    found = [_kept(one) for one in story.revisions.defer("content").select_related("made_by")]
    found += map(_decided, story.decisions.select_related("made_by"))
    corrected = Correction.history.filter(article_id=story.pk).select_related("history_user")
    found += map(_corrected, steps_of(Correction, corrected))
    # In one second a version comes before what was decided about it.
    return sorted(found, key=lambda one: (one.at, not one.version, one.number), reverse=True)


def _decided(decision) -> HistoryEntry:
    later = decision.holds_from and decision.holds_from > decision.made_at
    until = f", for {written(decision.holds_from, 'second')} UTC" if later else ""
    note = f": {decision.words}" if decision.words else ""
    return HistoryEntry(
        words=f"{decision.get_kind_display().capitalize()}{until}{note}",
        number=decision.pk,
        at=decision.made_at,
        by=decision.made_by,
    )


def _corrected(step: dict) -> HistoryEntry:
    fields = [str(change["field"].verbose_name) for change in step["changes"]]
    return HistoryEntry(
        words=f"Correction {step['kind']}",
        number=step["number"],
        at=step["at"],
        by=step["who"],
        fields=fields if step["kind"] == "changed" else (),
        correction=step["key"],
    )


# What differs


def _changes_between(old: HistoryEntry, new: HistoryEntry) -> list[dict]:
    """What differs between two versions, by field. If the one followed the other, what was changed
    then is shown even if it makes no difference by now: two topics that have been merged."""
    followed = new.revision and old.revision and new.revision.former == old.revision
    return content_changes(old.content, new.content, *(new.revision.changed if followed else ()))


def content_changes(old: dict, new: dict, *also: str) -> list[dict]:
    """What differs between two contents of a story, and what did once (`also`), by field: its
    `field`, and the `change` with marks."""
    different = differing(old, new)
    return [
        {
            "field": str(field.verbose_name).capitalize(),
            "change": _change(field, old, new, then=field.name not in different),
        }
        for field in _fields({*different, *also})
    ]


def _fields(names) -> list:
    known = (Article._meta.get_field("slug"), *content_fields())
    return [field for field in known if field.name in names]


def _change(field, old: dict, new: dict, *, then=False) -> SafeString:
    values = [content.get(field.name) for content in (old, new)]
    if not field.is_relation:
        return differences.marked(*(str(value or "") for value in values))
    return differences.listed(_list_changes(*_names(field, *values, then=then)))


def _names(field, *values, then=False) -> list[list[str]]:
    """The rows of each value by name; one that is gone by its slug, and so what had another slug
    `then`."""
    named = field.related_model.objects.named({one for value in values for one in slugs_in(value)})
    if then:
        named = {slug: row for slug, row in named.items() if row.slug == slug}
    return [[str(named.get(slug, slug)) for slug in slugs_in(value)] for value in values]


def _list_changes(old: list[str], new: list[str]):
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, begin, end, other, other_end in matcher.get_opcodes():
        if kind == "equal":
            yield from (("same", name) for name in old[begin:end])
        else:
            yield from (("removed", name) for name in old[begin:end])
            yield from (("added", name) for name in new[other:other_end])


def content_said(content: dict) -> list[dict]:
    """All that a content says, by field."""
    return [
        {"field": str(field.verbose_name).capitalize(), "old": "", "new": _said(field, value)}
        for field in _fields(content)
        if (value := content[field.name])
    ]


def _said(field, value) -> str:
    return ", ".join(_names(field, value)[0]) if field.is_relation else str(value)
