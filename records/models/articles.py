"""The newsroom's work: authors, topics, articles and their corrections."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, F, Q
from django.db.models.functions import Now
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone

from records import texts
from records.body.blocks import ImageBlock
from records.body.claims import parse_claims
from records.body.parse import TextProblem, parse, parse_figure

from .gate import LineField, MomentField, NameField, NumberField, ProseField
from .history import History
from .images import Image
from .references import ReferringQuerySet, missing_from
from .slugs import FormerAddress, Slugged, SluggedQuerySet, get_by_slugs

#: What /news/<yyyy>/ keeps for itself.
YEAR = re.compile("[0-9]{4}")


class AuthorQuerySet(SluggedQuerySet):
    def ever_public(self, at):
        """Those with their name over a story that is public at the instant, or ever was."""
        rows = Authorship.objects.filter(article__in=Article.objects.ever_public(at))
        return self.filter(pk__in=rows.values("author"))


class Author(Slugged):
    """Someone with a byline."""

    name = LineField(max_length=100)
    role = LineField(max_length=100, blank=True)
    bio = ProseField(blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name="account",
        help_text="Whose byline it is: that account's new stories begin with it, and every story "
        "with it is the account's own.",
    )

    objects = AuthorQuerySet.as_manager()
    history = History()

    class Meta:
        ordering = ("name",)

    def __str__(self):
        return self.name


class TopicQuerySet(SluggedQuerySet):
    def with_counts(self, at):
        """Topics with `article_count`, the articles the public sees at the instant."""
        # Counted topic by topic: a list of some need not look through the stories of all.
        public = Count("articles", filter=published_at_instant(at, "articles__"))
        itself = Topic._base_manager.filter(pk=models.OuterRef("pk")).values("pk")
        return self.annotate(
            article_count=models.Subquery(itself.annotate(count=public).values("count"))
        )

    def ever_public(self, at):
        """Those of a story that is public at the instant, or ever was."""
        stories = Article.objects.ever_public(at)
        return self.filter(
            models.Exists(stories.filter(topics=models.OuterRef("pk")))
            | models.Exists(stories.filter(primary_topic=models.OuterRef("pk")))
        )


class Topic(Slugged):
    """A subject tag."""

    name = NameField(max_length=60, unique=True)
    description = ProseField(blank=True, help_text="One or two sentences for its page.")

    objects = TopicQuerySet.as_manager()
    history = History()

    class Meta:
        ordering = ("name",)

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("topic", args=(self.slug,))

    @transaction.atomic
    def absorb(self, others) -> None:
        """Let the others be this topic from now on: its are their stories and their addresses."""
        told = Article.topics.through._base_manager
        for other in others:
            have = list(told.filter(topic=self).values_list("article", flat=True))
            told.filter(topic=other).exclude(article__in=have).update(topic=self)
            told.filter(topic=other).delete()
            Article.objects.filter(primary_topic=other).update(primary_topic=self)
            other.former_addresses.update(row_id=self.pk)
            other.delete()
            FormerAddress.objects.update_or_create(
                kind=self._meta.model_name, slug=other.slug, defaults={"row_id": self.pk}
            )


class ArticleState(models.TextChoices):
    DRAFT = "draft", "draft"
    IN_REVIEW = "in_review", "in review"
    SCHEDULED = "scheduled", "scheduled"
    PUBLISHED = "published", "published"
    WITHDRAWN = "withdrawn", "withdrawn"


#: States in which an article is public from its `published_at` until its `withdrawn_at`.
RELEASED = (ArticleState.SCHEDULED, ArticleState.PUBLISHED)
#: States of what nobody but the newsroom has to be able to read.
UNCHECKED = (ArticleState.DRAFT, ArticleState.WITHDRAWN)
LEADS_WITH_ONE = "A story leads with an image or with a figure, not with both."
#: States of what readers see or have seen.
SEEN = (ArticleState.PUBLISHED, ArticleState.WITHDRAWN)


def published_at_instant(at, prefix: str = "", *, now=None) -> Q:
    """The one rule of what the public may see, as a condition on articles (or a path to them).

    Whoever asks `now` what was public at an earlier instant is not shown what has been withdrawn
    since.
    """
    kept = Q(**{f"{prefix}withdrawn_at__isnull": True}) | Q(
        **{f"{prefix}withdrawn_at__gt": max(at, now or at)}
    )
    return kept & Q(**{f"{prefix}state__in": RELEASED, f"{prefix}published_at__lte": at})


class ArticleQuerySet(ReferringQuerySet, SluggedQuerySet):
    def of(self, user):
        """Somebody's own stories: with their byline, or begun by them."""
        return self.filter(
            Q(created_by=user)
            | Q(pk__in=Authorship.objects.filter(author__user=user).values("article"))
        )

    def visible_to(self, user, at):
        """Those that they may see in the newsroom: who writes and does not publish, their own and
        what everybody sees."""
        if not user.has_perm("records.change_article") or user.has_perm("records.publish_article"):
            return self  # Who may only view may view all.
        return self.filter(
            published_at_instant(at) | Q(pk__in=Article.objects.of(user).values("pk"))
        )

    def published(self, at, *, now=None):
        """Articles the public may see at the instant, newest first (`published_at_instant`)."""
        return self.filter(published_at_instant(at, now=now)).order_by("-published_at", "-pk")

    def in_state(self, state, at):
        """Those of which `Article.state_at` says so."""
        if state == ArticleState.PUBLISHED:
            return self.filter(published_at_instant(at))
        if state == ArticleState.SCHEDULED:
            return self.filter(state__in=RELEASED, published_at__gt=at)
        if state == ArticleState.WITHDRAWN:
            over = Q(state__in=RELEASED, published_at__lte=at, withdrawn_at__lte=at)
            return self.filter(over | Q(state=state))
        return self.filter(state=state)

    def called(self, words):
        """Those with each of the words in a headline or the address."""
        for word in words:
            self = self.filter(
                Q(headline__icontains=word)
                | Q(short_headline__icontains=word)
                | Q(slug__icontains=word)
            )
        return self

    def saying(self, words):
        """Those with each of the words, in a text of their own or as a name of their byline."""
        for word in words:
            written = Author.objects.filter(name__icontains=word).values("pk")
            self = self.filter(
                Q(headline__icontains=word)
                | Q(short_headline__icontains=word)
                | Q(standfirst__icontains=word)
                | Q(slug__icontains=word)
                | Q(body__icontains=word)
                | Q(pk__in=Authorship.objects.filter(author__in=written).values("article"))
            )
        return self

    def ever_public(self, at):
        """Those that the public sees at the instant, or has seen: their addresses may be known."""
        return self.filter(state__in=(*RELEASED, ArticleState.WITHDRAWN), published_at__lte=at)

    def for_lists(self):
        """With what a list of articles shows, and without their bodies."""
        return self.select_related("primary_topic").defer("body")


