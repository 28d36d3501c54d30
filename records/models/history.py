"""What a row said before it was changed."""

from django.db import models
from django.db.models.signals import pre_save
from simple_history.models import HistoricalRecords


class Former(models.Model):
    """One state of a row, with who left it so and when. Every table of history derives from it."""

    class Meta:
        abstract = True


class History(HistoricalRecords):
    """Keeps every state that saving and deleting leaves a row in.

    Fixtures and bulk writes keep nothing. The first change after them would therefore have nothing
    to be compared with: the state before it is kept as well.
    """

    AS_LOADED = "As it stood before the first change that was kept."

    def __init__(self, **options):
        super().__init__(bases=(Former,), **options)

    def finalize(self, sender, **kwargs):
        super().finalize(sender, **kwargs)
        if self.cls is sender:
            pre_save.connect(self.keep_former, sender=sender, weak=False)

    def create_history_model(self, model, inherited):
        # Otherwise it says that it lives where nobody finds it, and cannot be imported or pickled.
        history_model = super().create_history_model(model, inherited)
        history_model.__module__ = model.__module__
        return history_model

    def copy_fields(self, model):
        """What was once said is not held to what holds now."""
        fields = super().copy_fields(model)
        for field in fields.values():
            field.__class__ = getattr(field, "plain", type(field))
        return fields

    def keep_former(self, sender, instance, raw=False, using=None, **_):
        if raw or instance.pk is None:
            return
        kept = sender.history.filter(**{sender._meta.pk.attname: models.OuterRef("pk")})
        rows = sender._base_manager.using(using).filter(~models.Exists(kept))
        former = rows.filter(pk=instance.pk).first()
        if former is not None:
            former._history_user = None
            former._change_reason = self.AS_LOADED
            self.create_historical_record(former, "+", using=using)
