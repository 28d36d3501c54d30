"""What each story refers to, known to the database: nothing that a text names is deleted unseen.

A row says that the story, or what is being changed of it, names something by that slug, whether
there is any such thing or not. The rows follow from the texts alone, and are written again with
every way of writing these.
"""

from collections.abc import Iterable

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.db.models.signals import post_delete, post_save

from records.body.claims import parse_claims
from records.body.parse import Body, TextProblem, parse, parse_figure
from records.body.references import Mention, named_in

from .gate import LineField
from .slugs import FormerAddress

#: What of an article is a text that may name things.
TEXTS = {"body": parse, "lead_figure": parse_figure, "claims": parse_claims}

#: Kind → the articles' list of those that they are about, or the reference to one.
LISTS = {
    "article": ("related",),
    "astronaut": ("astronauts",),
    "author": ("authors",),
    "image": ("lead_image",),
    "leaderboard": ("leaderboards",),
    "mission": ("missions",),
    "topic": ("topics", "primary_topic"),
}


class ReferenceQuerySet(models.QuerySet):
    def keep(self, articles: Iterable) -> None:
        """Let the rows of these articles say what their texts name by now."""
        for article in articles:
            wanted = {(one.kind, one.slug) for text in _texts_of(article) for one in text}
            there = {
                (kind, slug): pk
                for pk, kind, slug in self.filter(article=article).values_list("pk", "kind", "slug")
            }
            if gone := [pk for key, pk in there.items() if key not in wanted]:
                self.filter(pk__in=gone).delete()
            new = sorted(wanted - there.keys())
            self.bulk_create(
                (self.model(article=article, kind=kind, slug=slug) for kind, slug in new),
                ignore_conflicts=True,
            )


class Reference(models.Model):
    """That a story names something, by kind and slug (a country by its code)."""

    article = models.ForeignKey("records.Article", models.CASCADE, related_name="references")
    kind = LineField(max_length=20)
    slug = LineField(max_length=100)

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("article", "kind", "slug"), name="reference_once"),
        )
        indexes = (models.Index(fields=("kind", "slug"), name="reference_to"),)

    def __str__(self):
        return f"{self.article}: {self.kind} {self.slug}"


class ReferringQuerySet(models.QuerySet):
    """Of articles: whatever writes their texts has the references written as well."""

    def update(self, **fields):
        if not TEXTS.keys() & fields.keys():
            return super().update(**fields)
        with transaction.atomic(using=self.db):
            keys = list(self.values_list("pk", flat=True))
            count = super().update(**fields)
            Reference.objects.keep(self.model._base_manager.filter(pk__in=keys))
        return count

    update.alters_data = True

    def bulk_create(self, objs, *args, **options):
        with transaction.atomic(using=self.db):
            rows = super().bulk_create(objs, *args, **options)
            slugs = [row.slug for row in rows]
            Reference.objects.keep(self.model._base_manager.filter(slug__in=slugs))
        return rows

    def naming(self, rows: Iterable[models.Model]):
        """Those whose text, or what is being changed of it, names one of the rows, or that are
        about it. All of the rows are of one model."""
        rows = list(rows)
        if not rows:
            return self.none()
        model = type(rows[0])
        kind, keys = model._meta.model_name, [row.pk for row in rows]
        slugs = {row.natural_key()[0] for row in rows}
        former = FormerAddress.objects.of(model).filter(row_id__in=keys)
        slugs |= set(former.values_list("slug", flat=True))
        # A former slug that another row has today names that one.
        if hasattr(model, "slug"):
            others = model._base_manager.filter(slug__in=slugs).exclude(pk__in=keys)
            slugs -= set(others.values_list("slug", flat=True))
        found = Q(pk__in=Reference.objects.filter(kind=kind, slug__in=slugs).values("article"))
        for name in LISTS.get(kind, ()):
            field = self.model._meta.get_field(name)
            if field.many_to_many:
                through, own = field.remote_field.through, field.m2m_field_name()
                other = f"{field.m2m_reverse_field_name()}__in"
                found |= Q(pk__in=through._base_manager.filter(**{other: keys}).values(own))
            else:
                found |= Q(**{f"{name}__in": keys})
        return self.filter(found)


def named_by(body: Body) -> list[Mention]:
    """What a body names, this site's address in front of it or not."""
    return named_in(body, site=settings.SITE_URL)


def missing_from(body: Body) -> list[TextProblem]:
    """What the body names and there is not, with its line: one query, or two, for each kind."""
    kinds: dict[str, list[Mention]] = {}
    for one in named_by(body):
        kinds.setdefault(one.kind, []).append(one)
    problems = []
    for kind, named in kinds.items():
        model = apps.get_model("records", kind)
        there = model._default_manager.named({one.slug for one in named})
        problems += [
            TextProblem(one.line, f"there is no {model._meta.verbose_name} “{one.slug}”.")
            for one in named
            if one.slug not in there
        ]
    return problems


def _texts_of(article) -> Iterable[list[Mention]]:
    """What each text of the article names, and of what is being changed of it."""
    changed = pending.content if (pending := getattr(article, "pending", None)) else {}
    for name, read in TEXTS.items():
        for text in {getattr(article, name), changed.get(name) or ""}:
            yield named_by(read(text))
    for kind, names in LISTS.items():
        for name in names:
            value = changed.get(name) or ()
            slugs = [value] if isinstance(value, str) else value
            yield [Mention(1, kind, slug) for slug in slugs]


def follow(article, pending) -> None:
    """Write the references with every row that is saved, by whatever way, fixtures included."""

    def saved(instance, **_):
        Reference.objects.keep([instance])

    def changed(instance, **_):
        Reference.objects.keep(article._base_manager.filter(pk=instance.article_id))

    post_save.connect(saved, sender=article, weak=False, dispatch_uid="references of a story")
    for signal in (post_save, post_delete):
        signal.connect(changed, sender=pending, weak=False, dispatch_uid="references of changes")