class Article(Slugged):
    """A story. It is public from `published_at` until `withdrawn_at`, if there is any, while its
    state is scheduled or published; which of the two it is at an instant, `state_at` says.

    The row always holds what readers see. What is being changed of a story that was ever public
    waits in its `PendingVersion`.
    """

    headline = LineField(max_length=160)
    short_headline = LineField(
        max_length=70, blank=True, help_text="For lists and phones; the headline if empty."
    )
    standfirst = ProseField(blank=True, help_text="One or two sentences under the headline.")
    body = ProseField(
        blank=True,
        help_text="Markdown, with blocks such as ::: quote speaker=“…” role=“…”. HTML is not "
        "accepted.",
    )
    lead_figure = LineField(
        max_length=300,
        blank=True,
        help_text="What stands above the text: a figure or a leaderboard, written as in the text "
        "without its colons, such as figure of=“career” astronaut=“…”. Leave empty for none.",
    )
    claims = ProseField(
        blank=True,
        help_text="What passages of the story state of records, a line each, such as value "
        "passage=“371 days” leaderboard=“longest-spaceflight” astronaut=“frank-rubio”.",
    )
    lead_image = models.ForeignKey(
        Image,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="leading",
        help_text="Stands above the text, instead of a lead figure.",
    )
    search_title = LineField(
        max_length=80,
        blank=True,
        help_text="The headline if empty. Searches show some 60 characters.",
    )
    search_description = LineField(
        max_length=200,
        blank=True,
        help_text="The standfirst if empty. Searches show some 155 characters.",
    )
    social_title = LineField(
        max_length=100,
        blank=True,
        help_text="The short headline if empty. Cards show some 70 characters.",
    )
    social_text = LineField(
        max_length=200,
        blank=True,
        help_text="The standfirst if empty. Cards show some 125 characters.",
    )
    authors = models.ManyToManyField(Author, through="Authorship", related_name="articles")
    topics = models.ManyToManyField(Topic, blank=True, related_name="articles")
    primary_topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, blank=True, related_name="primary_articles"
    )
    state = LineField(max_length=9, choices=ArticleState, default=ArticleState.DRAFT)
    published_at = MomentField(
        null=True, blank=True, help_text="UTC. In the future: it appears then, by itself."
    )
    updated_at = MomentField(
        null=True, blank=True, help_text="UTC. Only for a significant update; readers see it."
    )
    withdrawn_at = MomentField(
        null=True, blank=True, help_text="UTC. In the future: it is withdrawn then, by itself."
    )
    withdrawal_note = ProseField(
        blank=True, help_text="What readers of a withdrawn article are told."
    )
    astronauts = models.ManyToManyField("records.Astronaut", blank=True, related_name="articles")
    missions = models.ManyToManyField("records.Mission", blank=True, related_name="articles")
    leaderboards = models.ManyToManyField(
        "records.Leaderboard",
        blank=True,
        related_name="articles",
        help_text="Records it is about.",
    )
    related = models.ManyToManyField(
        "self", blank=True, symmetrical=False, help_text="Hand-picked related stories."
    )

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    objects = ArticleQuerySet.as_manager()

    #: Of a copy with changes that readers do not see yet: the story as they see it.
    live = None

    class Meta:
        ordering = ("-published_at", "-pk")
        permissions = (("publish_article", "Can publish, schedule and withdraw any story"),)
        indexes = (models.Index(fields=("state", "-published_at")),)
        constraints = (
            models.CheckConstraint(
                condition=~Q(state__in=RELEASED) | Q(published_at__isnull=False),
                name="article_released_at_an_instant",
                violation_error_message="A scheduled or published article needs a time.",
            ),
            models.CheckConstraint(
                condition=Q(updated_at__isnull=True)
                | (Q(published_at__isnull=False) & Q(updated_at__gte=F("published_at"))),
                name="article_updated_after_publication",
                violation_error_message="An update cannot come before publication.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True)
                | (Q(published_at__isnull=False) & Q(withdrawn_at__gte=F("published_at"))),
                name="article_withdrawn_after_publication",
                violation_error_message="A story cannot be withdrawn before it appears.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=UNCHECKED) | (~Q(standfirst="") & ~Q(body="")),
                name="article_has_words",
                violation_error_message="Only a draft may be without a standfirst or a text.",
            ),
            models.CheckConstraint(
                condition=Q(lead_image__isnull=True) | Q(lead_figure=""),
                name="article_leads_with_one",
                violation_error_message=LEADS_WITH_ONE,
            ),
        )

    def __str__(self):
        return self.headline

    def get_absolute_url(self):
        return reverse("article", args=(self.slug,))

    @property
    def list_headline(self) -> str:
        return self.short_headline or self.headline

    # As other sites show it

    @property
    def title_for_search(self) -> str:
        return self.search_title or self.headline

    @property
    def description_for_search(self) -> str:
        return self.search_description or " ".join(self.standfirst.split())

    @property
    def title_for_cards(self) -> str:
        return self.social_title or self.list_headline

    @property
    def text_for_cards(self) -> str:
        return self.social_text or " ".join(self.standfirst.split())

    def state_at(self, at) -> ArticleState:
        """The state at the instant: a story appears, and is withdrawn, by itself."""
        if self.state not in RELEASED:
            return ArticleState(self.state)
        if self.published_at is None or self.published_at > at:
            return ArticleState.SCHEDULED
        if self.withdrawn_at is not None and self.withdrawn_at <= at:
            return ArticleState.WITHDRAWN
        return ArticleState.PUBLISHED

    def is_public(self, at) -> bool:
        """The same rule as `ArticleQuerySet.published`, for one article in hand."""
        return self.state_at(at) == ArticleState.PUBLISHED

    def was_public(self, at) -> bool:
        """Whether it is public at the instant, or ever was. It does not become a draft again."""
        row = self.live or self
        appeared = row.published_at is not None and row.published_at <= at
        return (appeared and row.state_at(at) in SEEN) or row.former_addresses.exists()

    def clean(self):
        errors = {}
        if self.state in RELEASED and not self.published_at:
            errors["published_at"] = "Say when it appears."
        elif self.state == ArticleState.PUBLISHED and self.published_at > timezone.now():
            errors["state"] = "Its time is in the future: choose “scheduled”, or an earlier time."
        if self.lead_image_id and self.lead_figure:
            errors["lead_image"] = LEADS_WITH_ONE
        if YEAR.fullmatch(self.slug or ""):
            errors["slug"] = "Four digits are the address of a year's archive; add a word."
        if self.state not in UNCHECKED:
            errors |= self.problems()
        if errors:
            raise ValidationError(errors)

    def set_byline(self, authors) -> None:
        """Let these have written it, in this order."""
        known = {row.author_id: row for row in self.byline.all()}
        for position, author in enumerate(authors, 1):
            row = known.pop(author.pk, None) or Authorship(article=self, author=author)
            if row.pk is None or row.position != position:
                row.position = position
                row.save()
        for row in known.values():
            row.delete()

    def take(self, values: dict) -> None:
        """Have these values of its fields, by name; not its lists, and not saved."""
        for name, value in values.items():
            if not isinstance(value, list):
                setattr(self, name, value)

    def take_lists(self, values: dict) -> None:
        """Let its lists be those among the values."""
        for name, value in values.items():
            if name == "authors":
                self.set_byline(value)
            elif isinstance(value, list):
                getattr(self, name).set(value)

    def problems(self) -> dict[str, list[str]]:
        """What has to be mended before it may leave the state of a draft, by field."""
        found = {}
        if not self.standfirst:
            found["standfirst"] = ["A sentence or two are missing here."]
        if not self.body:
            found["body"] = ["The story has no text yet."]
        elif problems := self._problems_of("body", parse):
            found["body"] = [str(problem) for problem in problems]
        if problems := self._problems_of("lead_figure", parse_figure):
            found["lead_figure"] = [problem.words for problem in problems]
        if problems := self._problems_of("claims", parse_claims):
            found["claims"] = [str(problem) for problem in problems]
        if self.lead_image and (problems := self.lead_image.problems()):
            found["lead_image"] = problems
        return found

    def broken(self) -> list[TextProblem]:
        """What the texts name and there is not: readers are shown nothing in its place."""
        shown = (parse(self.body), parse_figure(self.lead_figure))
        return [one for body in shown for one in missing_from(body)]

    def _problems_of(self, name: str, read) -> list[TextProblem]:
        """What is wrong in one of the texts, in order of the lines. What a story that was public
        has named before, and there is no more, keeps nobody from correcting it."""
        text = getattr(self, name) or ""
        if any(texts.refusals(text)):
            return []  # The field already says so.
        body = read(text)
        missing = missing_from(body)
        if missing and self.pk:
            seen = type(self)._base_manager.filter(pk=self.pk, state__in=(*RELEASED, *SEEN))
            before = {
                problem.words
                for stored in seen.values_list(name, flat=True)
                for problem in missing_from(read(stored))
            }
            missing = [problem for problem in missing if problem.words not in before]
        found = (*body.problems, *missing, *_unready_images(body))
        return sorted(found, key=lambda problem: problem.line)


