"""What a writer may write, and what a hostile or careless one is told."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.body.blocks import AdvertSlot, Heading, LeaderboardBlock, ListBlock, Paragraph, Quote
from records.body.parse import MAX_CHARACTERS, TAGS, Body, parse, parse_figure

STORY = """\
Frank Rubio is **back**, *after* [371 days](https://www.nasa.gov/rubio),
[a record](/records/longest-spaceflight/).

## What it means

::: quote speaker="Ada Example" role="Flight director" source="https://example.org/a?b=1&c=2"
We are glad & well.

“Very.”
:::

::: leaderboard slug="longest-spaceflight" top="3" at="publication"
:::

::: advert
:::

1. One
2. Two
"""


def problems(text):
    return [str(problem) for problem in parse(text).problems]


def shown(text):
    """All markup and all words that a body would put on a page."""
    return "\n".join(str(block) for block in parse(text).blocks)


def test_story_becomes_typed_blocks_in_order():
    body = parse(STORY)
    assert body.problems == ()
    assert [type(block) for block in body.blocks] == [
        Paragraph,
        Heading,
        Quote,
        LeaderboardBlock,
        AdvertSlot,
        ListBlock,
    ]
    assert [block.line for block in body.blocks] == [1, 4, 6, 12, 15, 18]


def test_paragraph_keeps_marks_and_says_which_links_leave_the_site():
    assert parse(STORY).blocks[0].html == (
        "Frank Rubio is <strong>back</strong>, <em>after</em> "
        '<a href="https://www.nasa.gov/rubio" rel="external noopener">371 days</a>,\n'
        '<a href="/records/longest-spaceflight/">a record</a>.'
    )


def test_quote_knows_who_said_it_and_where():
    quote = parse(STORY).blocks[2]
    assert quote.html == "<p>We are glad &amp; well.</p>\n<p>“Very.”</p>\n"
    assert (quote.speaker, quote.role) == ("Ada Example", "Flight director")
    assert quote.source == "https://example.org/a?b=1&c=2"


def test_leaderboard_block_knows_its_rows_and_its_instant():
    block = parse(STORY).blocks[3]
    assert (block.slug, block.top, block.at) == ("longest-spaceflight", 3, "publication")
    assert parse('::: leaderboard slug="a"\n:::').blocks == (
        LeaderboardBlock(1, "a", 5, "publication"),
    )


def test_curly_quotation_marks_hold_arguments_as_well():
    body = parse("::: quote speaker=“Ada “ role=“Flight director”\nYes.\n:::")
    assert body.problems
    body = parse("::: quote speaker=“Ada” role=“Flight director”\nYes.\n:::")
    assert (body.blocks[0].speaker, body.blocks[0].role) == ("Ada", "Flight director")


def test_words_are_counted_without_markup():
    assert [block.words for block in parse(STORY).blocks] == [9, 3, 6, 0, 0, 2]


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_of_other_systems_change_nothing(end):
    assert parse(STORY.replace("\n", end)) == parse(STORY)


def test_empty_text_is_an_empty_body():
    assert parse("") == parse("\n\n \n")
    assert parse("").blocks == parse("").problems == ()


def test_indented_lines_are_a_paragraph_and_no_code():
    assert parse("    Four spaces.").blocks == (Paragraph(1, "Four spaces."),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "One.\n\n::: picture\n:::",
            "line 3: there is no block “picture”. Accepted: quote, leader",
        ),
        ("::: advert", "line 1: the block “advert” is not closed"),
        ('One.\n\n::: quote speaker="A"\nWords.\n', "line 3: the block “quote” is not closed"),
        ("::: advert :::\n\nText.", "line 1: the block “advert” is not closed"),
        ("One.\n\n:::\n", "line 3: ::: closes a block, and none is open here."),
        ("One.\n:::", "line 2: ::: closes a block, and none is open here."),
        ("::: quote\nWords.\n:::", "line 1: “quote” needs speaker="),
        ('::: quote speaker=" "\nWords.\n:::', "line 1: “quote” needs speaker="),
        ("::: leaderboard\n:::", "line 1: “leaderboard” needs slug="),
        ('::: quote speaker="A" hat="B"\nW.\n:::', "line 1: “quote” takes no argument “hat”. Acc"),
        ('::: quote speaker="A" speaker="B"\nW.\n:::', "line 1: “speaker” is given twice."),
        ("::: quote speaker=A\nW.\n:::", "line 1: “speaker=A” cannot be read"),
        ('::: quote speaker="A\nW.\n:::', 'line 1: “speaker="A” cannot be read'),
        ('::: advert size="9"\n:::', "line 1: “advert” takes no argument “size”. Accepted: none."),
        ("::: advert\nBuy.\n:::", "line 1: “advert” holds no text"),
        ('::: quote speaker="A"\n:::', "line 1: the quote is empty."),
        ('::: quote speaker="A"\n## B\n:::', "line 1: a quote holds paragraphs and nothing else."),
        ('::: quote speaker="A" source="x"\nW.\n:::', "line 1: source must be a web address"),
        (
            '::: quote speaker="A" source="javascript:x"\nW.\n:::',
            "line 1: source must be a web add",
        ),
        ('::: quote speaker="A"\n::: advert\n:::\n:::', "line 2: a block begins here inside"),
        ("- a\n\n  ::: advert\n  :::", "line 3: a block begins here inside a list"),
        ('::: leaderboard slug="a b"\n:::', "line 1: slug is the name in the address"),
        ('::: leaderboard slug="a" top="0"\n:::', "line 1: top must be a whole number from 1"),
        ('::: leaderboard slug="a" top="21"\n:::', "line 1: top must be a whole number from 1"),
        ('::: leaderboard slug="a" top="٣"\n:::', "line 1: top must be a whole number from 1"),
        ('::: leaderboard slug="a" at="2023"\n:::', "line 1: at must be “live” or “publication”."),
        ("One\ntwo <b>three</b>", "line 2: HTML is not accepted."),
        ("One.\n\n<script>alert(1)</script>", "line 3: HTML is not accepted."),
        ("One.\n\n<!-- note -->", "line 3: HTML is not accepted."),
        ("- One\n- <img src=x onerror=alert(1)>", "line 2: HTML is not accepted."),
        ('::: quote speaker="A"\nOne\n<i>x</i>\n:::', "line 3: HTML is not accepted."),
        ("# Headline", "line 1: headings are ## and ###"),
        ("#### Deep", "line 1: headings are ## and ###"),
        ("One.\n\n> Said.", "line 3: a quotation needs its speaker"),
        ("One.\n\n---", "line 3: a horizontal line is not accepted"),
        ("![Ship](/ship.png)", "line 1: a picture is shown by its block"),
        ("One\n[x](javascript:alert(1))", "line 2: the link to “javascript:alert(1)” is not acce"),
        ("[x](JaVaScRiPt:alert(1))", "line 1: the link to “JaVaScRiPt:alert(1)” is not accepted"),
        ("[x](data:text/html;base64,PHM+)", "line 1: the link to “data:text/html"),
        ("[x](vbscript:x)", "line 1: the link to “vbscript:x” is not accepted"),
        ("[x](//evil.example/)", "line 1: the link to “//evil.example/” is not accepted"),
        ("[x](/\\\\evil.example/)", "line 1: the link to “/%5Cevil.example/” is not accepted"),
        ("[x](&#106;avascript:alert(1))", "line 1: the link to “javascript:alert(1)” is not acce"),
        ("[x](https://)", "line 1: the link to “https://” is not accepted"),
        ("[x]()", "line 1: the link to “” is not accepted"),
        ("<javascript:alert(1)>", "line 1: the link to “javascript:alert(1)” is not accepted"),
        ("One.\n\nTwo \u202eenod", "line 3: an invisible mark here turns the direction"),
        ("Two &#x202e;enod", "line 1: an invisible mark here turns the direction"),
    ],
)
def test_problem_is_told_with_its_line_and_is_not_shown(text, expected):
    found = problems(text)
    assert any(problem.startswith(expected) for problem in found), found
    for hostile in ("<script", "<img", "<b>", "javascript:", "data:", "evil", "\u202e"):
        assert hostile not in shown(text).lower()


def test_all_problems_are_told_at_once_in_order_of_their_lines():
    text = "# One\n\n<b>two</b>\n\n::: three\n:::\n\n[four](data:x)\n\n:::\n\n::: quote\nfive"
    assert [problem.line for problem in parse(text).problems] == [1, 3, 5, 8, 10, 12]


def test_what_is_beside_a_problem_is_still_shown():
    assert parse("One.\n\n<b>two</b>\n\nThree.").blocks == (
        Paragraph(1, "One."),
        Paragraph(5, "Three."),
    )


def test_angle_brackets_that_are_no_tags_are_text():
    body = parse("5 < 6 and 7 > 6 & so on <3")
    assert body.problems == ()
    assert body.blocks[0].html == "5 &lt; 6 and 7 &gt; 6 &amp; so on &lt;3"


def test_text_written_with_entities_stays_text():
    body = parse("&lt;script&gt;alert(1)&lt;/script&gt;")
    assert body.blocks[0].html == "&lt;script&gt;alert(1)&lt;/script&gt;"


@pytest.mark.parametrize("length", [MAX_CHARACTERS + 1, 1_000_000])
def test_text_longer_than_any_story_is_not_even_read(length):
    begun = time.monotonic()
    assert problems("[" * length) == [
        f"line 1: the text has {length:,} characters; 200,000 are accepted."
    ]
    assert time.monotonic() - begun < 1


@pytest.mark.parametrize(
    "piece",
    ["[", "![", "[](", "*a ", "_a*b ", "<", "<a ", "&", "x\n\n", "- ", "> ", "::: quote\n", "\\"],
)
def test_most_awkward_text_of_accepted_length_takes_seconds_not_minutes(piece):
    begun = time.process_time()
    parse(piece * (MAX_CHARACTERS // len(piece)))
    assert time.process_time() - begun < 15


PIECES = st.sampled_from(
    [
        *"[]()<>*_&;\\:\"'=/#!-\n\r\t\0 `",
        ":::",
        "::: quote",
        '::: quote speaker="A"\n',
        "\n:::\n",
        "\n\n",
        "<script>alert(1)</script>",
        '<a href="javascript:x" onclick=x>',
        "javascript:",
        "data:text/html,",
        "https://example.org",
        "&#x202e;",
        "\u202e",
        "[x](",
        "word",
    ]
)


@given(st.lists(PIECES | st.text(max_size=5), max_size=40).map("".join))
def test_no_text_breaks_the_reader_or_gets_through_it(text):
    allowed = {f"<{tag}" for tag in TAGS} | {f"</{tag}" for tag in TAGS}
    for block in parse(text).blocks:
        html = getattr(block, "html", "")
        for tag in html.split("<")[1:]:
            name = tag.split(">")[0].split(" ")[0]
            assert f"<{name}" in allowed
            assert "onclick" not in tag.split(">")[0]
            if 'href="' in tag:
                address = tag.split('href="')[1]
                assert address.startswith(("http://", "https://", "mailto:", "/", "#"))


def test_a_figure_stays_with_its_unit_and_a_day_with_its_month():
    text = "It took 370 d 21 h 22 m, up to 27 September 2023, 11:17 UTC, above 100 km: 12 dogs."
    (paragraph,) = parse(text).blocks
    assert "370&nbsp;d&nbsp;21&nbsp;h&nbsp;22&nbsp;m," in paragraph.html
    assert "27&nbsp;September 2023, 11:17&nbsp;UTC" in paragraph.html
    assert "100&nbsp;km" in paragraph.html
    assert "12 dogs" in paragraph.html


@pytest.mark.parametrize(
    "text",
    [
        "1986. That was the year.",
        "1986) That was the year.",
        "371. So many days.",
        "1986.",
        "- one\n- 1986. In it the second began.",
        '::: quote speaker="Ada"\n1986. That was the year.\n:::',
    ],
)
def test_year_begins_no_list(text):
    assert problems(text) == []
    assert "<ol" not in shown(text)


def test_list_begins_with_one_or_goes_on():
    assert problems("Text.\n\n12. That was the number.") == [
        "line 3: a number and a full stop begin a list, and lists begin with 1; for a paragraph "
        "write 12\\."
    ]
    assert problems("12\\. That was the number.") == []
    assert problems("- a\n\n  7. b") != []
    going_on = "1. a\n2. b\n\n::: advert\n:::\n\n3. c\n\nText.\n\n4. d"
    assert problems(going_on) == []
    assert problems(going_on.replace("3. c", "4. c"))[0].startswith("line 7:")


#: A line that means something elsewhere, and a part of its cure.
STRANGE = {
    "| Name | Days |": "tables",
    "|---|:-:|": "tables",
    "--- | ---": "tables",
    "~~gone~~": "“~~”",
    "==seen==": "“==”",
    "== Heading ==": "“==”",
    "++new++": "“++”",
    "H~2~O": "“~”",
    "10^6^": "“^”",
    "A fact.[^1]": "footnotes",
    "[^1]: Source.": "footnotes",
    "A fact.^[Source.]": "footnotes",
    "- [ ] to do": "check boxes",
    "- [x] done": "check boxes",
    "[[Mir]]": "“[[”",
    "{{ advert }}": "“{{”",
    ":rocket: Launch": "“:rocket:”",
    "//leaning//": "“//”",
    "![Ship]": "pictures",
    "\\newpage": "“\\newpage”",
    "o\tpoint": "“o” makes no list",
    "a)\tpoint": "“a)” makes no list",
    "## Heading {#id}": "“{#id}”",
    "##Heading": "a heading needs a space",
    "===": "heading",
    "```": "fence",
    "~~~ python": "fence",
    "“““": "fence",
    "‘‘‘": "fence",
    "`code`": "“`”",
    "• point": "“•”",
    "– point": "“–”",
    "\uf0b7 point": "makes no list",
    "— Bill Nelson": "speaker",
    ": definition": "definitions",
    "!!! note": "boxes",
    "h2. Heading": "“h2. ”",
    ".. note::": "another markup",
    "%% hidden": "“%%”",
    "||spoiler||": "“||”",
    "$x^2$": "formulas",
    "[b]bold[/b]": "“[b]”",
    '[gallery ids="1"]': "another markup",
    "'''bold'''": "“''”",
    "[words][ref]": "[words](https://…)",
    "[ref]: https://example.org": "[words](https://…)",
    "[words] (https://example.org)": "cannot be read",
    "[words](two words)": "cannot be read",
    "[words](": "cannot be read",
    "https://example.org": "an address alone",
    "www.example.org": "an address alone",
    "**bold": "“**” is not closed",
    "*leaning": "“*” is not closed",
    "Soyuz*": "“*” is not closed",
    "_leaning": "“_” is not closed",
    "then -- now": "write a dash",
    "non\u2011breaking": "odd hyphen",
}


@pytest.mark.parametrize(("mark", "cure"), STRANGE.items(), ids=ascii)
@pytest.mark.parametrize(
    ("before", "after"),
    [("", ""), ("A line.\n\n", "\n\nMore."), ('::: quote speaker="Ada"\nWell.\n\n', "\n:::")],
    ids=["alone", "among paragraphs", "in a quotation"],
)
def test_mark_of_others_is_told_with_its_line_and_never_shown(mark, cure, before, after):
    text = f"{before}{mark}{after}"
    told = [problem for problem in problems(text) if "a quote holds" not in problem]
    assert len(told) == 1
    assert told[0].startswith(f"line {before.count(chr(10)) + 1}: ")
    assert cure in told[0]
    assert mark not in shown(text)


@pytest.mark.parametrize("line", ["-", "*", "1.", "- one\n- "])
def test_line_of_a_list_without_words_is_told(line):
    (problem,) = problems(f"Text.\n\n{line}\n\nMore.")
    assert problem == f"line {3 + line.count(chr(10))}: a line of a list is empty."


def test_line_below_makes_no_heading():
    for line in ("-", "==="):
        (problem,) = problems(f"Words\n{line}")
        assert problem.startswith("line 2: a line below makes no heading")


def test_heading_without_words_is_told():
    assert problems("Text.\n\n## ") == ["line 3: the heading is empty."]


@pytest.mark.parametrize(
    "text",
    [
        "5 * 3 * 2 and 2 + 2 = 4",
        "about ~20 km, $5–$6 and $7",
        "12:30:45 UTC, a:b:c, snake_case, C++",
        "“So”, she said: it's 'so', [sic] (see [1])",
        "x < y > z, R&D &mdash; 50% %",
        "that — is – so; a—b",
        "\\~\\~x\\~\\~ \\`y\\` \\*z \\|\\| \\[\\[w\\]\\] \\# \\_a",
        "[a_b](/x_y) <https://example.org/a_b_~~c> [https://example.org](https://example.org)",
        "[words](https://example.org/~~a~~/b__c|d)",
    ],
)
def test_text_that_only_looks_like_a_mark_is_accepted(text):
    assert problems(text) == []


@pytest.mark.parametrize(
    "piece",
    ["=", "~", "~a", "$_", "$", "[a =", "[", "]", "-", "- ", "|", "'", "^a", "_", "*", ":a", "{#"],
)
def test_most_awkward_marks_of_others_take_seconds_not_minutes(piece):
    text = piece * (MAX_CHARACTERS // len(piece) // 4)
    start = time.perf_counter()
    parse(text)
    assert time.perf_counter() - start < 10


# Records and figures


def test_record_and_figures_are_read():
    body = parse(
        '::: record astronaut="a" leaderboard="b"\n:::\n\n'
        '::: figure of="flights" flights="a/b c/d" at="2023-09-27" caption="Two."\n:::\n\n'
        '::: figure of="in-space"\n:::'
    )
    assert body.problems == ()
    record, flights, in_space = body.blocks
    assert (record.astronaut, record.leaderboard) == ("a", "b")
    assert flights.flights == (("a", "b"), ("c", "d"))
    assert (flights.at, flights.caption) == ("2023-09-27", "Two.")
    assert (in_space.of, in_space.at) == ("in-space", "publication")


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ('record astronaut="a"', "needs leaderboard="),
        ('record astronaut="a b" leaderboard="c"', "astronaut is the name in the address"),
        ("figure", "needs of="),
        ('figure of="pie"', "there is no figure of “pie”. Accepted: progression, in-space,"),
        ('figure of="progression"', "needs leaderboard="),
        ('figure of="career" astronaut="a" leaderboard="b"', "takes no “leaderboard”"),
        ('figure of="flights" flights="a/b"', "flights are 2 to 8"),
        ('figure of="flights" flights="a/b c"', "flights are 2 to 8"),
        ('figure of="flights" flights="a/b/c d/e"', "flights are 2 to 8"),
        ('figure of="in-space" at="yesterday"', "at must be “publication”, “live”, or a day"),
        ('figure of="in-space" at="2023-02-30"', "at must be"),
        ('figure of="in-space" at=""', "at must be"),
    ],
)
def test_figure_that_cannot_be_drawn_is_told_with_its_line(block, words):
    body = parse(f"One.\n\n::: {block}\n:::")
    assert [one.line for one in body.problems] == [3]
    assert words in body.problems[0].words
    assert len(body.blocks) == 1


@pytest.mark.parametrize("text", ["", "  "])
def test_no_lead_figure_is_none(text):
    assert parse_figure(text) == Body((), ())


@pytest.mark.parametrize(
    "text",
    ['quote speaker="A"', "advert", "nonsense", "figure", 'figure of="career"', "a\n:::\nb"],
)
def test_what_is_no_figure_does_not_lead_a_story(text):
    body = parse_figure(text)
    assert body.blocks == ()
    assert body.problems
