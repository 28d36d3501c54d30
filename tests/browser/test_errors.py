import pytest

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
