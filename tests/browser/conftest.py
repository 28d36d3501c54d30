from datetime import UTC, datetime

import pytest

#: Three days after the confirmation that the fixtures ship: ten people are aloft, all confirmed.
TODAY = datetime(2026, 10, 12, 9, 0, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock_of_the_site(clock):
    """The site's clock starts at `TODAY` with every test and runs on: on other days others fly."""
    clock(TODAY, ticks=True)


@pytest.fixture
def browser_context_args(browser_context_args, live_server):
    """`page.goto("/records/")` asks the site under test."""
    return {**browser_context_args, "base_url": live_server.url}


@pytest.fixture
def page_without_javascript(browser, browser_context_args):
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    yield context.new_page()
    context.close()


class Witness:
    """What went wrong in a page, as the browser tells it: errors, refusals, strange requests."""

    def __init__(self, page, own_url):
        self.complaints, self.strangers, self.responses = [], [], []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._hear)
        page.on("requestfailed", lambda request: self.complaints.append(f"failed: {request.url}"))
        page.on("response", lambda response: self.responses.append(response))
        page.on(
            "request",
            lambda request: (
                None if request.url.startswith(own_url) else self.strangers.append(request.url)
            ),
        )

    def _hear(self, message):
        # Of an error page the browser notes the status itself.
        if message.type in ("error", "warning") and "the server responded with" not in message.text:
            self.complaints.append(message.text)

    @property
    def failed(self):
        """Answers that say something was not there, other than the page itself."""
        return [one.url for one in self.responses[1:] if one.status >= 400]


@pytest.fixture
def witness(page, live_server):
    return Witness(page, live_server.url)
