"""Secrets of stories: what links for others to a preview are signed with."""

import secrets

from django.db import models

from .articles import Article
from .gate import LineField


def new_secret() -> str:
    return secrets.token_urlsafe(32)


class PreviewSecret(models.Model):
    """A story's part of the key that its links for others are signed with. A new one ends all that
    were given out. It is no part of the story: it has no history and is in no download."""

    article = models.OneToOneField(Article, models.CASCADE, related_name="preview_secret")
    secret = LineField(max_length=43, default=new_secret)

    def __str__(self):
        return f"secret of {self.article}"
