"""Where a row is used: the stories whose texts name it, or that are about it."""

from django.urls import reverse
from django.utils.html import format_html

from records.body.references import KINDS
from records.models import Article
from records.models.references import LISTS

#: As many stories are named at once; of more there is the number.
NAMED = 20


def may_be_named(model) -> bool:
    """Whether texts can name rows of the model, or stories be about them."""
    return model._meta.model_name in {*KINDS.values(), *LISTS}


def stories_using(rows) -> dict | None:
    """The stories that name one of the rows: the first as links with their states, and how many
    more there are. None if there is none. The rows are of one model."""
    naming = Article.objects.naming(rows)
    found = list(
        naming.order_by("-published_at", "-pk").only("pk", "headline", "state")[: NAMED + 1]
    )
    if not found:
        return None
    more = naming.count() - NAMED if len(found) > NAMED else 0
    return {"links": [_link(article) for article in found[:NAMED]], "more": more}


def _link(article):
    url = reverse("admin:records_article_change", args=(article.pk,))
    return format_html('<a href="{}">{}</a> ({})', url, article, article.get_state_display())
