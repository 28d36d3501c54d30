"""One decision about several stories: each is checked as if it had been saved alone."""

from copy import copy

from django import forms
from django.contrib import messages
from django.contrib.admin import actions as stock
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.template.response import TemplateResponse

from records.instants import read_clock
from records.models import triggers
from records.models.articles import ArticleState
from records.tables.words import counted
from records.texts import clean_text

from .publishing import PUBLISH, SEND, WITHDRAW, Button, Desk, WhenField, decide
from .rights import may_work_on
from .saves import NotSaved

#: More stories than this are not decided about at once.
MOST = 200


class BulkForm(forms.Form):
    """When the chosen stories appear or are withdrawn, and what readers of these are told."""

    when = WhenField(label="When")
    withdrawal_note = forms.CharField(label="Notice for readers, if withdrawn", required=False)

    def __init__(self, data=None, *, at=None):
        super().__init__(data)
        self.at = at

    def clean(self):
        cleaned = super().clean()
        if "when" in cleaned:
            try:
                cleaned["when"] = self.fields["when"].instant(cleaned["when"], self.at)
            except ValidationError as error:
                self.add_error("when", error)
        try:
            cleaned["withdrawal_note"] = clean_text(cleaned.get("withdrawal_note", ""))
        except ValueError as error:
            self.add_error("withdrawal_note", str(error))
        return cleaned


class BulkDecisions:
    """Of the list of stories: its buttons. Nothing that was ever public is deleted."""

    actions = ("publish", "send_to_review", "withdraw", "delete_selected")

    def changelist_view(self, request, extra_context=None):
        context = {"bulk": BulkForm(), **(extra_context or {})}
        return super().changelist_view(request, context)

    def publish(self, request, queryset):
        return self._decide(request, queryset, PUBLISH, "published or scheduled")

    publish.short_description = "Publish"
    publish.allowed_permissions = ("publish",)

    def send_to_review(self, request, queryset):
        return self._decide(request, queryset, SEND, "sent to review")

    send_to_review.short_description = "Send to review"
    send_to_review.allowed_permissions = ("change",)

    def withdraw(self, request, queryset):
        return self._decide(request, queryset, WITHDRAW, "withdrawn")

    withdraw.short_description = "Withdraw"
    withdraw.allowed_permissions = ("publish",)

    def delete_selected(self, request, queryset):
        at = read_clock()
        stories = list(queryset.prefetch_related(None)[: MOST + 1])
        kept = [
            (story, "It was public: it is withdrawn, not deleted.")
            for story in stories
            if story.was_public(at)
        ]
        kept += [
            (story, "Your account may not delete it.")
            for story in stories
            if not story.was_public(at) and not self.has_delete_permission(request, story)
        ]
        if kept or len(stories) > MOST:
            return self._refused(request, "delete_selected", kept, [], len(stories))
        return stock.delete_selected(self, request, queryset)

    delete_selected.short_description = "Delete drafts"
    delete_selected.allowed_permissions = ("delete",)

    def has_publish_permission(self, request):
        return request.user.has_perm("records.publish_article")

    def _decide(self, request, queryset, button: Button, words: str):
        at = read_clock()
        form = BulkForm(request.POST, at=at)
        stories = list(queryset.prefetch_related(None).defer(None)[: MOST + 1])
        if not form.is_valid() or len(stories) > MOST:
            refused = [(story, "") for story in stories[:MOST]]
            return self._refused(request, request.POST["action"], refused, [], len(stories), form)
        done, refused = [], []
        for story in stories:
            try:
                with transaction.atomic():
                    self._decide_alone(request, story, button, form.cleaned_data, at)
                done.append(story)
            except ValidationError as error:
                refused.append((story, " ".join(error.messages)))
            except (NotSaved, PermissionDenied) as reason:
                refused.append((story, str(reason) or "Your account may not change it."))
            except DatabaseError as error:
                refused.append((story, triggers.words(error)))
        for story in done:
            self.log_change(request, story, f"{words.capitalize()}, with others.")
        if refused:
            return self._refused(request, request.POST["action"], refused, done, 0, form)
        said = f"{counted(len(done), 'story', 'stories')} {words}."
        self.message_user(request, said, messages.SUCCESS)
        return None

    def _decide_alone(self, request, story, button, cleaned, at):
        """Raises ValidationError, NotSaved or PermissionDenied."""
        story.as_stored = copy(story)
        edited = self.opened(story)
        edited.as_stored = story
        if not may_work_on(request.user, story):
            raise PermissionDenied
        situation = self.situation(request, edited)
        if not button.allowed(situation):
            raise NotSaved(_why_not(button, situation))
        changes = edited.changes if edited.live else None
        nothing_new = changes and not changes.pk and situation.public == ArticleState.PUBLISHED
        if nothing_new and button in (PUBLISH, SEND):
            raise NotSaved("Readers see it already, and no changes wait.")
        if button.checked and (problems := edited.problems()):
            raise ValidationError(problems)
        if changes and not changes.pk and button is not WITHDRAW:
            changes.begun_by = changes.changed_by = request.user
            changes.save()
        instant = {"when": cleaned["when"], "withdraw_when": cleaned["when"]}
        decide(Desk(story, request.user, at), button, changes, cleaned | instant)

    def _refused(self, request, action, refused, done, count, form=None):
        """A page of what was done, what was not and why, from which to try again."""
        context = {
            **self.admin_site.each_context(request),
            "title": "Not all of it was done" if done else "Nothing was done",
            "opts": self.opts,
            "action": action,
            "label": getattr(self, action).short_description,
            "done": done,
            "refused": refused,
            "too_many": f"Choose at most {MOST} stories at once." if count > MOST else "",
            "form": form,
        }
        return TemplateResponse(request, "admin/records/article/refused.html", context)


def _why_not(button: Button, situation) -> str:
    state = ArticleState(situation.public or situation.state).label
    if button is WITHDRAW:
        return f"It is {state}: only what readers see is withdrawn."
    return f"It is {state}, and cannot be {'sent to review' if button is SEND else 'published'}."
