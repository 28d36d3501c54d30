"""The plan of the house, kept by reading the code."""

import ast
from pathlib import Path

import pytest
from django.urls import URLPattern, get_resolver

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted(
    path.relative_to(ROOT)
    for package in ("records", "spacesite")
    for path in (ROOT / package).rglob("*.py")
    if "migrations" not in path.parts
)
TREES = {path: ast.parse((ROOT / path).read_text(), filename=str(path)) for path in FILES}

#: Layers from the bottom up. What stands in one may import what stands below it.
LAYERS = (
    {"records.instants", "records.texts"},
    {"records.book", "records.body", "records.images"},
    {"records.models"},
    {
        *("records.charts", "records.facts", "records.formats", "records.ledger"),
        *("records.stories", "records.tables"),
    },
    {"records.views", "records.admin", "records.management", "records.templatetags"},
    {"records.urls", "records.apps", "spacesite"},
)
#: In these layers neighbours may know one another, as long as no two know each other.
NEIGHBOURLY = (LAYERS[3], LAYERS[5])

FORBIDDEN_NAMES = {"utils", "common", "helpers", "misc", "services", "selectors"}

#: Validation of a form compares with the moment it is sent in; nobody passes `clean()` an instant.
CLOCKS_IN_CLEAN = {
    f"records/models/{name}.py" for name in ("articles", "confirmations", "missions", "spacewalks")
}


def module_of(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path) for path in FILES}


def imports_of(path: Path) -> set[str]:
    """Full names of the modules that a file imports."""
    package = path.parent.parts
    names = set()
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: len(package) - node.level + 1]) if node.level else []
            origin = ".".join([*base, *([node.module] if node.module else [])])
            # `from records import models` imports a module, `from x import name` a name of x.
            names |= {
                full if (full := f"{origin}.{alias.name}") in MODULES else origin
                for alias in node.names
            }
    return names


def part_of(module: str) -> str | None:
    """The entry of LAYERS that a module of ours belongs to."""
    for layer in LAYERS:
        for part in layer:
            if module == part or module.startswith(f"{part}."):
                return part
    return None


def height(part: str) -> int:
    return next(number for number, layer in enumerate(LAYERS) if part in layer)


def ours(path: Path) -> set[str]:
    return {name for name in imports_of(path) if name.split(".")[0] in ("records", "spacesite")}


each_file = pytest.mark.parametrize("path", FILES, ids=str)


def test_every_module_has_its_place_in_the_plan():
    homeless = {module for module in MODULES if module != "records" and part_of(module) is None}
    assert homeless == set()


@each_file
def test_imports_run_downwards_only(path):
    here = part_of(module_of(path))
    if here is None:
        assert ours(path) == set()
        return
    for name in ours(path):
        there = part_of(name)
        assert there is not None, f"{path} imports {name}, which has no place in the plan"
        allowed = (
            there == here
            or height(there) < height(here)
            or any(here in layer and there in layer for layer in NEIGHBOURLY)
        )
        assert allowed, f"{path} imports {name}, which stands beside or above it"


def test_no_view_asks_another_view():
    """But for what all of them share: questions, downloads, and the pages of refusals."""
    views = {module_of(path): path for path in FILES if path.parts[:2] == ("records", "views")}
    shared = {f"records.views.{name}" for name in ("questions", "downloads", "errors")}
    asking = {
        (view, name)
        for view, path in views.items()
        for name in ours(path)
        if name in views and name not in shared
    }
    assert asking == set()


def test_no_two_parts_know_each_other():
    known = {}
    for path in FILES:
        here = part_of(module_of(path))
        known.setdefault(here, set()).update(part_of(name) for name in ours(path))
    mutual = {
        (one, other)
        for one, others in known.items()
        for other in others
        if one != other and one in known.get(other, ())
    }
    assert mutual == set()


def test_models_import_only_those_above_them_in_their_list():
    listed = [
        node.module
        for node in TREES[Path("records/models/__init__.py")].body
        if isinstance(node, ast.ImportFrom)
    ]
    importing = {
        module_of(path): {name for name in ours(path) if name.startswith("records.models.")}
        for path in FILES
        if path.parent == Path("records/models") and path.stem != "__init__"
    }
    assert {f"records.models.{name}" for name in listed} <= set(importing)
    done = set()
    while importing:
        ready = {module for module, needed in importing.items() if needed <= done}
        assert ready, f"models that import one another: {sorted(importing)}"
        done |= ready
        for module in ready:
            del importing[module]


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if path.parts[:2] in {("records", "book"), ("records", "body")}]
    + [Path("records/instants.py"), Path("records/texts.py")],
    ids=str,
)
def test_the_book_and_the_body_are_plain_python(path):
    for name in imports_of(path):
        assert name.split(".")[0] != "django", f"{path} imports {name}"
        if name.startswith("records."):
            assert height(part_of(name)) <= 1


