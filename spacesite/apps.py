from django.apps import AppConfig
from django.contrib.admin import apps


class SpacesiteConfig(AppConfig):
    name = "spacesite"
    default = True

    def ready(self):
        from spacesite import checks  # noqa: F401  (registers them)


class NewsroomConfig(apps.AdminConfig):
    default = False
    default_site = "records.views.newsroom.Newsroom"
