"""The style sheets keep to their scales, say what they hold, and hold nothing that no page uses."""

import re
from functools import cache
from itertools import chain
from pathlib import Path

import django.contrib.admin
import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
SHEETS = {name: (ROOT / "static" / "css" / name).read_text() for name in ("site.css", "admin.css")}

COMMENT = re.compile(r"/\*(.*?)\*/", re.DOTALL)
DECLARATION = re.compile(r"([\w-]+)\s*:\s*([^;{}]+);")
SELECTOR = re.compile(r"([^{};]+)\{")
CLASS = re.compile(r"\.([a-zA-Z_][\w-]*)")

SPACING = re.compile(r"(scroll-)?(margin|padding)(-.+)?|(row-|column-)?gap")
STEP = r"var\(--space-[1-8]\)"
# What is no step: nothing, what is left over, a share, a line's height, sums and parts of steps.
MAY_BE_SPACE = re.compile(
    rf"({STEP}|var\(--edge\)|0|auto|[\d.]+%|1lh|calc\({STEP}( [+-] {STEP}| [*/] -?\d+)\))"
)
SIZE = r"var\(--step-(-[12]|[0-5])\)"
FONT = re.compile(rf"inherit|(\d00 )?{SIZE} / [\d.]+ var\(--(serif|sans)\)")

MOST_STEPS = 8


def without_comments(sheet):
    return COMMENT.sub("", SHEETS[sheet])


def declarations(sheet):
    return DECLARATION.findall(without_comments(sheet))


def values(text):
    """The values of a shorthand: what stands between spaces, brackets taken whole."""
    return re.findall(r"(?:[^\s(]|\((?:[^()]|\([^()]*\))*\))+", text)


def selectors(css):
    return [one for one in SELECTOR.findall(css) if not one.strip().startswith("@")]


def classes(css):
    return set(chain.from_iterable(CLASS.findall(one) for one in selectors(css)))


# The scales


@pytest.mark.parametrize("sheet", SHEETS)
def test_margins_paddings_and_gaps_are_steps_of_the_scale(sheet):
    off = [
        f"{name}: {text}"
        for name, text in declarations(sheet)
        if SPACING.fullmatch(name)
        and not all(MAY_BE_SPACE.fullmatch(value) for value in values(text))
    ]
    assert off == []


def test_the_scale_of_spaces_has_at_most_eight_steps():
    steps = {name: text for name, text in declarations("site.css") if "--space-" in name}
    assert list(steps) == [f"--space-{number}" for number in range(1, len(steps) + 1)]
    assert len(steps) <= MOST_STEPS
    defined = [name for name, _ in declarations("site.css") if name in steps]
    assert len(defined) == len(steps), "a step means one thing everywhere"
    edges = {text for name, text in declarations("site.css") if name == "--edge"}
    assert all(re.fullmatch(STEP, edge) for edge in edges)
    # The newsroom loads its own sheet only, and has the same steps.
    admins = {name: text for name, text in declarations("admin.css") if "--space-" in name}
    assert admins.items() <= steps.items()


@pytest.mark.parametrize("sheet", SHEETS)
def test_sizes_of_type_are_of_the_scale(sheet):
    allowed = {"font": FONT, "font-size": re.compile(SIZE)}
    off = [
        f"{name}: {text}"
        for name, text in declarations(sheet)
        if name in allowed and not allowed[name].fullmatch(text)
    ]
    assert off == []


@pytest.mark.parametrize("sheet", SHEETS)
def test_every_property_of_its_own_is_used(sheet):
    text = without_comments(sheet)
    own = {name for name, _ in declarations(sheet) if name.startswith("--")}
    assert [name for name in sorted(own) if f"var({name})" not in text] == []


def test_every_brace_is_closed():
    for sheet in SHEETS:
        css = without_comments(sheet)
        assert css.count("{") == css.count("}"), sheet


# The classes


def texts(folder, pattern, leaving_out=()):
    return [
        path.read_text()
        for path in sorted(Path(folder).rglob(pattern))
        if not any(path.is_relative_to(one) for one in leaving_out)
    ]


