"""Every address of the newsroom × role × method. What has no row here fails.

Roles by their letters: Writer, Editor, data Steward, Auditor. A superuser may do all of it, and
somebody on the staff without a role none.
"""

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.urls import URLPattern

from records import models
from records.admin.history import HistoryAdmin
from records.models import roles
from tests import factories as make
from tests.admin.pages import log_in, one_of_each, typed
from tests.admin.test_roles import account, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("few_facts")]

ROLES = {"W": roles.WRITER, "E": roles.EDITOR, "S": roles.STEWARD, "A": roles.AUDITOR}

FACT = {"list": "ESA", "view": "ESA", "add": "S", "change": "S", "delete": "S"}
#: What stories are about: writers look it up.
SUBJECT = FACT | {"list": "WESA", "view": "WESA"}
WRITTEN = {"list": "EA", "view": "EA", "add": "E", "change": "E", "delete": "E"}
TAGGED = WRITTEN | {"list": "WEA", "view": "WEA"}
LOOKED_AT = {"list": "A", "view": "A", "add": "", "change": "", "delete": ""}

#: Model → who may see its list, see a row and its history, add, change and delete one.
MODELS = {
    models.Article: {"list": "WEA", "view": "EA", "add": "WE", "change": "E", "delete": "E"},
    models.Author: TAGGED,
    models.Topic: TAGGED,
    models.Correction: WRITTEN | {"delete": ""},
    models.Advert: WRITTEN,
    models.Image: WRITTEN | {"list": "WEA", "view": "WEA", "add": "WE"},
    models.Astronaut: SUBJECT,
    models.Mission: SUBJECT,
    models.Leaderboard: SUBJECT,
    models.Country: FACT,
    models.Source: FACT,
    models.Agency: FACT,
    models.Spacecraft: FACT,
    models.Station: FACT,
    models.Flight: FACT,
    models.SurfaceStay: FACT,
    models.Spacewalk: FACT,
    models.Citation: FACT,
    models.Disagreement: FACT,
    models.Confirmation: FACT | {"change": "", "delete": ""},
    User: LOOKED_AT,
    Group: LOOKED_AT,
    AccessAttempt: LOOKED_AT,
    AccessLog: LOOKED_AT,
    AccessFailureLog: LOOKED_AT,
}
#: Of a writer's own draft.
OWN = MODELS[models.Article] | {"view": "WEA", "change": "WE", "delete": "WE"}

EVERYBODY = "WESA-"

#: Name of any other address → where it is, who may GET it, who may POST to it; None: nobody can.
VIEWS = {
    "index": ("/admin/", EVERYBODY, EVERYBODY),
    "app_list": ("/admin/records/", "WESA", "WESA"),
    "login": ("/admin/login/", EVERYBODY, EVERYBODY),
    "logout": ("/admin/logout/", None, EVERYBODY),
    "password_change": ("/admin/password_change/", EVERYBODY, EVERYBODY),
    "password_change_done": ("/admin/password_change/done/", EVERYBODY, EVERYBODY),
    "jsi18n": ("/admin/jsi18n/", EVERYBODY, EVERYBODY),
    "session": ("/admin/session/", EVERYBODY, None),
    "kept": ("/admin/kept/", EVERYBODY, EVERYBODY),
    "open": ("/admin/open/", EVERYBODY, EVERYBODY),
    "autocomplete": (
        "/admin/autocomplete/?app_label=records&model_name=article&field_name=topics",
        "WEA",
        None,
    ),
    "view_on_site": ("/admin/r/{astronaut_type}/{astronaut}/", EVERYBODY, EVERYBODY),
    "records_article_link": ("/admin/records/article/{own}/link/", "WE", "WE"),
    "records_article_compare": ("/admin/records/article/{own}/compare/", "WEA", None),
    "records_article_put_back": ("/admin/records/article/{own}/put-back/", None, "WE"),
    "records_article_names": ("/admin/records/article/names/?of=any&term=a", "WE", "WE"),
    "records_confirmation_now": ("/admin/records/confirmation/now/", "S", "S"),
    "records_leaderboard_preview": ("/admin/records/leaderboard/preview/", "S", "S"),
    "records_tables": ("/admin/records/source/tables/", "S", "S"),
    "auth_user_password_change": ("/admin/auth/user/{user}/password/", "", ""),
}

#: Models whose pages have a history of which any two states can be compared.
COMPARED = {model for model, one in admin.site._registry.items() if isinstance(one, HistoryAdmin)}
PAGES = {"changelist", "add", "change", "delete", "history"}


@pytest.fixture
def people():
    """Letter → somebody's account; “-” has no role."""
    made = {letter: account(role, f"of-{letter}") for letter, role in ROLES.items()}
    return made | {"-": User.objects.create_user("nobody", is_staff=True)}


