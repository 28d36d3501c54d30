"""Pictures as readers are sent them, and the stories that show them."""

import json
import re

import pytest
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories as make

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"


def shown(client, story):
    return client.get(story.get_absolute_url()).content.decode()


def test_a_rendition_may_be_kept_for_ever_and_is_taken_for_nothing_else(client):
    image = make.make_image()
    for name in image.renditions.names:
        response = client.get(f"/media/{name}")
        kind = "image/webp" if name.endswith("webp") else "image/jpeg"
        assert response["Content-Type"] == kind
        assert response["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in response
        assert "Cookie" not in response.get("Vary", "")
        assert b"".join(response.streaming_content)


def test_no_address_leads_to_an_original(client):
    image = make.make_image()
    name = image.renditions.names[0]
    for path in (image.original, f"originals/{image.original}", f"../originals/{image.original}"):
        assert client.get(f"/media/{path}").status_code == 404
    for path in (name.replace("6.webp", "7.webp"), name.replace(".webp", ".php"), ""):
        assert client.get(f"/media/{path}").status_code == 404
    assert client.post(f"/media/{name}").status_code == 405


def test_a_story_shows_pictures_in_its_text_with_whose_they_are(client):
    image = make.make_image(
        "a-capsule",
        file=make.picture((700, 350)),
        alt='A "capsule" <b>',
        caption="Its own caption",
        credit="NASA/Bill Ingalls",
        licence="cc-by-4.0",
        source="https://example.org/picture",
    )
    block = '::: image id="a-capsule"\n:::'
    story = make.make_article(body=f'One.\n\n{block}\n\n::: image id="a-capsule" caption="C."\n:::')
    page = shown(client, story)
    assert page.count("<picture>") == 2
    assert page.count("Its own caption") == 1
    assert 'alt="A &quot;capsule&quot; &lt;b&gt;"' in page
    assert 'width="700" height="350"' in page
    assert page.count('loading="lazy"') == 2
    start = image.renditions.name(480, "webp").removesuffix("480.webp")
    assert f'srcset="/media/{start}480.webp 480w, /media/{start}700.webp 700w"' in page
    assert '<a href="https://creativecommons.org/licenses/by/4.0/" rel="license' in page
    assert "NASA/Bill Ingalls" in page
    assert 'href="https://example.org/picture"' in page
    for address in set(re.findall(r"/media/[^\s\"]+", page)):
        assert client.get(address).status_code == 200, address


def test_pictures_of_a_text_are_looked_up_at_once(client):
    def body(number):
        images = [make.make_image() for _ in range(number)]
        return "\n\n".join(f'::: image id="{one.slug}"\n:::' for one in images)

    stories = [make.make_article(body=body(number)) for number in (1, 5)]
    shown(client, stories[0])
    counts = []
    for story in stories:
        with CaptureQueriesContext(connection) as queries:
            shown(client, story)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_lead_image_stands_above_the_text_and_on_pages_of_others(client):
    image = make.make_image(caption="Down again.", file=make.picture((700, 350)))
    page = shown(client, make.make_article(lead_image=image))
    assert page.index("<picture>") < page.index('class="prose"')
    assert "lazy" not in page
    assert "Down again." in page
    card = f"{SITE}/media/{image.renditions.card}"
    assert f'<meta property="og:image" content="{card}">' in page
    assert '<meta property="og:image:width" content="667">' in page
    assert '<meta name="twitter:card" content="summary_large_image">' in page
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert json.loads(found)["image"][0] == card
    without = shown(client, make.make_article())
    assert "og:image" not in without
    assert '<meta name="twitter:card" content="summary">' in without


def test_the_front_page_shows_the_picture_of_its_first_story(client):
    image = make.make_image(caption="Down again.")
    make.make_article(lead_image=image, published_at="2026-11-27T10:00")
    page = client.get("/").content.decode()
    assert image.webp_addresses in page
    assert "Down again." in page


def test_a_picture_that_was_renamed_is_shown_and_one_that_is_gone_is_not(client):
    image = make.make_image("first-name")
    story = make.make_article(body='One.\n\n::: image id="first-name"\n:::')
    image.slug = "second-name"
    image.save()
    assert "<picture>" in shown(client, story)
    image.delete()
    assert "<picture>" not in shown(client, story)


def test_what_was_lost_is_made_again_from_the_originals(client, capsys):
    image = make.make_image()
    address = image.address
    for name in image.renditions.names:
        storages["renditions"].delete(name)
    assert client.get(address).status_code == 404
    call_command("make_renditions")
    assert client.get(address).status_code == 200
    assert "3 renditions made" in capsys.readouterr().out
    call_command("make_renditions")
    assert "0 renditions made" in capsys.readouterr().out
    call_command("make_renditions", anew=True)
    assert "3 renditions made" in capsys.readouterr().out


def test_files_of_a_deleted_picture_go_with_it(django_capture_on_commit_callbacks):
    image = make.make_image()
    names = {"originals": [image.original], "renditions": image.renditions.names}
    with django_capture_on_commit_callbacks(execute=True):
        image.delete()
    for alias, gone in names.items():
        assert not any(map(storages[alias].exists, gone))
