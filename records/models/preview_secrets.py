"""Secrets of stories: what links for others to a preview are signed with."""

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.db import models
from django.utils.crypto import constant_time_compare, salted_hmac

from .articles import Article
from .gate import LineField

_TOKEN = re.compile(r"(?P<story>\d{1,18})-(?P<changes>\d{1,18})-(?P<until>\d{1,11})-[0-9a-f]{64}")


def new_secret() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True)
class Shared:
    """What a link for others leads to: a story that was never public, or (by their key, else 0) the
    changes of one that was; and until when."""

    article: Article
    changes: int
    until: datetime


class PreviewSecretQuerySet(models.QuerySet):
    def token(self, article, changes: int, until: datetime) -> str:
        """What a link ends on that shows the story to whoever has it. Nobody can make one without
        the story's secret and the site's."""
        row, _ = self.get_or_create(article=article)
        stem = f"{article.pk}-{changes}-{int(until.timestamp())}"
        return f"{stem}-{_signature(stem, row.secret)}"

    def shared(self, token: str) -> Shared | None:
        """What the token was made for; None for one that was not made here, or with a secret that
        is no longer the story's."""
        found = _TOKEN.fullmatch(token)
        row = found and self.filter(article=found["story"]).select_related("article").first()
        stem, _, signature = token.rpartition("-")
        if not row or not constant_time_compare(signature, _signature(stem, row.secret)):
            return None
        until = datetime.fromtimestamp(int(found["until"]), UTC)
        return Shared(row.article, int(found["changes"]), until)

    def end_all(self, article) -> None:
        """A new secret: no link that was given out leads anywhere any more."""
        self.update_or_create({"secret": new_secret()}, article=article)


def _signature(stem: str, secret: str) -> str:
    key = settings.SECRET_KEY + secret
    return salted_hmac("records.preview", stem, secret=key, algorithm="sha256").hexdigest()


class PreviewSecret(models.Model):
    """A story's part of the key that its links for others are signed with. A new one ends all that
    were given out. It is no part of the story: it has no history and is in no download."""

    article = models.OneToOneField(Article, models.CASCADE, related_name="preview_secret")
    secret = LineField(max_length=43, default=new_secret)

    objects = PreviewSecretQuerySet.as_manager()

    def __str__(self):
        return f"secret of {self.article}"
