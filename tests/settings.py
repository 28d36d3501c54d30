"""The site's settings as in development, whatever the environment and .env say about DEBUG.

DATABASE_URL and CACHE_URL are taken from the environment, so that one suite tests every backend.
"""

import os

for name in (
    "ALLOWED_HOSTS",
    "BEHIND_PROXY",
    "GRACE_PERIOD_DAYS",
    "LOG_LEVEL",
    "MEDIA_ROOT",
    "MEDIA_STORAGE",
    "MEDIA_STORAGE_OPTIONS",
    "SECRET_KEY",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "SECURE_HSTS_SECONDS",
    "SECURE_SSL_REDIRECT",
    "SITE_NAME",
    "SITE_URL",
    "WEB_CONCURRENCY",
):
    os.environ.pop(name, None)
os.environ["ENV_FILE"] = ""
os.environ["DEBUG"] = "on"

from spacesite.settings import *  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# No test leaves pictures behind.
for name in ("originals", "renditions"):
    STORAGES[name] = {"BACKEND": "django.core.files.storage.InMemoryStorage"}

# No test reads what another one cached, be it beside it or before it; see tests/conftest.py.
cache_namespace = "test"


def cache_key(key, key_prefix, version):
    return f"{cache_namespace}:{key_prefix}:{version}:{key}"


CACHES["default"]["KEY_FUNCTION"] = cache_key
