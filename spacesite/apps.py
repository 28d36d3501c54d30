from django.apps import AppConfig
from django.contrib.admin import apps
from django.core.files.storage import storages

from spacesite.environment import stop


class SpacesiteConfig(AppConfig):
    name = "spacesite"
    default = True

    def ready(self):
        from spacesite import checks  # noqa: F401  (registers them)

        for alias in ("originals", "renditions"):
            try:
                storages[alias]
            except Exception as error:  # Whatever a storage of others raises for its options.
                stop("MEDIA_STORAGE_OPTIONS", f"not as MEDIA_STORAGE takes them: {error}")


class NewsroomConfig(apps.AdminConfig):
    default = False
    default_site = "records.views.newsroom.Newsroom"
