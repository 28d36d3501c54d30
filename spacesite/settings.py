"""Every setting of the site, for development and production alike.

Values come from the environment, or from the file `.env` beside manage.py (the environment wins).
README lists them. With DEBUG off, which is the default, a missing or malformed value stops the
start with one line that names it.
"""

import os
from pathlib import Path

from csp.constants import NONE, SELF

from spacesite.environment import Environment

BASE_DIR = Path(__file__).resolve().parent.parent

# An empty ENV_FILE reads no file at all; the tests rely on it.
ENV_FILE = os.environ.get("ENV_FILE", ".env")
env = Environment(file=BASE_DIR / ENV_FILE if ENV_FILE else None)

DEBUG = env.switch("DEBUG", default=False)


def in_debug(value):
    """A default for development only: in production its absence stops the start."""
    return value if DEBUG else None


# The site

SITE_NAME = env.text("SITE_NAME", default="Apogee")
SITE_URL = env.site_url("SITE_URL", default=in_debug("http://127.0.0.1:8000"))

# How many days a flight under way still counts as confirmed after the stewards' last confirmation.
GRACE_PERIOD_DAYS = env.number("GRACE_PERIOD_DAYS", default=7)


# Django

SECRET_KEY = env.secret_key(
    "SECRET_KEY", default=in_debug("django-insecure-for-development-only-never-in-production")
)
ALLOWED_HOSTS = env.hosts(
    "ALLOWED_HOSTS", default=in_debug("localhost,.localhost,127.0.0.1,[::1]"), any_host=DEBUG
)
BEHIND_PROXY = env.switch("BEHIND_PROXY", default=False)

ROOT_URLCONF = "spacesite.urls"
WSGI_APPLICATION = "spacesite.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

INSTALLED_APPS = [
    "spacesite",
    "records",
    "spacesite.apps.NewsroomConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "axes",
    "simple_history",
]

# Sessions, users and messages serve the admin only: a public page that touches any of them gets
# a cookie or `Vary: Cookie`, and no cache can hold it.
MIDDLEWARE = [
    # First, so that they see every answer: redirects and errors, too.
    "spacesite.middleware.open_to_other_sites",
    "spacesite.middleware.refusals_are_asked_for_again",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "spacesite.middleware.permissions_policy",
    "spacesite.middleware.same_error_pages_under_debug",
    "spacesite.middleware.refuse_impossible_addresses",
    "spacesite.middleware.say_what_was_refused",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    # Tells the history who is saving. It looks at the user only when a row is saved.
    "simple_history.middleware.HistoryRequestMiddleware",
    "records.views.pending.PublishWhatIsDue",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "spacesite.context_processors.site",
            ],
        },
    },
]

# Widgets of the newsroom have templates of their own, beside the others.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"


# Database: SQLite, or PostgreSQL through Django's own connection pool. ATOMIC_REQUESTS stays off:
# with it SQLite would take the write lock for every page that is only read.

DATABASES = {
    "default": env.database("DATABASE_URL", default="sqlite:///db.sqlite3", base_dir=BASE_DIR)
}

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # Without IMMEDIATE, two writers at once end in "database is locked" whatever the timeout.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=0;",
    }
else:
    DATABASES["default"] |= {
        "CONN_MAX_AGE": 0,  # Required by the pool.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": DATABASES["default"].get("OPTIONS", {})
        | {
            "connect_timeout": 5,
            "pool": {
                "min_size": 1,
                # At least one connection for each thread of a worker.
                "max_size": env.number("DATABASE_POOL_SIZE", default=10, at_least=1),
                "timeout": 5,
            },
        },
    }

# How many worker processes gunicorn starts; it reads the same variable.
WEB_CONCURRENCY = env.number("WEB_CONCURRENCY", default=1, at_least=1)


# Cache

_cache, _location = env.cache_url("CACHE_URL", default="locmemcache://")

if _cache == "redis":
    CACHES = {
        "default": {
            "BACKEND": "spacesite.cache.GuardedRedisCache",
            "LOCATION": _location,
            "KEY_PREFIX": "spacesite",
            # A cache that is slower than the work it saves is no cache.
            "OPTIONS": {"socket_connect_timeout": 0.3, "socket_timeout": 0.3},
        }
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"


# Language and time: the site counts in UTC

LANGUAGE_CODE = "en-gb"
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True


# Static files, served by whitenoise: from where they lie under DEBUG, collected otherwise

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

# Pictures: the files that came in, and what is made of them for readers, side by side in one folder
# (or bucket), which all processes share

MEDIA_URL = "/media/"
MEDIA_ROOT = env.folder("MEDIA_ROOT", default="media", base_dir=BASE_DIR)
MEDIA_STORAGE = env.storage("MEDIA_STORAGE", default="django.core.files.storage.FileSystemStorage")
MEDIA_STORAGE_OPTIONS = env.options("MEDIA_STORAGE_OPTIONS")


def stored_in(folder, **options):
    if MEDIA_STORAGE == "django.core.files.storage.FileSystemStorage":
        return {"BACKEND": MEDIA_STORAGE, "OPTIONS": {"location": MEDIA_ROOT / folder, **options}}
    return {"BACKEND": MEDIA_STORAGE, "OPTIONS": {**MEDIA_STORAGE_OPTIONS, "location": folder}}


STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "originals": stored_in("originals", file_permissions_mode=0o600),
    "renditions": stored_in("renditions"),
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}


# Security

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

SECURE_SSL_REDIRECT = env.switch("SECURE_SSL_REDIRECT", default=not DEBUG)
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_HSTS_SECONDS = env.number("SECURE_HSTS_SECONDS", default=0 if DEBUG else 365 * 24 * 3600)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.switch(
    "SECURE_HSTS_INCLUDE_SUBDOMAINS", default=not DEBUG
)
SESSION_COOKIE_SECURE = not DEBUG
CSRF_COOKIE_SECURE = not DEBUG
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "records.views.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [SITE_URL]

if BEHIND_PROXY:
    # The proxy must set both headers itself, whatever the visitor sent.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    AXES_CLIENT_IP_CALLABLE = "spacesite.proxy.client_address"

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Login throttling. The cache handler loses counts between threads; the database does not.
AXES_HANDLER = "axes.handlers.database.AxesDatabaseHandler"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 1  # hour
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False


# Logging: plain lines on stderr

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "plain"},
    },
    "root": {
        "handlers": ["stderr"],
        "level": env.choice(
            "LOG_LEVEL", default="INFO", choices=("DEBUG", "INFO", "WARNING", "ERROR")
        ),
    },
    "loggers": {
        # Django's own handlers would print each line twice, or only under DEBUG.
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
        "axes": {"level": "WARNING"},
    },
}
