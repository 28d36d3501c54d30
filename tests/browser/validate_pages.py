"""What the W3C's checker (vnu) says of every kind of page; `make validate`. Not among the tests:
it wants Java, and the checker's jar, which VNU_JAR names."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from .test_pages import PAGES

pytestmark = pytest.mark.django_db(transaction=True)

#: A line for each message that is known to be wrong, with a tab and the reason after it.
FALSE_ALARMS = dict(
    line.split("\t")
    for line in (Path(__file__).parent / "false_alarms.txt").read_text().splitlines()
)


def test_the_checker_finds_no_error_on_any_kind_of_page(live_server, client, tmp_path):
    files = {}
    for name, path in PAGES.items():
        file = tmp_path / f"{name.replace(' ', '-')}.html"
        file.write_bytes(client.get(path, follow=True).content)
        files[file.name] = name
    command = ["java", "-jar", os.environ["VNU_JAR"], "--format", "json", "--stdout"]
    found = subprocess.run([*command, *tmp_path.iterdir()], capture_output=True, text=True)
    errors = {
        (files[Path(one["url"]).name], one["message"])
        for one in json.loads(found.stdout)["messages"]
        if one["type"] == "error" and one["message"] not in FALSE_ALARMS
    }
    assert errors == set()
