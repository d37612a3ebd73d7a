"""The examples of docs/examples do what they say, as they stand, against a live server."""

import os
import shutil
import subprocess
import sys

import pytest
from django.conf import settings
from django.utils import timezone

from cardfleet.accounts.choices import Role
from cardfleet.accounts.services.access import issue_token
from cards.models import CardNote
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.cards import CardFactory

EXAMPLES = settings.BASE_DIR / "docs" / "examples"
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def supervisor(transactional_db, reference):
    """Somebody who signs in by name and password."""
    team = TeamFactory()
    person = PersonFactory(role=Role.SUPERVISOR, scope=team, team=team)
    person.set_password("a sentence only they know")
    person.save(update_fields=["password"])
    return person


@pytest.fixture
def run(live_server, supervisor):
    """What runs an example as the supervisor, and returns what it wrote."""
    token, _expiry = issue_token(person=supervisor, now=timezone.now())

    def run(*command, url=live_server.url, code=0, given="", **environment) -> str:
        surroundings = {**os.environ, "CARDFLEET_URL": url, "CARDFLEET_TOKEN": token, **environment}
        ran = subprocess.run(
            command, env=surroundings, input=given, capture_output=True, text=True, timeout=60, check=False
        )
        assert ran.returncode == code, ran.stderr
        return ran.stdout + ran.stderr

    return run


def test_python_reads_every_card_and_writes_a_note(run, supervisor) -> None:
    cards = [CardFactory(team=supervisor.team) for _each in range(3)]
    CardFactory(team=TeamFactory())
    script = str(EXAMPLES / "read_fleet.py")
    listed = [line.split("\t")[0] for line in run(sys.executable, script).splitlines()]
    assert sorted(map(int, listed)) == [card.pk for card in cards]
    assert run(sys.executable, script, str(cards[0].pk), "Rings at times").startswith("note ")
    assert CardNote.objects.get().text == "Rings at times"
    assert "bad_input" in run(sys.executable, script, "0", "Rings at times", code=1)


def test_curl_signs_in_and_reads(run, supervisor) -> None:
    if shutil.which("curl") is None:
        pytest.skip("No curl here.")
    card = CardFactory(team=supervisor.team)
    told = run(
        str(EXAMPLES / "read_fleet.sh"),
        CARDFLEET_TOKEN="",
        USERNAME=supervisor.username,
        PASSWORD="a sentence only they know",
        MSISDN=card.msisdn,
    )
    assert told.count(f'"id":{card.pk},') == 2
    assert "There is no filter of this name" in told


def test_a_dialler_asks_and_calls_nothing_without_an_answer(run, supervisor) -> None:
    card, script = CardFactory(team=supervisor.team), str(EXAMPLES / "can_call.py")
    lines = f"{card.pk} 13900001234\n0 13900001234\n"
    told = run(sys.executable, script, given=lines).splitlines()
    assert told[0].startswith("no\tnot_issued: Nobody holds the card.")
    assert told[1].startswith("no\tnot_found")
    assert run(sys.executable, script, given=lines, url=NOWHERE).count("no\tno_answer") == 2
