"""Who may do what in the newsroom: four groups, and their rights as data.

Rows that are edited on the page of another (a byline, the values of a disagreement) come with that
page and have no rights of their own. What a writer may do with which story is said where stories
are edited.
"""

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.db import connections

#: What is written, and what is known.
NEWSROOM = ("article", "author", "topic", "correction", "advert", "image")
FACTS = (
    "country",
    "source",
    "agency",
    "spacecraft",
    "station",
    "astronaut",
    "mission",
    "flight",
    "surfacestay",
    "spacewalk",
    "citation",
    "disagreement",
    "confirmation",
    "leaderboard",
)

VIEW, EDIT = ("view",), ("view", "add", "change", "delete")

WRITER, EDITOR, STEWARD, AUDITOR = "Writer", "Editor", "Data steward", "Auditor"

#: Apps whose rows somebody who audits may read, all of them.
AUDITED = ("records", "auth", "axes", "admin")

#: Role → model → what it may do with its rows. The auditor views whatever there is.
ROLES: dict[str, dict[str, tuple[str, ...]]] = {
    WRITER: {
        "article": EDIT,
        "image": EDIT,
        **dict.fromkeys(("author", "topic", "astronaut", "mission", "leaderboard"), VIEW),
    },
    EDITOR: {
        **dict.fromkeys(NEWSROOM, EDIT),
        "article": (*EDIT, "publish"),
        **dict.fromkeys(FACTS, VIEW),
    },
    STEWARD: dict.fromkeys(FACTS, EDIT),
    AUDITOR: {},
}


def install(*, using="default", **_):
    """Make the groups, each with exactly these rights. Receives `post_migrate`.

    The rights are made here if they are not there yet: Django makes those of each app after it was
    migrated, and the order of the apps is no matter of this one.
    """
    tables = connections[using].introspection.table_names()
    if not {"auth_group_permissions", "records_article"} <= set(tables):
        return  # Migrated back to before the tables were there.
    Group = apps.get_model("auth", "Group")
    for label in AUDITED:
        create_permissions(apps.get_app_config(label), verbosity=0, using=using)
    for role in ROLES:
        group, _ = Group.objects.using(using).get_or_create(name=role)
        group.permissions.set(permissions_of(role, using))


def permissions_of(role: str, using: str = "default"):
    """The rights of a role, as rows of the database."""
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    if role == AUDITOR:
        return permissions.filter(content_type__app_label__in=AUDITED, codename__startswith="view_")
    names = {f"{action}_{model}" for model, actions in ROLES[role].items() for action in actions}
    return permissions.filter(content_type__app_label="records", codename__in=names)
