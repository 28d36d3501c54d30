"""The newsroom with many stories: lists, searches, suggestions and forms, as an editor."""

import random
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from benchmarks.timing import WIDTH, Bench, heading, say
from records.body.claims import line_of
from records.instants import read_clock
from records.ledger import Ledger
from records.models import (
    Agency,
    Article,
    ArticleRevision,
    Astronaut,
    Author,
    Authorship,
    Country,
    Topic,
)
from records.models.revisions import content_now
from records.stories.claims import READ, check_all

TOPICS, PEOPLE, AUTHORS, VERSIONS = 400, 1000, 40, 120
WORDS_OF_A_STORY = 600

#: The most milliseconds and queries of a list, a search or suggestions; of a form; of checking the
#: claims of all stories.
LIST, FORM, CLAIMS = (150, 12), (250, 30), (60_000, 30)

LISTS = {
    "stories": "article/",
    "stories, page 200": "article/?p=200",
    "stories in review": "article/?state=in_review",
    "stories of a topic": "article/?topic=topic-7",
    "stories, search": "article/?q=glacier+lantern",
    "stories, search for nothing there": "article/?q=xyzzyxyzzy",
    "topics": "topic/",
    "authors": "author/",
    "pictures": "image/",
    "people": "astronaut/",
    "people, search": "astronaut/?q=rubio",
    "missions": "mission/",
    "boards": "leaderboard/",
}
#: By the field of a story: what is typed.
SUGGESTIONS = {
    "related": "glacier",
    "topics": "topic 3",
    "authors": "author",
    "astronauts": "number 9",
    "missions": "soyuz",
    "leaderboards": "longest",
}
BOARDS = ("longest-spaceflight", "total-time-in-space", "longest-spaceflight-americans")
PASSAGES = {"value": "371 days", "rank": "third place", "count": "seven", "nobody": "nobody"}
VETERANS = ("peggy-whitson", "frank-rubio", "michael-foale", "scott-kelly", "shannon-lucid")
VOCABULARY = (
    *("glacier", "lantern", "orbit", "capsule", "steppe", "crew", "harbour", "signal", "window"),
    *("engine", "night", "report", "station", "morning", "ladder", "copper", "weather", "letter"),
    *("archive", "bridge"),
)


def measure(bench: Bench, stories: int) -> None:
    heading(f"The newsroom, {stories:,} stories")
    _write(stories)
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("grace"))

    def ask(path):
        response = client.get(f"/admin/records/{path}")
        if response.status_code != 200:
            raise SystemExit(f"{path} answered {response.status_code}")

    say(f"{'':<{WIDTH}}  (least, median)")
    for name, path in LISTS.items():
        _row(bench, name, lambda path=path: ask(path), LIST)
    for field, term in SUGGESTIONS.items():
        _row(bench, f"suggested {field}", lambda f=field, t=term: _suggest(client, f, t), LIST)
    drafts, public = (Article.objects.filter(state=state) for state in ("draft", "published"))
    rows = {
        "a draft": drafts.latest("pk"),
        "a public story": public.latest("pk"),
        "a topic": Topic.objects.latest("pk"),
        "an author": Author.objects.latest("pk"),
        "a person": Astronaut.objects.get(slug="frank-rubio"),
    }
    forms = {name: f"{row._meta.model_name}/{row.pk}/change/" for name, row in rows.items()} | {
        "a new story": "article/add/"
    }
    for name, path in forms.items():
        _row(bench, f"form of {name}", lambda path=path: ask(path), FORM)
    versions = _write_versions(rows["a public story"])
    story, draft = (f"article/{rows[name].pk}" for name in ("a public story", "a draft"))
    others = {
        "history of a story": f"{story}/history/",
        "two versions of a story": f"{story}/compare/?old={versions[0].pk}&new={versions[-1].pk}",
        "history of a person": f"astronaut/{rows['a person'].pk}/history/",
        "deletion of a draft": f"{draft}/delete/",
    }
    for name, path in others.items():
        _row(bench, name, lambda path=path: ask(path), FORM)

    def check_claims():
        check_all(Article.objects.exclude(claims="").only(*READ), read_clock(), Ledger.current())

    target, most_queries = CLAIMS
    bench.row("claims of all stories", check_claims, target=target, most_queries=most_queries)


def _write_versions(story) -> list[ArticleRevision]:
    """As many versions of the story as an editor leaves of one that goes on for weeks."""
    found = content_now(story)
    return ArticleRevision.objects.bulk_create(
        ArticleRevision(
            article=story,
            content=found | {"body": f"{found['body']}\n\nVersion {number}."},
            changed=["body"],
            made_at=story.published_at + timedelta(minutes=number),
        )
        for number in range(VERSIONS)
    )


def _row(bench, name, work, targets):
    work()
    target, most_queries = targets
    bench.row(name, work, target=target, most_queries=most_queries)


def _suggest(client, field, term):
    asked = {"app_label": "records", "model_name": "article", "field_name": field, "term": term}
    response = client.get(reverse("admin:autocomplete"), asked)
    if response.status_code != 200 or not response.json()["results"]:
        raise SystemExit(f"Nothing is suggested for “{term}” in {field}")


def _write(stories):
    chance = random.Random(1961)
    topics = Topic.objects.bulk_create(
        Topic(slug=f"topic-{number}", name=f"Topic {number}") for number in range(TOPICS)
    )
    country, agency = Country.objects.first(), Agency.objects.first()
    Astronaut.objects.bulk_create(
        Astronaut(
            slug=f"person-{number}",
            name=f"Person Number {number}",
            given_names="Person",
            family_name=f"Number {number}",
            sex="F",
            nationality=country,
            agency=agency,
        )
        for number in range(PEOPLE)
    )
    authors = Author.objects.bulk_create(
        Author(slug=f"author-{number}", name=f"Author {number}") for number in range(AUTHORS)
    )
    now = read_clock()
    articles = Article.objects.bulk_create(
        (_story(number, now, topics, chance) for number in range(stories)), batch_size=1000
    )
    Authorship.objects.bulk_create(
        (Authorship(article=one, author=chance.choice(authors), position=1) for one in articles),
        batch_size=1000,
    )
    through = Article.topics.through
    through.objects.bulk_create(
        (
            through(article=article, topic=topic)
            for article in articles
            for topic in {article.primary_topic, chance.choice(topics)}
        ),
        batch_size=1000,
    )


def _story(number, now, topics, chance) -> Article:
    state = chance.choice(("draft", "in_review", *["published"] * 8))
    words = chance.choices(VOCABULARY, k=WORDS_OF_A_STORY)
    paragraphs = [" ".join(words[place : place + 60]) for place in range(0, len(words), 60)]
    claims = [_claim(chance, paragraphs) for _ in range(2)]
    return Article(
        slug=f"story-{number}",
        headline=f"{' '.join(words[:6]).capitalize()} {number}",
        standfirst=" ".join(words[6:20]),
        body="\n\n".join(paragraphs),
        claims="\n".join(claims),
        primary_topic=chance.choice(topics),
        state=state,
        published_at=now - timedelta(hours=number + 1) if state == "published" else None,
    )


def _claim(chance, paragraphs) -> str:
    """A claim of a kind and a board, whose passage ends a paragraph."""
    kind, board = chance.choice([*PASSAGES]), chance.choice(BOARDS)
    passage = PASSAGES[kind]
    paragraphs[chance.randrange(len(paragraphs))] += f" {passage}"
    who = {"astronaut": chance.choice(VETERANS)} if kind in ("value", "rank") else {"mark": 400}
    return line_of(kind, {"passage": passage, "leaderboard": board} | who)