@each_file
def test_imports_stand_at_the_top_of_the_file(path):
    inner = [
        (function.name, node.lineno)
        for function in ast.walk(TREES[path])
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    if path.name == "apps.py":
        # Models may be imported only once every app is loaded, which ready() is told.
        inner = [(name, line) for name, line in inner if name not in ("ready", *classes(path))]
    assert inner == []


def classes(path):
    return [node.name for node in TREES[path].body if isinstance(node, ast.ClassDef)]


def test_files_are_named_for_things_of_the_domain():
    named = {path for path in FILES if {path.stem, *path.parts} & FORBIDDEN_NAMES}
    assert named == set()


def test_the_project_imports_nothing_of_the_app():
    """Settings and urls name what they need of it, as text."""
    importing = [
        path.as_posix()
        for path in FILES
        if path.parts[0] == "spacesite" and any(name.startswith("records") for name in ours(path))
    ]
    assert importing == []


def test_only_the_site_map_the_app_its_dates_and_texts_stand_loose():
    loose = {path.name for path in FILES if path.parent == Path("records")}
    assert loose == {"__init__.py", "apps.py", "instants.py", "texts.py", "urls.py"}


def test_every_part_of_the_plan_is_there():
    parts = {part for layer in LAYERS for part in layer}
    assert {
        part for part in parts if not any(part_of(module) == part for module in MODULES)
    } == set()


# The garbage collector


def test_the_garbage_collector_is_told_once_how_often_to_run():
    telling = {path.as_posix() for path in FILES if "gc" in imports_of(path)}
    assert telling == {"spacesite/wsgi.py"}


#: A row of the database and the same thing in the record book's memory share their name.
IN_BOTH = {"Astronaut", "Confirmation", "Flight", "Mission", "Spacewalk"}


def test_a_class_name_means_one_thing():
    named = {}
    for path in FILES:
        if path.parts[:3] != ("records", "management", "commands"):
            for name in classes(path):
                named.setdefault(name, []).append(path.parts[1])
    assert {name for name, rooms in named.items() if rooms == ["book", "models"]} == IN_BOTH
    assert {name: rooms for name, rooms in named.items() if len(rooms) > 1} == {
        name: ["book", "models"] for name in IN_BOTH
    }


# The clock

CLOCKS = {
    ("timezone", "now"),
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
}


def clocks_read(path):
    """Lines on which a file reads a clock other than `read_clock`."""
    return [
        node.lineno
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name | ast.Attribute)
        and (getattr(node.value, "id", getattr(node.value, "attr", "")), node.attr) in CLOCKS
    ]


def test_the_clock_is_read_in_one_place():
    reading = {path.as_posix() for path in FILES if clocks_read(path)}
    assert reading - CLOCKS_IN_CLEAN == {"records/instants.py"}


@pytest.mark.parametrize("path", sorted(CLOCKS_IN_CLEAN))
def test_models_read_the_clock_in_validation_only(path):
    lines = set(clocks_read(Path(path)))
    in_clean = {
        line
        for function in ast.walk(TREES[Path(path)])
        if isinstance(function, ast.FunctionDef) and function.name.startswith(("clean", "_clean"))
        for line in lines
        if function.lineno <= line <= function.end_lineno
    }
    assert lines == in_clean
    assert lines, f"{path} reads no clock any more: take it off the list"


def test_only_views_commands_and_the_admin_ask_for_the_time():
    asking = {
        path.as_posix()
        for path in FILES
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.Name) and node.id == "read_clock"
    }
    allowed = (
        "records/views/",
        "records/management/",
        "records/admin/",
    )
    assert [path for path in asking if not path.startswith(allowed)] == []


# One noun, one path in every tree


def views_by_noun():
    """Noun → names of its views, from the site map."""
    nouns = {}
    for pattern in get_resolver("records.urls").url_patterns:
        assert isinstance(pattern, URLPattern), "the site map is flat: no include()"
        view = pattern.callback
        nouns.setdefault(view.__module__, []).append(view.__name__)
    return nouns


#: Nouns without a folder of templates: answers for machines, and the page that has no noun.
WITHOUT_FOLDER = {f"records.views.{name}" for name in ("feeds", "health", "home", "images")}


def test_every_address_is_answered_by_a_view_file_of_its_noun():
    for module in views_by_noun():
        assert module.rpartition(".")[0] in ("records.views", "records"), module
        assert module in MODULES


def test_every_noun_of_the_site_map_has_its_folder_of_templates():
    nouns = {module for module in views_by_noun() if module.startswith("records.views.")}
    missing = {
        noun
        for noun in nouns - WITHOUT_FOLDER
        if not any((ROOT / "templates" / noun.rpartition(".")[2]).glob("*.html"))
    }
    assert missing == set()


def test_every_template_that_a_view_names_is_there_and_in_its_own_folder():
    for path in FILES:
        if path.parts[:2] != ("records", "views"):
            continue
        noun = path.stem
        for node in ast.walk(TREES[path]):
            if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
                continue
            if not node.value.endswith(".html"):
                continue
            assert (ROOT / "templates" / node.value).is_file(), f"{path} names {node.value}"
            assert node.value.split("/")[0] in (noun, f"{noun}.html", "errors"), (
                f"{path} renders {node.value}"
            )


def test_plain_data_is_never_changed():
    """`records.book.plain` leaves it to this test: nothing but its own object sets an attribute
    that has the name of a field of plain data."""
    fields = set()
    for tree in TREES.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and any(
                isinstance(one, ast.Call) and getattr(one.func, "id", "") == "plain"
                for one in node.decorator_list
            ):
                assert not any(isinstance(one, ast.Attribute) for one in _set_in(node)), node.name
                fields |= {one.target.id for one in node.body if isinstance(one, ast.AnnAssign)}
    assert "launched_at" in fields
    changed = [
        f"{path}:{target.lineno} {target.attr}"
        for path, tree in TREES.items()
        if path.parts[:2] == ("records", "book")
        for target in _set_in(tree)
        if isinstance(target, ast.Attribute)
        and target.attr in fields
        and getattr(target.value, "id", "") != "self"
    ]
    assert changed == []


def _set_in(tree):
    """What is set anywhere in the tree."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            yield from node.targets
        elif isinstance(node, ast.AnnAssign | ast.AugAssign):
            yield node.target
