"""For the machine that watches over the site: is the process up, can it do its work?"""

import logging
import uuid

from django.core.cache import cache
from django.db import connection
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)


@require_safe
@never_cache
def livez(request):
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request):
    parts = {"database": answers(query_the_database), "cache": answers(ask_the_cache)}
    ready = all(parts.values())
    return JsonResponse(
        {
            "status": "ok" if ready else "unavailable",
            **{name: "ok" if up else "unavailable" for name, up in parts.items()},
        },
        status=200 if ready else 503,
    )


def answers(ask):
    try:
        return ask()
    except Exception as error:
        logger.warning("Not ready: %s", error)
        return False


def query_the_database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def ask_the_cache():
    # The cache swallows its own failures, so only a value that comes back proves it works.
    key, token = f"readyz:{uuid.uuid4()}", "ok"
    cache.set(key, token, timeout=10)
    try:
        return cache.get(key) == token
    finally:
        cache.delete(key)
