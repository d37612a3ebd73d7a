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

from cardfleet.accounts.services.access import issue_token
from cardfleet.kernel.filtersets import NOT
from cardfleet.kernel.management.commands.check_schema import SCHEMA, schema_text
from tests.api.operations import route_of
from tests.api.writables import WRITABLE
from tests.api_routes import API
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory
from tests.factories.billing import UsageSourceFactory
from tests.factories.cards import TagFactory

HOOKS = Path(__file__).with_name("schemathesis_hooks.py")
# Between this module and the hooks, in the directory in which it runs.
THINGS, TALLY = "things.json", "tally.json"
ROOT = "/api/v1/"
CONFIG = Path(__file__).with_name("schemathesis.toml")
# Printed at the end of a run (.ci/run).
REPORT = settings.CARDFLEET_HOME / "schemathesis.txt"
# With what comes before the first request and after the last it stays within two minutes.
SECONDS = 100
# Of the operations that write, those that were done at least once. The others need what no example can hold: a file of
# a carrier, a state that the thing is not in, a person of whom one is not.
LEAST_DONE = 0.4
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
ASKER = "test-asker"
WORDS_OF = {
    "/api/v1/jobs/": {"kind": "cards.import"},
    "/api/v1/events/": {"action": "agents.card_issued", "after": "0"},
    "/api/v1/why/": {"person": ASKER, "thing": "/"},
}


@pytest.mark.usefixtures("reference")
def test_the_api_keeps_its_schema(transactional_db, live_server, of, tmp_path) -> None:
    """No answer that the schema does not tell of, and none of 500; the report stays in REPORT."""
    UsageSourceFactory(slug=WORDS["source"])
    TagFactory(name=WORDS["tag"])
    token, _expiry = issue_token(person=PersonFactory(username=ASKER, is_superuser=True), now=FRIDAY)
    schema, place = json.loads(schema_text()), tmp_path / Path(SCHEMA).name
    place.write_text(json.dumps(with_examples(schema, of)))
    (tmp_path / THINGS).write_text(json.dumps({name: pk for name, pk in of.items() if isinstance(pk, int)}))
    (tmp_path / CONFIG.name).write_text(
        "\n".join([f"hooks = {json.dumps(str(HOOKS))}", CONFIG.read_text(), *known_things(schema, of)])
    )
    program = Path(sys.executable).with_name("schemathesis")
    command = [
        program,
        "run",
        place,
        f"--url={live_server.url}",
        f"--max-time={SECONDS}",
        "--no-color",
        "--seed=1",
    ]
    with REPORT.open("w") as report:
        ran = subprocess.run(
            command, env={**os.environ, "API_TOKEN": token}, cwd=tmp_path, stdout=report, stderr=report, check=False
        )
        asked, done = json.loads((tmp_path / TALLY).read_text())
        report.write(share(asked, done))
    assert ran.returncode == 0, REPORT.read_text()
    assert sum(map(bool, done.values())) >= len(asked) * LEAST_DONE, REPORT.read_text()


def with_examples(schema: dict[str, Any], of: dict[str, Any]) -> dict[str, Any]:
    """Return the schema, whose examples of what is made are of the things that there are."""
    for name, row in WRITABLE.items():
        bodies = schema["paths"][f"{ROOT}{name}/{row.to}"]["post"]["requestBody"]["content"]
        bodies["application/json"]["example"] = row.body(of)
        if row.change:
            to, change = row.change
            spec = schema["paths"][f"{ROOT}{name}/{{id}}/{to}"]["post" if to else "patch"]
            spec["requestBody"]["content"]["application/json"]["example"] = change(of)
    return schema


def share(asked: dict[str, int], done: dict[str, int]) -> str:
    """Return in words how many of the writes that were meant well were done."""
    never = sorted(asked.keys() - {name for name, times in done.items() if times})
    return "\n".join(
        [
            "",
            f"Writes as the schema has them: {sum(asked.values())}, done: {sum(done.values())}",
            f"Operations that write: {len(asked)}, done at least once: {len(asked) - len(never)}; never:",
            *never,
            "",
        ]
    )


def known_things(schema: dict[str, Any], things: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of the configuration that let every operation meet the thing it is about."""
    for path, item in schema["paths"].items():
        names = re.findall(r"{(\w+)}", path)
        words = API[route_of(path)][0].split() if names else []
        filled = [
            f'"path.{name}" = {json.dumps(things.get(word, word), default=str)}'
            for name, word in zip(names, words, strict=True)
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