def _unready_images(body) -> list[TextProblem]:
    """What is missing of the images that the text shows."""
    blocks = [block for block in body.blocks if isinstance(block, ImageBlock)]
    there = Image.objects.named({block.slug for block in blocks}) if blocks else {}
    return [
        TextProblem(block.line, words)
        for block in blocks
        if block.slug in there
        for words in there[block.slug].problems()
    ]


@receiver(pre_delete, sender=Article)
def keep_what_was_public(sender, instance, **_):
    """No story that was ever public is deleted, in whatever way. Raises ProtectedError."""
    if Article.objects.ever_public(Now()).filter(pk=instance.pk).exists():
        words = f"“{instance}” was public: it is withdrawn, and never deleted."
        raise models.ProtectedError(words, {instance})


@receiver(pre_delete, sender=Topic)
def keep_topics_of_what_was_public(sender, instance, **_):
    """Nor is the topic of one, which would be taken from it. Raises ProtectedError."""
    stories = Article.objects.ever_public(Now()).filter(topics=instance)
    if stories.exists():
        words = f"“{instance}” is a topic of stories that were public: {_some(stories)}."
        raise models.ProtectedError(words, set(stories))


def _some(stories) -> str:
    return ", ".join(f"“{story}”" for story in stories[:5])


class AuthorshipQuerySet(models.QuerySet):
    def get_by_natural_key(self, article, author):
        return get_by_slugs(self, article__slug=article, author__slug=author)


