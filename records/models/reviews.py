"""How a story goes from hand to hand: who decided what, and what a reviewer noted."""

from django.conf import settings
from django.db import models

from .articles import Article
from .gate import LineField, MomentField, ProseField
from .slugs import get_by_slugs


class Decision(models.Model):
    """What somebody decided about a story, when, and from when on it holds."""

    class Kind(models.TextChoices):
        SENT_TO_REVIEW = "sent_to_review", "sent to review"
        TAKEN_BACK = "taken_back", "taken back"
        SENT_BACK = "sent_back", "sent back"
        SCHEDULED = "scheduled", "scheduled"
        PUBLISHED = "published", "published"
        WITHDRAWN = "withdrawn", "withdrawn"
        KEPT = "kept", "withdrawal called off"
        PUT_BACK = "put_back", "put back"
        CHANGES_SENT_TO_REVIEW = "changes_to_review", "changes sent to review"
        CHANGES_TAKEN_BACK = "changes_taken_back", "changes taken back"
        CHANGES_SENT_BACK = "changes_sent_back", "changes sent back"
        CHANGES_SCHEDULED = "changes_scheduled", "changes scheduled"
        CHANGES_PUBLISHED = "changes_published", "changes published"
        CHANGES_DISCARDED = "changes_discarded", "changes thrown away"

    article = models.ForeignKey(Article, models.CASCADE, related_name="decisions")
    kind = LineField(max_length=18, choices=Kind)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_at = MomentField()
    holds_from = MomentField(null=True, blank=True)
    words = ProseField(blank=True)

    class Meta:
        ordering = ("-made_at", "-pk")
        indexes = (models.Index(fields=("article", "-made_at")),)

    def __str__(self):
        return f"{self.get_kind_display()} at {self.made_at:%Y-%m-%d %H:%M:%S}"


class ReviewNoteQuerySet(models.QuerySet):
    def get_by_natural_key(self, article, made_at):
        return get_by_slugs(self, article__slug=article, made_at=made_at)


class ReviewNote(models.Model):
    """What a reviewer says of a story, or of a passage of it. It is settled, not deleted."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="review_notes")
    passage = ProseField(blank=True, help_text="Copied from the text; empty: on the whole story.")
    words = ProseField("note")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_at = MomentField()
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    settled_at = MomentField(null=True, blank=True)

    objects = ReviewNoteQuerySet.as_manager()

    class Meta:
        ordering = ("made_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("article", "made_at"),
                name="review_note_once",
                violation_error_message="Another note on this story was made at the same instant.",
            ),
        )

    def __str__(self):
        return self.words

    def natural_key(self):
        return (self.article.slug, self.made_at)

    natural_key.dependencies = ("records.article",)