def words_of(texts):
    """Every word of a class attribute; * where it is filled in when the page is made."""
    found = set()
    for text in texts:
        text = re.sub(r"\{%.*?%\}", " ", text)
        text = re.sub(r"\{\{.*?\}\}|(\{[\w.]*\})+", "*", text)
        for before in (
            r"\bclass=",
            r"\bcss = ",
            r"\bkind=",
            r"\"class\": ",
            r"\.className = ",
            r"\.classList\.\w+\(",
        ):
            for attribute in re.findall(rf'{before}"([^"]*)"', text):
                found.update(attribute.split())
    return found


@cache
def literals():
    """The short words that the code has as literals: states, kinds."""
    found = re.findall(r"\"([a-z_]+)\"", "\n".join(texts(ROOT / "records", "*.py")))
    return frozenset(found)


def filled_in(word):
    """The words that a word with a star can become: any literal of the code in its place."""
    return {word.replace("*", one) for one in literals()} if "*" in word else {word}


def used(texts):
    return set(chain.from_iterable(filled_in(word) for word in words_of(texts)))


NEWSROOM = (ROOT / "templates" / "admin", ROOT / "records" / "admin")
SCRIPTS = texts(ROOT / "static" / "js", "*.js")


def test_every_class_of_the_site_is_on_a_page():
    on_pages = used(
        texts(ROOT / "templates", "*.html", NEWSROOM)
        + texts(ROOT / "records", "*.py", NEWSROOM)
        + SCRIPTS
    )
    assert sorted(classes(without_comments("site.css")) - on_pages) == []


def test_every_class_of_the_newsroom_is_on_a_page():
    djangos = Path(django.contrib.admin.__file__).parent
    on_pages = used(
        texts(NEWSROOM[0], "*.html")
        + texts(NEWSROOM[1], "*.py")
        + [(ROOT / "templates" / "components" / "table.html").read_text()]
        + SCRIPTS
        + texts(djangos / "templates", "*.html")
        + texts(djangos, "*.py")
    )
    # Django writes some of its own another way; its style sheets know them.
    on_pages |= set().union(*map(classes, texts(djangos / "static", "*.css")))
    assert sorted(classes(without_comments("admin.css")) - on_pages) == []


# The vocabulary at the top


def vocabulary():
    """Heading → the classes listed under it, from the first comment of the site's sheet."""
    listed, heading = {}, None
    for line in COMMENT.search(SHEETS["site.css"])[1].splitlines()[3:]:
        if found := re.fullmatch(r"  (\S.*)", line):
            heading = found[1]
            listed[heading] = []
        elif found := re.fullmatch(r"    ([\w-]+) +\S.*", line):
            listed[heading].append(found[1])
    return listed


def sections():
    """Heading → the classes its rules are about, in the order of the file."""
    found, heading = {}, None
    _, *parts = COMMENT.split(SHEETS["site.css"])
    # Comment, rules, comment, rules …; a comment that is a sentence is no heading.
    for comment, rules in zip(parts[::2], parts[1::2], strict=True):
        if comment.startswith(" ") and not comment.rstrip().endswith((".", ")")):
            heading = comment.strip()
        if heading and "\n" not in heading:
            found.setdefault(heading, set()).update(classes(rules))
    return found


def component(name):
    """`story` of `story__date` and of `story--lead`."""
    return re.split("__|--", name)[0]


def test_the_vocabulary_has_the_sections_of_the_sheet_in_their_order():
    assert list(vocabulary()) == list(sections())


def test_the_vocabulary_lists_every_component_once_and_no_other():
    listed = list(chain.from_iterable(vocabulary().values()))
    assert len(listed) == len(set(listed))
    assert set(listed) == set(map(component, classes(without_comments("site.css"))))


def test_a_component_stands_in_the_section_that_lists_it():
    rules = {heading: set(map(component, found)) for heading, found in sections().items()}
    strays = {heading: set(names) - rules[heading] for heading, names in vocabulary().items()}
    assert {heading: names for heading, names in strays.items() if names} == {}


def test_parts_and_kinds_that_the_vocabulary_names_are_real():
    words = re.findall(r"[\w-]+(?:__|--)[\w-]+", COMMENT.search(SHEETS["site.css"])[1])
    assert set(words) - classes(without_comments("site.css")) == set()
