"""Who may do what in the newsroom."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q
from django.test import Client

from records.models import Article, roles
from tests import factories as make
from tests.admin.pages import complaints, typed, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("few_facts")]


def account(role, name=""):
    user = User.objects.create_user(name or role.lower().replace(" ", "-"), is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def ann():
    return account(roles.WRITER, "ann")


@pytest.fixture
def writer(ann):
    return signed_in(ann)


@pytest.fixture
def draft(ann):
    return make.make_article("ann-writes", state="draft", published_at=None, created_by=ann)


# The groups


def test_groups_have_exactly_their_rights_after_every_migrate():
    group = Group.objects.get(name=roles.WRITER)
    group.permissions.add(Permission.objects.get(codename="publish_article"))
    group.permissions.remove(Permission.objects.get(codename="view_topic"))
    Group.objects.get(name=roles.EDITOR).delete()
    Permission.objects.filter(codename="publish_article").delete()
    roles.install()
    for role in roles.ROLES:
        held = set(Group.objects.get(name=role).permissions.all())
        assert held == set(roles.permissions_of(role)), role
    names = {one.codename for one in Group.objects.get(name=roles.EDITOR).permissions.all()}
    assert names >= {"publish_article", "change_article", "view_mission"}
    assert not names & {"change_mission", "add_confirmation", "change_user"}


def test_every_right_that_a_role_names_is_there():
    for role, rights in roles.ROLES.items():
        names = {f"{action}_{model}" for model, actions in rights.items() for action in actions}
        known = set(roles.permissions_of(role).values_list("codename", flat=True))
        assert names <= known


def test_auditor_may_only_view():
    given = Permission.objects.filter(group__name=roles.AUDITOR)
    assert (
        given.count()
        == Permission.objects.filter(codename__startswith="view_")
        .exclude(content_type__app_label__in=("contenttypes", "sessions"))
        .count()
    )
    assert not given.filter(~Q(codename__startswith="view_")).exists()


# A writer's own stories


def test_writer_begins_a_story_under_her_own_byline(writer, ann):
    author = make.make_author(user=ann)
    page = writer.get(url("add", Article))
    values = typed(page)
    assert values["byline"] == [str(author.pk)]
    values |= {"headline": "A start", "slug": "a-start", "standfirst": "It begins.", "body": "So."}
    response = writer.post(url("add", Article), values)
    assert response.status_code == 302, complaints(response)
    story = Article.objects.get(slug="a-start")
    assert (story.created_by, story.state) == (ann, "draft")
    assert [row.author for row in story.byline.all()] == [author]


def test_writer_sees_her_own_and_what_everybody_sees(writer, ann, draft):
    shared = make.make_article(
        state="draft", published_at=None, authors=[make.make_author(user=ann)]
    )
    public = make.make_article()
    for state in ("draft", "in_review", "scheduled", "withdrawn"):
        make.make_article(state=state, published_at="2090-01-01")
    shown = writer.get(url("changelist", Article)).context_data["cl"].result_list
    assert set(shown) == {draft, shared, public}
    asked = {"app_label": "records", "model_name": "article", "field_name": "related", "term": ""}
    found = writer.get("/admin/autocomplete/", asked).json()["results"]
    assert {int(one["id"]) for one in found} == {draft.pk, shared.pk, public.pk}


def test_writer_changes_her_drafts_byline_and_topics(writer, draft):
    author, topic = make.make_author(), make.make_topic()
    values = typed(writer.get(url("change", draft))) | {"headline": "Better"}
    values |= {"topics": [str(topic.pk)], "byline": [str(author.pk)]}
    response = writer.post(url("change", draft), values)
    assert response.status_code == 302, complaints(response)
    draft.refresh_from_db()
    assert draft.headline == "Better"
    assert [row.author for row in draft.byline.all()] == [author]
    assert list(draft.topics.all()) == [topic]


@pytest.mark.parametrize("state", ["scheduled", "published", "withdrawn"])
def test_writer_publishes_by_no_forged_field(state, writer, draft):
    values = typed(writer.get(url("change", draft)))
    forged = {
        "state": state,
        "published_at": "2020-01-01 00:00:00",
        "updated_at": "2020-01-02 00:00:00",
        "withdrawal_note": "Gone.",
        "created_by": "1",
    }
    for name in ("_save", "_publish", "_schedule", "_withdraw", "_continue"):
        writer.post(url("change", draft), values | forged | {name: "1"})
        writer.post(url("add", Article), values | forged | {name: "1", "slug": f"new{name}"})
    draft.refresh_from_db()
    assert draft.state in ("draft", "in_review")
    assert (draft.published_at, draft.updated_at, draft.withdrawal_note) == (None, None, "")
    assert not Article.objects.exclude(state__in=("draft", "in_review")).exists()


def test_writer_publishes_by_no_list_and_no_action(writer, draft):
    keys = {"_selected_action": [str(draft.pk)], "post": "yes"}
    page = writer.get(url("changelist", Article))
    offered = [
        name
        for name, _ in page.context_data["cl"].model_admin.get_action_choices(page.wsgi_request)
    ]
    for action in {*offered, "publish", "schedule", "withdraw", "make_published"}:
        if action != "delete_selected":
            writer.post(url("changelist", Article), keys | {"action": action})
    forged = {
        "form-TOTAL_FORMS": "1",
        "form-INITIAL_FORMS": "1",
        "form-0-id": str(draft.pk),
        "form-0-state": "published",
        "form-0-published_at": "2020-01-01",
        "_save": "Save",
    }
    writer.post(url("changelist", Article), forged)
    draft.refresh_from_db()
    assert draft.state in ("draft", "in_review")
    assert draft.published_at is None


def test_writer_hands_in_and_takes_back(writer, draft):
    values = typed(writer.get(url("change", draft)))
    assert writer.post(url("change", draft), values | {"_review": "1"}).status_code == 302
    page = writer.get(url("change", draft))
    assert not set(typed(page)) & {"headline", "body", "byline", "topics", "slug"}
    forged = values | typed(page) | {"headline": "Changed under review", "_save": "1"}
    writer.post(url("change", draft), forged | {"byline": [str(make.make_author().pk)]})
    draft.refresh_from_db()
    assert (draft.headline, draft.byline.count()) == ("Ann writes", 0)
    assert writer.post(url("delete", draft), {"post": "yes"}).status_code == 403
    writer.post(url("change", draft), typed(page) | {"_take_back": "1"})
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_writer_touches_no_story_of_others_and_none_that_was_public(writer, ann):
    others = [make.make_article(state="draft", published_at=None), make.make_article()]
    own_public = make.make_article(created_by=ann)
    once_public = make.make_article(created_by=ann)
    for state in ("withdrawn", "draft"):
        once_public.state = state
        once_public.save()
    assert once_public.was_public(make.instant("2026-01-01"))
    for story in (*others, own_public, once_public):
        values = typed(writer.get(url("change", story), follow=True))
        values |= {"headline": "Mine now", "slug": "mine-now", "state": "draft", "body": "Mine."}
        writer.post(url("change", story), values, follow=True)
        writer.post(url("delete", story), {"post": "yes"}, follow=True)
        keys = {"action": "delete_selected", "_selected_action": [str(story.pk)], "post": "yes"}
        writer.post(url("changelist", Article), keys, follow=True)
        assert not Article.objects.filter(pk=story.pk, headline="Mine now").exists()
        assert Article.objects.filter(pk=story.pk).exists(), story


def test_writer_learns_of_no_hidden_story_by_a_forged_reference(writer, draft):
    hidden = make.make_article(headline="A secret", state="draft", published_at=None)
    values = typed(writer.get(url("change", draft))) | {"related": [str(hidden.pk)]}
    response = writer.post(url("change", draft), values)
    assert response.status_code == 200
    assert "A secret" not in response.content.decode()
    assert not draft.related.exists()


def test_writer_deletes_her_own_draft(writer, draft):
    assert writer.post(url("delete", draft), {"post": "yes"}).status_code == 302
    assert not Article.objects.filter(pk=draft.pk).exists()


def test_former_writer_keeps_nothing(ann, writer, draft):
    ann.groups.clear()
    assert writer.get(url("change", draft)).status_code == 403
