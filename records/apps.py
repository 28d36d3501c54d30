from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class RecordsConfig(AppConfig):
    name = "records"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from records.models import Article, PendingVersion, references, roles, triggers

        pre_migrate.connect(triggers.remove, sender=self)
        post_migrate.connect(triggers.install, sender=self)
        post_migrate.connect(roles.install, sender=self)
        references.follow(Article, PendingVersion)
        for model in self.get_models(include_auto_created=True):
            if model._meta.auto_created:
                model.__str__ = _both


def _both(self) -> str:
    """Of a row that only joins two others: “Frank Rubio returns – Longest spaceflight”."""
    ends = [field for field in self._meta.fields if field.remote_field]
    return " – ".join(str(getattr(self, field.name)) for field in ends)
