"""The one table: text is escaped wherever it lands, HTML that is safe stays."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from records.tables.pieces import link, nothing_here
from records.tables.table import Column, Table, TableRow

HOSTILE = '<b onclick="x">&'
ESCAPED = "&lt;b onclick=&quot;x&quot;&gt;&amp;"

WHO = Column("who", "Who", heads=True)
WHERE = Column("where", "Where", joins="who")


def drawn(columns, *rows, caption="Some"):
    table = Table(columns, [TableRow(cells) for cells in rows], caption)
    return render_to_string("components/table.html", {"table": table})


def test_text_is_escaped_in_its_cell_and_in_the_one_it_joins():
    text = drawn((WHO, WHERE), {"who": HOSTILE, "where": HOSTILE})
    assert HOSTILE not in text
    assert text.count(ESCAPED) == 3  # Who, where, and where it joins who on a phone.


def test_headings_and_the_caption_are_escaped():
    text = drawn((Column("who", HOSTILE),), {"who": "Ada"}, caption=HOSTILE)
    assert HOSTILE not in text
    assert ESCAPED in text


def test_without_a_row_there_is_no_table_but_what_is_said_instead():
    table = Table((WHO,), [], "Some", empty=nothing_here("Nobody", HOSTILE))
    text = render_to_string("components/table.html", {"table": table})
    assert "<table" not in text
    assert f"<p>{ESCAPED}</p>" in text
    assert "<table" not in drawn((WHO,))


def test_safe_html_stays():
    assert "<i>Mir</i>" in drawn((WHO,), {"who": SafeString("<i>Mir</i>")})


def test_a_row_may_leave_cells_out():
    assert '<td class="away" data-label="Where"></td>' in drawn((WHO, WHERE), {"who": "Ada"})


def test_a_link_kept_for_safe_html_is_not_given_for_the_same_text():
    assert link("/x/", SafeString("<i>Mir</i>")) == '<a href="/x/"><i>Mir</i></a>'
    assert link("/x/", "<i>Mir</i>") == '<a href="/x/">&lt;i&gt;Mir&lt;/i&gt;</a>'
