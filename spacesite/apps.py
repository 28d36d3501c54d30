from django.apps import AppConfig


class SpacesiteConfig(AppConfig):
    name = "spacesite"

    def ready(self):
        from spacesite import checks  # noqa: F401  (registers them)
