"""A table: its columns said once, its rows as cells by the name of their column."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe


def attributes(written: Mapping[str, str]) -> SafeString:
    """Those that say anything, as they stand in a tag."""
    return format_html_join("", ' {}="{}"', (one for one in written.items() if one[1]))


@dataclass(frozen=True)
class Column:
    """One column. A cell is text, or HTML that is marked as safe; what a row leaves out is empty.

    `kind` is the class of its cells: "num" stands on the right. `heads` says that its cells name
    their rows. `sort` is the order it stands in, "ascending" or "descending". `unseen` keeps the
    heading for screen readers only, `help` is its title.

    Where the table is too narrow the cells are written in those of the column that it `joins`, with
    the `label` (the heading unless told) in front; with `early` already on a tablet.
    """

    name: str
    heading: str
    kind: str = ""
    heads: bool = False
    sort: str = ""
    help: str = ""
    unseen: bool = False
    joins: str = ""
    label: str | None = None
    early: bool = False

    @property
    def css(self) -> str:
        """The classes of all its cells, the heading's too."""
        if not self.joins:
            return self.kind
        css = "away away--early" if self.early else "away"
        return f"{self.kind} {css}".strip()

    @cached_property
    def head(self) -> SafeString:
        """The heading as HTML."""
        written = {"class": self.css, "aria-sort": self.sort, "title": self.help}
        heading = conditional_escape(self.heading)
        if self.unseen:
            heading = format_html('<span class="visually-hidden">{}</span>', heading)
        return format_html('<th scope="col"{}>{}</th>', attributes(written), heading)

    @cached_property
    def _opening(self) -> str:
        """What each cell begins with. The label lets style sheets and tests know the column."""
        label = "" if self.unseen else self.heading
        scope = "row" if self.heads else ""
        written = {"scope": scope, "class": self.css, "data-label": label}
        return f"<{self._tag}{attributes(written)}>"

    @property
    def _tag(self) -> str:
        return "th" if self.heads else "td"

    def cell(self, content: str | SafeString, joined: str | SafeString = "") -> SafeString:
        """The cell with what others write into it."""
        written = conditional_escape(content)
        # Safe, since what opens the cell and what joined it are HTML already.
        return mark_safe(f"{self._opening}{written}{joined}</{self._tag}>")

    def also(self, content: str | SafeString) -> SafeString:
        """What the column it joins shows of it where the table is narrow."""
        label = self.heading if self.label is None else self.label
        css = "also also--early" if self.early else "also"
        return format_html(
            '<span class="{}">{}{}</span>',
            css,
            format_html("<i>{}</i> ", label) if label else "",
            content,
        )


@dataclass(frozen=True)
class TableRow:
    """Cells by the name of their column; `css` is the row's class, `id` its anchor."""

    cells: Mapping[str, str | SafeString]
    css: str = ""
    id: str = ""

    @property
    def attributes(self) -> SafeString:
        return attributes({"id": self.id, "class": self.css})


@dataclass(frozen=True)
class TableLine:
    """A row as the template writes it."""

    attributes: SafeString
    cells: Sequence[SafeString]


class Table:
    """What components/table.html takes: columns, lines, caption; `kind` are classes of its own.

    `caption` stands above it, unless it is `captioned` by a heading and kept for screen readers.
    Without a row it is not shown, but what there is to say instead (`empty`).
    """

    def __init__(
        self,
        columns: Sequence[Column],
        rows: Iterable[TableRow],
        caption: str,
        *,
        kind: str = "",
        captioned: bool = False,
        empty: SafeString | str = "",
    ):
        self.columns = columns
        self.caption = caption
        self.kind = kind
        self.captioned = captioned
        self.empty = empty
        self._joining = [column for column in columns if column.joins]
        self.lines = [self._line(row) for row in rows]

    @property
    def caption_attributes(self) -> SafeString:
        return attributes({"class": self.captioned and "visually-hidden"})

    def _line(self, row: TableRow) -> TableLine:
        also: dict[str, str] = {}
        for column in self._joining:
            if content := row.cells.get(column.name):
                also[column.joins] = also.get(column.joins, "") + column.also(content)
        cells = [
            column.cell(
                row.cells.get(column.name) or "",
                f'<span class="second">{also[column.name]}</span>' if column.name in also else "",
            )
            for column in self.columns
        ]
        return TableLine(row.attributes, cells)
