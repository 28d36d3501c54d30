"""What a story said before: the content it was left with by each change of it."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from .articles import Article, Correction
from .gate import LargeNumberField, LineField, MomentField

#: What is said of a version that was not written in the newsroom.
AS_FOUND = "As it was found: loaded, or written elsewhere."

#: So many stories are read at once when many are changed.
AT_ONCE = 100

#: Fields of an article that are decided about, each by itself; all others are its content.
DECIDED = {
    *("id", "slug", "created_by", "state"),
    *("published_at", "updated_at", "withdrawn_at", "withdrawal_note"),
}


def content_fields() -> list[models.Field]:
    """What a writer changes of a story: the fields of one value first, then the lists."""
    fields = (*Article._meta.concrete_fields, *Article._meta.many_to_many)
    return [field for field in fields if field.name not in DECIDED]


def content_of(article) -> dict:
    """The content of the article for JSON, by field; other rows by slug, authors in order."""
    return {field.name: written_of(field, article) for field in content_fields()}


def written_of(field, article):
    """What `content_of` says of one field."""
    if field.name == "authors":
        return [row.author.slug for row in article.byline.all()]
    if field.many_to_many:
        return sorted(row.slug for row in getattr(article, field.name).all())
    if field.is_relation:
        row = getattr(article, field.name)
        return row and row.slug
    value = field.value_from_object(article)
    # Numbers and switches are themselves in JSON; what is none of these has its own text.
    return value if isinstance(value, str | int | None) else field.value_to_string(article)


def slugs_in(value) -> list[str]:
    """The slugs of the rows that a content names in a field: one, several or none."""
    return value if isinstance(value, list) else [value] if value else []


def differing(old: dict, new: dict) -> list[str]:
    """The fields in which two contents differ. A row that has another slug by now, or was merged
    into another, is the same one."""
    fields = (Article._meta.get_field("slug"), *content_fields())
    return [
        field.name
        for field in fields
        if field.name in new and _differ(field, old.get(field.name), new[field.name])
    ]


def _differ(field, one, other) -> bool:
    if (one or "") == (other or ""):
        return False
    if not field.is_relation:
        return True
    slugs = slugs_in(one), slugs_in(other)
    named = field.related_model.objects.named({*slugs[0], *slugs[1]})
    one, other = ([named.get(slug, slug) for slug in each] for each in slugs)
    return one != other if field.name == "authors" else set(one) != set(other)


def _written_otherwise(old: dict, new: dict) -> list[str]:
    """The fields that two contents do not write in the same words."""
    return [name for name in new if (old.get(name) or "") != (new[name] or "")]


class ArticleRevisionQuerySet(models.QuerySet):
    def keep(self, article, by, at, *, changes=None, words="", **told) -> None:
        """Keep what the story says now, or what is being changed of it, unless the latest revision
        says the same. What readers are `told` of the change is kept in any case."""
        content = changes.content if changes else content_now(article)
        key = changes and changes.pk
        former = self.filter(article=article).former(key)
        changed = differing(former.content, content) if former else []
        if former is None or changed or any(told.values()):
            self.create(
                article=article,
                changes=key,
                content=content,
                changed=changed,
                made_by=by,
                made_at=at,
                words=words,
                **told,
            )

    def keep_found(self, article, at, *, changes=None) -> None:
        """The same before a change, which would else have nothing to be compared with: nobody is
        said to have written it."""
        self.keep(article, None, at, changes=changes, words=AS_FOUND)

    def keep_found_of(self, keys, at) -> None:
        """`keep_found` of the stories with these keys, before all of them are changed at once."""
        self._keep_of(keys, None, at, AS_FOUND, differing)

    def keep_of(self, keys, by, at, words, *, merged=False) -> None:
        """Keep what each of the stories with these keys says since they were changed at once, by
        another way than their forms. If rows that they refer to were `merged`, these are told by
        their slugs: topics that are one by now were not then."""
        self._keep_of(keys, by, at, words, _written_otherwise if merged else differing)

    def _keep_of(self, keys, by, at, words, differ) -> None:
        keys = sorted(keys)
        for begin in range(0, len(keys), AT_ONCE):
            rows = _with_lists(Article.objects.filter(pk__in=keys[begin : begin + AT_ONCE]))
            own = self.filter(article__in=rows.values("pk"), changes=None).order_by()
            latest = own.values("article").annotate(latest=models.Max("pk")).values("latest")
            former = {one.article_id: one.content for one in self.filter(pk__in=latest)}
            contents = {row.pk: _content_and_slug(row) for row in rows}
            self.bulk_create(
                self.model(
                    article_id=pk,
                    content=content,
                    changed=changed,
                    made_by=by,
                    made_at=at,
                    words=words,
                )
                for pk, content in contents.items()
                if (changed := differ(former[pk], content) if pk in former else [])
                or pk not in former
            )

    def told(self, at):
        """Those of which readers are told at the instant: significant updates and corrections. What
        is only being changed is none of them."""
        told = Q(significant=True) | Q(correction__isnull=False)
        return self.filter(told, changes=None, made_at__lte=at).select_related("correction")

    def former(self, changes: int | None):
        """The last one of the pending version of that key; the story's own if it has none."""
        rows = self.order_by("-pk")
        return rows.filter(changes=changes).first() or rows.filter(changes=None).first()


def content_now(article) -> dict:
    """The content and the slug of the article as the database has them."""
    return _content_and_slug(_with_lists(Article.objects).get(pk=article.pk))


def _with_lists(articles):
    lists = [field.name for field in Article._meta.many_to_many if field.name != "authors"]
    references = [field.name for field in content_fields() if field.many_to_one]
    return articles.select_related(*references).prefetch_related("byline__author", *lists)


def _content_and_slug(article) -> dict:
    return content_of(article) | {"slug": article.slug}


class ArticleRevision(models.Model):
    """What a story, or a pending version of it, said from an instant on.

    The newsroom writes one in the transaction of each change. Fixtures (`loaddata`, `load_site`)
    and whatever else writes stories past the newsroom keep none: the next change in the newsroom
    keeps what it finds, as nobody's, so that the first version can be put back, too. Revisions go
    with the story, which once it was public is never deleted.
    """

    article = models.ForeignKey(Article, models.CASCADE, related_name="revisions")
    changes = LargeNumberField(
        null=True, help_text="Key of the pending version that it is of; none: of the story itself."
    )
    content = models.JSONField(encoder=DjangoJSONEncoder)
    changed = models.JSONField(help_text="The fields that said something else before.")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    made_at = MomentField()
    words = LineField(max_length=200, blank=True)
    significant = models.BooleanField(default=False)
    correction = models.OneToOneField(
        Correction, models.SET_NULL, null=True, related_name="revision"
    )

    objects = ArticleRevisionQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=("article", "changes"), name="revision_of_story"),)

    def __str__(self):
        return f"{self.article} of {self.made_at:%Y-%m-%d %H:%M:%S}"

    @property
    def former(self) -> "ArticleRevision | None":
        """The one that it followed."""
        return ArticleRevision.objects.filter(article=self.article_id, pk__lt=self.pk).former(
            self.changes
        )