@pytest.fixture
def rows():
    made = one_of_each()
    made[models.Article] = make.make_article(state="draft", published_at=None)
    made[User] = User.objects.create_user("somebody", is_staff=True)
    made[Group] = Group.objects.create(name="A group")
    seen = {"username": "x", "ip_address": "127.0.0.1", "user_agent": "x", "path_info": "/"}
    made[AccessAttempt] = AccessAttempt.objects.create(**seen, failures_since_start=1)
    made[AccessLog] = AccessLog.objects.create(**seen)
    made[AccessFailureLog] = AccessFailureLog.objects.create(**seen)
    return made


def said_by(model):
    """What every row of the model says, but for who was seen when."""
    seen = {"last_login"}
    names = [field.attname for field in model._meta.fields if field.name not in seen]
    return list(model._base_manager.order_by("pk").values_list(*names))


def names_of(patterns):
    for one in patterns:
        if isinstance(one, URLPattern):
            yield one.name
        else:
            yield from names_of(one.url_patterns)


def test_every_address_has_its_row():
    known = {
        f"{model._meta.app_label}_{model._meta.model_name}_{page}"
        for model in MODELS
        for page in PAGES
    }
    known |= {f"records_{model._meta.model_name}_compare" for model in COMPARED}
    # What has no name only leads on to what has one.
    names = set(names_of(admin.site.urls[0])) - {None}
    assert names - known == set(VIEWS)
    assert set(admin.site._registry) == set(MODELS)


def page(model, row=None, name=""):
    start = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    return f"{start}{f'{row.pk}/' if row else ''}{name}{'/' if name else ''}"


def is_refused(response):
    """Told so, or led away as from a row that is not there."""
    return response.status_code in (403, 409) or response.headers.get("Location") == "/admin/"


def walk(model, row, may, people):
    opened = log_in("the-superuser").get(page(model, row, "change"))
    values = typed(opened) if opened.status_code == 200 else {}
    for letter, user in people.items():
        visit(signed_in(user), model, row, {right for right in may if letter in may[right]}, values)


def visit(client, model, row, rights, values):
    """Ask for every page of the model with these rights, and send every form of it."""
    for address, right in (
        (page(model), "list"),
        (page(model, row, "change"), "view"),
        (page(model, row, "history"), "view"),
        *([(page(model, row, "compare"), "view")] if model in COMPARED else ()),
        (page(model, name="add"), "add"),
        (page(model, row, "delete"), "delete"),
    ):
        response = client.get(address)
        assert is_refused(response) == (right not in rights), address
        assert is_refused(response) or response.status_code in (200, 302)
    chosen = {"action": "delete_selected", "_selected_action": [str(row.pk)], "post": "yes"}
    for address, right, data in (
        (page(model, name="add"), "add", {}),
        (page(model, row, "change"), "change", values),
        (page(model, row, "delete"), "delete", {"post": "yes"}),
        (page(model), "delete", chosen),
    ):
        before = said_by(model)
        if right not in rights:
            response = client.post(address, data)
            assert is_refused(response) or address == page(model), address
            assert said_by(model) == before, address
        elif right != "delete":
            response = client.post(address, data)
            assert not is_refused(response), address
            assert response.status_code in (200, 302), address


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_rows(model, rows, people):
    walk(model, rows[model], MODELS[model], people)


def test_own_image(people):
    own = make.make_image(uploaded_by=people["W"])
    may = MODELS[models.Image] | {"change": "WE", "delete": "WE"}
    walk(models.Image, own, may, people)


def test_own_draft(people):
    own = make.make_article(state="draft", published_at=None, created_by=people["W"])
    walk(models.Article, own, OWN, people)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_whoever_may_delete_a_row_does(model, rows, people):
    for letter in MODELS[model]["delete"]:
        response = signed_in(people[letter]).post(page(model, rows[model], "delete"), {"post": "y"})
        # Or is told what rests on it.
        assert response.status_code in (200, 302)
        assert not is_refused(response)


@pytest.mark.parametrize("name", VIEWS)
def test_views(name, rows, people):
    astronaut = rows[models.Astronaut]
    own = make.make_article(state="draft", published_at=None, created_by=people["W"])
    address, getting, posting = VIEWS[name]
    address = address.format(
        astronaut_type=ContentType.objects.get_for_model(astronaut).pk,
        astronaut=astronaut.pk,
        own=own.pk,
        user=rows[User].pk,
    )
    for letter, user in people.items():
        for method, may in (("get", getting), ("post", posting)):
            response = getattr(signed_in(user), method)(address)
            if may is None:
                assert response.status_code == 405 or name == "autocomplete", (letter, method)
            else:
                refused = response.status_code in (403, 404)
                assert refused == (letter not in may), (letter, method, response.status_code)


def test_nobody_else_reaches_any_of_it(client, rows):
    somebody = User.objects.create_user("reader")
    for visitor in (client, signed_in(somebody)):
        for model in MODELS:
            for address in (page(model), page(model, rows[model], "change")):
                response = visitor.get(address)
                assert response.status_code == 302
                assert response["Location"].startswith("/admin/login/?next=")
