"""What a page that asks whether one means a deletion showed. It is asked again if somebody has
changed any of it since."""

from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.admin.options import get_content_type_for_model
from django.contrib.admin.utils import NestedObjects
from django.core import signing
from django.db import router
from django.utils.crypto import salted_hmac

from records.instants import written

#: The hidden input that carries it.
SEEN = "_seen"
_SALT = "records.admin.deleting"


class AskAgain(Exception):
    """Why nothing is deleted before somebody has looked again, in words."""


def seen(rows) -> str:
    """What there is to be seen now of the rows and of all that would go with them, signed, with the
    latest of all saves."""
    latest = LogEntry.objects.order_by("-pk").values_list("pk", flat=True).first()
    return signing.Signer(salt=_SALT).sign_object([_digest(rows), latest or 0])


def look_again(sent: str, rows) -> None:
    """Raises AskAgain if the page showed something else than there is now. One that does not say
    what it showed was no page of ours."""
    try:
        digest, saves = signing.Signer(salt=_SALT).unsign_object(sent)
    except (signing.BadSignature, ValueError, TypeError):
        return
    if digest == _digest(rows):
        return
    rows = list(rows)
    entries = LogEntry.objects.filter(
        content_type=get_content_type_for_model(rows[0]),
        object_id__in=[str(row.pk) for row in rows],
        pk__gt=saves,
    ).exclude(action_flag=DELETION)
    latest = entries.select_related("user").order_by("-pk").first()
    who, at = "Somebody", ""
    if latest:
        who = latest.user.get_full_name() or latest.user.get_username()
        at = f" at {written(latest.action_time, 'second')} UTC"
    raise AskAgain(
        f"Nothing was deleted. {who} changed what would go{at}, after you opened this page. "
        "Look at it once more: this is what would be deleted now."
    )


def _digest(rows) -> str:
    """Of all that the rows, and what would go with them, say."""
    rows = list(rows)
    if not rows:
        return ""
    found = NestedObjects(using=router.db_for_write(type(rows[0])))
    found.collect(rows)
    said = sorted(
        (model._meta.label, row.pk, [repr(field.value_from_object(row)) for field in fields])
        for model, some in found.data.items()
        if (fields := model._meta.concrete_fields)
        for row in some
    )
    return salted_hmac(_SALT, repr(said), algorithm="sha256").hexdigest()
