"""What a log line holds, and what it never holds; a process of its own, because logging is set up once a process."""

import json
import subprocess
import sys

import pytest

SAID = {
    "GET /cards/?search=13800001234": "GET /cards/?…",
    "Key (msisdn)=(+8613800001234) already exists": "Key (msisdn)=(+…1234) already exists",
    "8986001234567890123 and 11010119900101123X": "…0123 and …1123X",
    "card 123456 at 10:30:00": "card 123456 at 10:30:00",
    "request 5692179ea6024dc9852aab5260f84fd2": "request 5692179ea6024dc9852aab5260f84fd2",
}
SCRIPT = """
import json, logging, logging.config, sys, structlog
from cardfleet.kernel import logs
logs.configure({"level": "INFO", "json": sys.argv[1] == "json"})
for said in json.loads(sys.argv[2]):
    logging.getLogger("django").error(said)
with structlog.contextvars.bound_contextvars(request_id="r-1"):
    structlog.get_logger("cardfleet").info("card.issued", card=7, text="13800001234")
    logging.getLogger("django.request").warning("Not Found: %s", "/nowhere/")
    try:
        raise ValueError("Key (iccid)=(8986001234567890123) already exists")
    except ValueError:
        structlog.get_logger("cardfleet").exception("import failed")
"""


def written(form: str) -> list[str]:
    """Return the lines that the script logs."""
    command = [sys.executable, "-c", SCRIPT, form, json.dumps(list(SAID))]
    return subprocess.run(command, capture_output=True, text=True, check=True).stderr.splitlines()


@pytest.fixture(scope="module")
def lines() -> list[dict[str, object]]:
    """The lines as JSON."""
    return [json.loads(line) for line in written("json")]


def test_queries_and_numbers_stay_out(lines):
    assert [line["event"] for line in lines[: len(SAID)]] == list(SAID.values())


def test_both_ways_of_logging_carry_the_request_id(lines):
    ours, djangos = lines[len(SAID) : len(SAID) + 2]
    assert (ours["event"], ours["card"], ours["text"], ours["request_id"]) == ("card.issued", 7, "…1234", "r-1")
    assert (djangos["event"], djangos["request_id"], djangos["level"]) == ("Not Found: /nowhere/", "r-1", "warning")


def test_a_traceback_is_told_without_the_number(lines):
    assert "ValueError" in lines[-1]["exception"]
    assert "8986001234567" not in lines[-1]["exception"]


def test_people_read_plain_lines():
    assert "8986001234567" not in "".join(written("plain"))
    assert any("card.issued" in line and not line.startswith("{") for line in written("plain"))
