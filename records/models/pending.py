"""What is being changed of a story that readers see, until it is published, too."""

import logging
from contextlib import contextmanager
from copy import copy

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.db.models import Q

from .articles import RELEASED, Article, ArticleState, Authorship, Correction
from .gate import LineField, MomentField, ProseField
from .reviews import Decision
from .revisions import ArticleRevision, content_fields, content_of, written_of
from .slugs import get_by_slugs
from .triggers import words

logger = logging.getLogger(__name__)

#: How long a page waits for somebody else who writes, in milliseconds.
PATIENCE = 1000


class CannotApply(Exception):
    """Why a pending version cannot be published now, for editors."""


class PendingVersionQuerySet(models.QuerySet):
    def get_by_natural_key(self, article):
        return get_by_slugs(self, article__slug=article)

    def apply_due(self, at) -> None:
        """Publish what is due at the instant. What cannot be published says why from then on, and
        readers keep the version they have. Raises DatabaseError if none can be asked for."""
        due = self.filter(due_at__lte=at, failure="").order_by("due_at", "pk")
        for pk, due_at in due.values_list("pk", "due_at"):
            try:
                with _impatient(), transaction.atomic():
                    if pending := self.select_for_update().filter(pk=pk, failure="").first():
                        pending.apply(due_at, pending.scheduled_by)
            except (CannotApply, IntegrityError) as error:
                reason = words(error) if isinstance(error, IntegrityError) else str(error)
                logger.warning("Pending version %s cannot be published: %s", pk, reason)
                self._say_why(pk, reason)
            except DatabaseError as error:
                # A full disk, a read-only replica, somebody else's lock: the next reader's page
                # tries again.
                logger.warning("Pending version %s is not published yet: %s", pk, error)

    def _say_why(self, pk, reason):
        try:
            self.filter(pk=pk).update(failure=reason)
        except DatabaseError as error:
            logger.warning("Nor could that be written down: %s", error)


