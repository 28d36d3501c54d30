import pytest

from records.models import Article
from tests.browsers import follow
from tests.factories import make_article

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_page_not_found_breaks_no_rule_of_the_browser(live_server, page):
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: complaints.append(message.text) if message.type == "error" else None,
    )
    page.goto(f"{live_server.url}/nowhere")
    assert page.locator("h1").inner_text()
    # The browser notes the status itself; anything else would be a fault of the page.
    assert [text for text in complaints if "404" not in text] == []


def test_story_that_comes_back_is_read_where_it_was_gone(live_server, page):
    """In one browser, which kept nothing of what it was refused."""
    article = make_article("a-story", headline="Here again", state="withdrawn")
    address = f"{live_server.url}/news/a-story/"
    page.goto(address)
    assert "withdrawn" in page.locator("main").inner_text()
    Article.objects.filter(pk=article.pk).update(state="published")
    page.goto(f"{live_server.url}/news/")
    follow(page.get_by_role("link", name="Here again"))
    assert page.url == address
    assert page.locator("h1").inner_text() == "Here again"
    assert "withdrawn" not in page.locator("main").inner_text()


def test_address_that_led_on_is_a_page_again(live_server, page):
    article = make_article("old-name", headline="Moved")
    rows = Article.objects.filter(pk=article.pk)
    rows.update(slug="new-name")
    page.goto(f"{live_server.url}/news/old-name/")
    assert page.url.endswith("/news/new-name/")
    rows.update(slug="old-name")
    page.goto(f"{live_server.url}/news/old-name/")
    assert page.url.endswith("/news/old-name/")
    page.goto(f"{live_server.url}/news/new-name/")
    assert page.url.endswith("/news/old-name/")
