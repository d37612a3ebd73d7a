"""The API keeps what its schema says, whatever it is sent: schemathesis with all its checks (schemathesis.toml)."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.urls import resolve

from cardfleet.accounts.services.access import issue_token
from cardfleet.kernel.filtersets import NOT
from cardfleet.kernel.management.commands.check_schema import SCHEMA, schema_text
from tests.api_routes import API
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory
from tests.factories.billing import UsageSourceFactory
from tests.factories.cards import TagFactory

CONFIG = Path(__file__).with_name("schemathesis.toml")
# Printed at the end of a run (.ci/run).
REPORT = settings.CARDFLEET_HOME / "schemathesis.txt"
# With what comes before the first request and after the last it stays within two minutes.
SECONDS = 100
# Parameters that name a thing: met with one that there is, so that lists are not always empty. So do those that leave
# it out (`team!`). Here by id ...
RECORDS = {
    "agent": "agent",
    "assignee": "person",
    "card": "card",
    "carrier": "carrier",
    "holder": "agent",
    "plan": "plan",
    "team": "team",
}
# ... and in words, which take only what there is; a cursor is taken from a link of the list.
WORDS = {"callee": "13900001234", "number": "13900001234", "source": "test-source", "tag": "test-tag", "cursor": "bz0w"}
WORDS_OF = {
    "/api/v1/jobs/": {"kind": "cards.import"},
    "/api/v1/events/": {"action": "agents.card_issued", "after": "0"},
}


@pytest.mark.usefixtures("reference")
def test_the_api_keeps_its_schema(transactional_db, live_server, things, tmp_path) -> None:
    """No answer that the schema does not tell of, and none of 500; the report stays in REPORT."""
    UsageSourceFactory(slug=WORDS["source"])
    TagFactory(name=WORDS["tag"])
    token, _expiry = issue_token(person=PersonFactory(is_superuser=True), now=FRIDAY)
    text, schema = schema_text(), tmp_path / Path(SCHEMA).name
    schema.write_text(text)
    (tmp_path / CONFIG.name).write_text("\n".join([CONFIG.read_text(), *known_things(json.loads(text), things)]))
    program = Path(sys.executable).with_name("schemathesis")
    command = [
        program,
        "run",
        schema,
        f"--url={live_server.url}",
        f"--max-time={SECONDS}",
        "--no-color",
        "--seed=1",
    ]
    with REPORT.open("w") as report:
        ran = subprocess.run(
            command, env={**os.environ, "API_TOKEN": token}, cwd=tmp_path, stdout=report, stderr=report, check=False
        )
    assert ran.returncode == 0, REPORT.read_text()


def known_things(schema: dict[str, Any], things: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of the configuration that let every operation meet the thing it is about."""
    for path, item in schema["paths"].items():
        names = re.findall(r"{(\w+)}", path)
        route = resolve(re.sub(r"{\w+}", "1", path)).view_name
        words = API[route][0].split() if names else []
        filled = [
            f'"path.{name}" = {json.dumps(things.get(word, word))}' for name, word in zip(names, words, strict=True)
        ]
        asked = {
            one["name"]
            for one in item.get("get", {}).get("parameters", ())
            if one["in"] == "query" and "enum" not in one["schema"].get("items", one["schema"])
        }
        known = {**{name: things[word] for name, word in RECORDS.items()}, **WORDS, **WORDS_OF.get(path, {})}
        filled += [
            f'"query.{name}" = {json.dumps(known[thing])}'
            for name in sorted(asked)
            if (thing := name.removesuffix(NOT)) in known
        ]
        if filled:
            yield f"[[operations]]\ninclude-path = {json.dumps(path)}\nparameters = {{ {', '.join(filled)} }}\n"
