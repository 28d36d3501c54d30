"""What a row said before it was changed."""

from django.db import models
from django.db.models.signals import pre_save
from simple_history.models import HistoricalRecords
from simple_history.signals import pre_create_historical_record


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

    def __init__(self, *, lists: tuple[str, ...] = (), **options):
        """`lists` are those of other rows that are kept, too, by slug."""
        self.lists = lists
        super().__init__(bases=(Former,), **options)

    def finalize(self, sender, **kwargs):
        super().finalize(sender, **kwargs)
        if self.cls is sender:
            pre_save.connect(keep_former, sender=sender, weak=False)
            pre_create_historical_record.connect(
                _take_lists, sender=sender.history.model, weak=False
            )

    def get_extra_fields(self, model, fields):
        """Lists, of which nothing is known (None) in states from before they were kept."""
        extra = super().get_extra_fields(model, fields)
        for name in self.lists:
            label = model._meta.get_field(name).verbose_name
            extra[name] = models.JSONField(label, null=True, editable=False)
        return extra | {"list_names": self.lists}

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


def keep_former(sender, instance, raw=False, **_) -> None:
    """Keep the state that the row is in, before the first change that is kept."""
    if raw or instance.pk is None:
        return
    kept = sender.history.filter(**{sender._meta.pk.attname: models.OuterRef("pk")})
    rows = sender._base_manager.filter(~models.Exists(kept))
    if former := rows.filter(pk=instance.pk).first():
        former._history_user = None
        sender.history.bulk_history_create(
            [former],
            default_change_reason=History.AS_LOADED,
            custom_historical_attrs=_lists_of(former),
        )


def _take_lists(instance, history_instance, **_):
    for name, slugs in _lists_of(instance).items():
        setattr(history_instance, name, slugs)


def _lists_of(row) -> dict[str, list[str]]:
    return {
        name: sorted(getattr(row, name).values_list("slug", flat=True))
        for name in row.history.model.list_names
    }


def keep_lists(row) -> None:
    """Let the state in which the row was just saved hold its lists, which are written after it."""
    if (lists := _lists_of(row)) and (state := row.history.first()):
        for name, slugs in lists.items():
            setattr(state, name, slugs)
        state.save(update_fields=lists)


def state_of(row) -> Former:
    """The state that the row is in, whether it was kept or not."""
    kept = row.history.model
    values = {field.attname: getattr(row, field.attname) for field in kept.tracked_fields}
    return kept(**values, **_lists_of(row))


def kept_fields(model) -> list[models.Field]:
    """What states of the model's rows hold: their fields, and their lists."""
    kept = model.history.model
    own = [field for field in kept.tracked_fields if not field.primary_key]
    return own + [kept._meta.get_field(name) for name in kept.list_names]
