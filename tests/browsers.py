"""Browsers in which somebody reads the site or works in the newsroom."""

from django.conf import settings
from django.test import Client


def sign_in(context, live_server, user):
    """Sign somebody in without the form."""
    client = Client()
    client.force_login(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}
    context.add_cookies([cookie])


def follow(locator):
    """Press the button or the link and wait for the page that it leads to.

    What is looked for afterwards might stand on the page before, too.
    """
    with locator.page.expect_navigation():
        locator.click()
