"""Browsers in which somebody works in the newsroom."""

from django.conf import settings
from django.test import Client


def sign_in(context, live_server, user):
    """Sign somebody in without the form."""
    client = Client()
    client.force_login(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}
    context.add_cookies([cookie])
