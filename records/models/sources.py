"""Where the facts come from."""

from .gate import CalendarDayField, LineField, ProseField
from .history import History
from .precision import DATE_PRECISIONS, check_known, precision_field, same_presence
from .slugs import Slugged


class Source(Slugged):
    """A published table, report or page that facts were taken from or checked against."""

    title = LineField(max_length=200)
    publisher = LineField(max_length=200)
    licence = LineField(max_length=100)
    used_for = ProseField(help_text="Which facts rest on it.")
    retrieved_from = ProseField(blank=True)
    snapshot_on = CalendarDayField(
        null=True,
        blank=True,
        help_text="The day its state was taken; the first of the month if only that is known.",
    )
    snapshot_precision = precision_field(choices=DATE_PRECISIONS, blank=True)

    history = History()

    class Meta:
        ordering = ("title",)
        constraints = (
            same_presence("snapshot_on", "snapshot_precision", name="source_snapshot_precision"),
        )

    def __str__(self):
        return self.title

    def clean(self):
        check_known(self, ("snapshot_on", "snapshot_precision"))