class Authorship(models.Model):
    """One author's place in an article's byline."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="byline")
    author = models.ForeignKey(Author, models.PROTECT, related_name="authorships")
    position = NumberField(default=1)

    objects = AuthorshipQuerySet.as_manager()

    class Meta:
        ordering = ("position", "pk")
        verbose_name = "author"
        constraints = (
            models.UniqueConstraint(
                fields=("article", "author"),
                name="authorship_once",
                violation_error_message="This author is already in the byline.",
            ),
        )

    def __str__(self):
        return str(self.author)

    def natural_key(self):
        return (self.article.slug, self.author.slug)

    natural_key.dependencies = ("records.article", "records.author")


class CorrectionQuerySet(models.QuerySet):
    def public(self, at):
        """Those of stories that the public sees at the instant, the latest first."""
        return self.filter(published_at_instant(at, "article__"), made_at__lte=at)

    def with_changes(self):
        """With their stories and `amended_at`, when each was last amended; None if it never was."""
        own = self.model.history.filter(id=models.OuterRef("pk"), history_type="~").order_by()
        latest = own.values("id").annotate(latest=models.Max("history_date")).values("latest")
        return self.select_related("article").annotate(amended_at=models.Subquery(latest))

    def get_by_natural_key(self, article, made_at):
        return get_by_slugs(self, article__slug=article, made_at=made_at)


class Correction(models.Model):
    """A dated note on an article: what was wrong and what is right. Amended, never deleted."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", "Correction"
        CLARIFICATION = "clarification", "Clarification"
        UPDATE = "update", "Update"

    article = models.ForeignKey(Article, models.PROTECT, related_name="corrections")
    kind = LineField(max_length=13, choices=Kind, default=Kind.CORRECTION)
    made_at = MomentField(blank=True, help_text="UTC. Now, if left empty.")
    wrong = ProseField("what was wrong")
    right = ProseField("what is right")

    objects = CorrectionQuerySet.as_manager()
    history = History()

    class Meta:
        ordering = ("-made_at",)
        constraints = (
            models.UniqueConstraint(fields=("article", "made_at"), name="correction_once"),
        )

    def __str__(self):
        return f"{self.get_kind_display()} of {self.made_at:%-d %B %Y} to {self.article}"

    def get_absolute_url(self):
        return f"{self.article.get_absolute_url()}#corrections"

    def clean(self):
        """Readers are told of what they may have read, when they are told."""
        now = timezone.now().replace(microsecond=0)
        self.made_at = self.made_at or now
        article = getattr(self, "article", None)
        if article is None:
            return
        if not article.was_public(now):
            raise ValidationError("This story was never public: change its text instead.")
        if self.made_at > now:
            raise ValidationError({"made_at": "A correction cannot be made in the future."})
        if article.published_at and self.made_at < article.published_at:
            published = f"{article.published_at:%Y-%m-%d %H:%M:%S}"
            raise ValidationError({"made_at": f"The story appeared later, on {published}."})

    def natural_key(self):
        return (self.article.slug, self.made_at)

    natural_key.dependencies = ("records.article",)
