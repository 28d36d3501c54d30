"""What readers are told of the changes of a story: significant updates and corrections.

Each has the words that readers saw before and after it, but not where these were withdrawn: of that
nothing is shown again when the story is put back. What was never published, or was changed without
a word of it, is not told.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.safestring import SafeString

from records.body.parse import parse, parse_figure
from records.models import Article, ArticleRevision, Author, Correction, Decision
from records.tables import differences

NOT_KEPT = "The words before and after it are not kept."
WITHDRAWN = "The words are not shown: the story was withdrawn afterwards, and put back."
NONE = "The words of the story stayed as they were."


@dataclass(frozen=True)
class ToldChange:
    """A change that readers are told of, at its instant: `parts` are what of the page changed, each
    with marks, and `note` says why there is none."""

    at: datetime
    significant: bool = False
    correction: Correction | None = None
    parts: list[tuple[str, SafeString]] = field(default_factory=list)
    note: str = NOT_KEPT

    @property
    def title(self) -> str:
        return self.correction.get_kind_display() if self.correction else "Update"


def told_changes(article: Article, at: datetime) -> list[ToldChange]:
    """The changes of the story that readers are told of at the instant, the latest first."""
    put_back = article.decisions.filter(kind=Decision.Kind.PUT_BACK, made_at__lte=at).first()
    shown_from = put_back and put_back.made_at
    found = []
    for one in article.revisions.told(at):
        told_at = one.correction.made_at if one.correction else one.made_at
        if shown_from and one.made_at <= shown_from:
            parts, note = [], WITHDRAWN
        else:
            parts, note = _parts(one)
        found.append(ToldChange(told_at, one.significant, one.correction, parts, note))
    known = {one.correction for one in found}
    corrections = [one for one in article.corrections.all() if one.made_at <= at]
    found += [ToldChange(one.made_at, correction=one) for one in corrections if one not in known]
    updated_at = article.updated_at
    if updated_at and updated_at <= at and updated_at not in {one.at for one in found}:
        found.append(ToldChange(updated_at, significant=True))
    return sorted(found, key=lambda one: one.at, reverse=True)


def _parts(revision: ArticleRevision) -> tuple[list[tuple[str, SafeString]], str]:
    former = revision.former
    if former is None:
        return [], NOT_KEPT
    texts = ((name, read(former.content), read(revision.content)) for name, read in _SEEN.items())
    return [(name, differences.marked(old, new)) for name, old, new in texts if old != new], NONE


def _words_of(name: str, read) -> Callable[[dict], str]:
    """How to write what readers see of a text of the content."""

    def written(content: dict) -> str:
        return "\n\n".join(filter(None, (one.text for one in read(content.get(name) or "").blocks)))

    return written


def _byline(content: dict) -> str:
    slugs = content.get("authors") or []
    named = Author.objects.named(slugs)
    return ", ".join(named[slug].name for slug in slugs if slug in named)


#: What of a content readers see as words: heading → how it is written.
_SEEN: dict[str, Callable[[dict], str]] = {
    "Headline": lambda content: content.get("headline") or "",
    "Under the headline": lambda content: content.get("standfirst") or "",
    "By": _byline,
    "Above the text": _words_of("lead_figure", parse_figure),
    "Text": _words_of("body", parse),
}