@contextmanager
def _impatient():
    """Wait a moment for who is writing and not long: it is a reader who waits."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA busy_timeout")
            (usual,) = cursor.fetchone()
            cursor.execute(f"PRAGMA busy_timeout = {PATIENCE}")
        else:
            cursor.execute("SHOW lock_timeout")
            (usual,) = cursor.fetchone()
            cursor.execute(f"SET lock_timeout = {PATIENCE}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute(f"PRAGMA busy_timeout = {usual}")
            else:
                cursor.execute("SELECT set_config('lock_timeout', %s, false)", [usual])


class PendingVersion(models.Model):
    """The content that a story, public now or once, will have when its changes are published."""

    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        IN_REVIEW = "in_review", "in review"
        SCHEDULED = "scheduled", "scheduled"

    article = models.OneToOneField(Article, models.CASCADE, related_name="pending")
    content = models.JSONField(encoder=DjangoJSONEncoder)
    #: The content that readers saw when it was begun: only what differs from it was changed.
    base = models.JSONField(encoder=DjangoJSONEncoder)
    state = LineField(max_length=9, choices=State, default=State.DRAFT)
    due_at = MomentField(null=True, blank=True)
    significant = models.BooleanField(
        "significant update", default=False, help_text="Readers see the time of the change."
    )
    puts_back = models.BooleanField(default=False)
    correction_kind = LineField(
        max_length=13, choices=Correction.Kind, default=Correction.Kind.CORRECTION
    )
    correction_wrong = ProseField("what was wrong", blank=True)
    correction_right = ProseField("what is right", blank=True)
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    begun_at = MomentField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    changed_at = MomentField()
    scheduled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    failure = ProseField(blank=True)

    objects = PendingVersionQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=("due_at",), condition=Q(failure=""), name="pending_version_due"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state="scheduled", due_at__isnull=False)
                | (~Q(state="scheduled") & Q(due_at__isnull=True)),
                name="pending_version_scheduled_at_an_instant",
                violation_error_message="Scheduled changes need a time, and no others have one.",
            ),
            models.CheckConstraint(
                condition=Q(correction_wrong="", correction_right="")
                | (~Q(correction_wrong="") & ~Q(correction_right="")),
                name="pending_version_correction_whole",
                violation_error_message="Say both what was wrong and what is right.",
            ),
        )

    def __str__(self):
        return f"changes of {self.article}"

    def natural_key(self):
        return (self.article.slug,)

    natural_key.dependencies = ("records.article",)

    @classmethod
    def begun(cls, article, by, at):
        """A new version of the article, not saved yet, that changes nothing of it."""
        content = content_of(article)
        return cls(
            article=article,
            content=content,
            base=content,
            begun_by=by,
            begun_at=at,
            changed_by=by,
            changed_at=at,
        )

    def take(self, article, lists: dict) -> None:
        """Let the content be that of a working copy, and of its lists of rows, by field."""
        content = dict(self.content)
        for field in content_fields():
            if field.name in lists:
                slugs = [row.slug for row in lists[field.name]]
                content[field.name] = slugs if field.name == "authors" else sorted(slugs)
            elif not field.many_to_many:
                content[field.name] = written_of(field, article)
        self.content = content

    @property
    def changed(self) -> dict:
        """The content that was changed, by field."""
        return {
            name: value
            for name, value in self.content.items()
            if name not in self.base or self.base[name] != value
        }

    def rows(self) -> tuple[dict, list[str]]:
        """The values of what was changed, by field, and the slugs of rows that are gone."""
        fields = {field.name: field for field in content_fields()}
        values, gone = {}, []
        for name, value in self.changed.items():
            field = fields.get(name)
            if field is None:
                continue  # Of an earlier version of this site.
            if not field.is_relation:
                values[name] = field.to_python(value)
                continue
            slugs = value if field.many_to_many else [value] if value else []
            found = field.related_model.objects.named(slugs)
            gone += [slug for slug in slugs if slug not in found]
            # Two topics that were merged meanwhile are one.
            rows = list(dict.fromkeys(found[slug] for slug in slugs if slug in found))
            values[name] = rows if field.many_to_many else rows[0] if rows else None
        return values, gone

    def working_copy(self) -> Article:
        """The article as it will be, to be looked at and not to be saved: its lists stand as if
        they had been prefetched, its state is that of the changes. `live` is the row itself."""
        live = self.article
        article = copy(live)
        article._state = copy(live._state)
        article._state.fields_cache = dict(live._state.fields_cache)
        article._prefetched_objects_cache = {**getattr(live, "_prefetched_objects_cache", {})}
        article.live, article.state = live, self.state
        values, _ = self.rows()
        for name, value in values.items():
            if isinstance(value, list):
                article.hold(name, value)
            else:
                setattr(article, name, value)
        if "authors" in values:
            byline = [
                Authorship(article=article, author=author, position=position)
                for position, author in enumerate(values["authors"], 1)
            ]
            article.hold("byline", byline)
        return article

    def apply(self, at, by) -> None:
        """Give the story its new content as of the instant, in the caller's transaction, and be
        gone. What was changed of the story meanwhile and not here stays. Raises CannotApply."""
        article = Article.objects.select_for_update().get(pk=self.article_id)
        ArticleRevision.objects.keep_found(article, at)
        if self.puts_back:
            article.state, article.withdrawn_at = ArticleState.PUBLISHED, None
        elif article.state_at(at) == ArticleState.WITHDRAWN:
            raise CannotApply("The story is withdrawn.")
        values, gone = self.rows()
        if gone:
            raise CannotApply(f"What they name is no longer there: {', '.join(gone)}.")
        article.take(values)
        if self.significant:
            article.updated_at = at
        try:
            if article.state in RELEASED and (problems := article.problems()):
                raise ValidationError(problems)
            article.full_clean()
            article.save()
            correction = self._correct(article, at, by) if self.correction_wrong else None
        except ValidationError as error:
            raise CannotApply(" ".join(error.messages)) from error
        article.take_lists(values)
        told = {"significant": self.significant, "correction": correction}
        ArticleRevision.objects.keep(article, by, at, words="Published", **told)
        kind = Decision.Kind.PUT_BACK if self.puts_back else Decision.Kind.CHANGES_PUBLISHED
        Decision.objects.create(article=article, kind=kind, made_by=by, made_at=at)
        self.delete()

    def _correct(self, article, at, by) -> Correction:
        correction = Correction(
            article=article,
            kind=self.correction_kind,
            made_at=at,
            wrong=self.correction_wrong,
            right=self.correction_right,
        )
        correction._history_user = by
        correction.full_clean()
        correction.save()
        return correction
