"""Which events are asked for, what is kept in order, when it is tried again, and how it is signed."""

import base64
import hmac
from datetime import timedelta

import pytest

from cardfleet.webhooks.rules.matching import fits, is_asked_for, lanes_of, unknown
from cardfleet.webhooks.rules.retrying import TRIED_FOR, next_try
from cardfleet.webhooks.rules.signing import key_of, secret_of, signed, without_secrets
from docs.examples.webhook_receiver import is_genuine
from tests.factories.webhooks import SECRET


@pytest.mark.parametrize(
    ("pattern", "action", "does"),
    [
        ("*", "cards.card_changed", True),
        ("cards.*", "cards.card_changed", True),
        ("cards.*", "cardsx.card_changed", False),
        ("cards.card_changed", "cards.card_changed", True),
        ("cards.card", "cards.card_changed", False),
    ],
)
def test_patterns(pattern: str, action: str, does: bool) -> None:
    assert fits(pattern, action) is does
    assert (unknown([pattern], [action]) == []) is does


@pytest.mark.parametrize(
    ("conditions", "does"),
    [
        ({}, True),
        ({"kinds": ["cards.card"]}, True),
        ({"kinds": ["accounts.team"]}, False),
        ({"about": ["accounts.team:3"]}, True),
        ({"about": ["accounts.team:4"]}, False),
        ({"kinds": ["cards.card"], "about": ["cards.card:7"]}, True),
        ({"actions": ["agents.*"]}, False),
        ({"about": ["cards.carrier:2"]}, True),
        ({"about": ["accounts.team:1"]}, True),
        ({"about": ["cards.carrier:3"]}, False),
    ],
)
def test_conditions(conditions: dict, does: bool) -> None:
    asked = {"actions": ["cards.*"], "kinds": [], "about": []} | conditions
    subjects = ["cards.card:7", "accounts.team:3"]
    belongings = {"cards.card:7": {"cards.carrier:2", "accounts.team:1"}}
    facts = {"action": "cards.card_changed", "subjects": subjects, "belongings": belongings}
    assert is_asked_for(**asked, **facts) is does


def test_what_is_kept_in_order() -> None:
    """By each card that is named; by the subject where none is."""
    kept = {"kept_in_order": "cards.card"}
    assert lanes_of(["agents.assignment:1", "cards.card:9", "cards.card:10"], **kept) == [
        "cards.card:10",
        "cards.card:9",
    ]
    assert lanes_of(["accounts.team:3", "cards.cardgroup:1"], **kept) == ["accounts.team:3"]


def test_it_is_tried_for_a_day(now) -> None:
    tries, moment = [], now
    while moment:
        tries.append(moment - now)
        moment = next_try(attempts=len(tries), first_at=now, now=moment)
    assert (tries[1], tries[-1]) == (timedelta(seconds=5), TRIED_FOR)
    assert len(tries) == 12


@pytest.mark.parametrize("secret", ["", "x", "whsec_", "whsec_?", "whsec_MDEy", SECRET.removeprefix("whsec_")])
def test_what_is_no_secret(secret: str) -> None:
    assert key_of(secret) is None


def test_both_secrets_sign_and_the_example_receiver_proves_it() -> None:
    """Standard Webhooks: HMAC-SHA256 over id, timestamp and body; a call that comes late again is refused."""
    other, body = secret_of(b"k" * 32), b'{"type":"cards.card_changed"}'
    headers = signed([SECRET, other], event_id="evt_5", timestamp=1_700_000_000, body=body)
    digest = hmac.digest(b"012345678901234567890123", b"evt_5.1700000000." + body, "sha256")
    assert headers["webhook-signature"].split()[0] == f"v1,{base64.b64encode(digest).decode()}"
    facts = {"secret": SECRET, "now": 1_700_000_010.0}
    for secret in (SECRET, other):
        assert is_genuine(headers, body, **facts | {"secret": secret})
    assert not is_genuine(headers, body + b" ", **facts)
    assert not is_genuine(headers | {"webhook-id": "evt_6"}, body, **facts)
    assert not is_genuine(headers, body, **facts | {"now": 1_700_000_301.0})
    assert not is_genuine({}, body, **facts)


def test_a_secret_that_comes_back_is_not_kept() -> None:
    said = f"you sent {SECRET}, that is {SECRET.removeprefix('whsec_')}"
    assert without_secrets(said, [SECRET]) == "you sent …, that is …"
