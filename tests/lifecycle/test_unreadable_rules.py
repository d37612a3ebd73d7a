"""Rules whose values cannot be read: not written, and where one is there all the same, it stops no other (R2)."""

from datetime import date

import pytest
from rest_framework.test import APIClient

from cardfleet.accounts.choices import Role
from cardfleet.notify.models import InboxItem, Message
from cards.models import CarrierRule
from lifecycle.models import Finding, RiskAssessment
from lifecycle.selectors.rules import rule_book, rules_in_force
from lifecycle.services.assessment import assess_suspension_risk
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory
from tests.factories.cards import CarrierRuleFactory
from tests.factories.lifecycle import UsageDailyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
WRONG = {"allowed": ["09:00"]}


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(FRIDAY, tick=False)


@pytest.fixture
def administrator():
    return PersonFactory(role=Role.ADMIN, email="admin@example.com")


@pytest.fixture
def broken(administrator) -> CarrierRule:
    """A rule that came in by another way than ours."""
    return CarrierRuleFactory(kind="call_window", params=WRONG, version=7, effective_from=date(2026, 11, 1))


def window() -> CarrierRule:
    return CarrierRule.objects.get(kind="call_window", industry="", version=1)


@pytest.mark.parametrize(
    ("params", "status"),
    [
        (WRONG, 400),
        ([], 400),
        (None, 400),
        ({"allowed": [["9 o'clock", "12:00"]]}, 400),
        ({"allowed": [["09:00", "11:00"]], "blocked": [["21:00", "09:00"]]}, 201),
    ],
)
def test_the_api_writes_no_version_that_could_not_be_applied(administrator, params, status):
    """R2: the same check as in the administration, and the version before stays in force."""
    client, rule = APIClient(), window()
    client.force_authenticate(administrator)
    given = {"effective_from": "2026-12-01", "reason": "notice", "params": params}
    answer = client.post(f"/api/v1/carrier-rules/{rule.pk}/versions/", given, format="json")
    assert answer.status_code == status, answer.json()
    written = CarrierRule.objects.filter(lineage=rule.lineage).count() - 1
    rule.refresh_from_db()
    assert (written, rule.effective_to) == ((1, date(2026, 12, 1)) if status == 201 else (0, None))
    if status == 400:
        assert answer.json()["details"][0]["field"] == "params"


def test_it_is_left_out_and_the_general_rule_holds(broken, now):
    book = rule_book(date(2026, 11, 20))
    assert [rule.rule_id for rule in book.unreadable] == [broken.pk]
    assert broken.pk not in {rule.rule_id for rule in rules_in_force(date(2026, 11, 20))}
    assert window().pk in {rule.rule_id for rule in book.rules}


def test_the_assessment_goes_on_and_administrators_are_told_once(broken, administrator, now):
    """R37: every other rule is applied; the one that is not is named."""
    card = UsageDailyFactory(calls=210).card
    PersonFactory(role=Role.SUPERVISOR)
    for _run in range(2):
        assert assess_suspension_risk(now=now).counts()["rules_left_out"] == 1
    assert RiskAssessment.objects.get(card=card).score > 0
    assert Finding.objects.filter(card=card, kind="daily_out_calls").exists()
    told = InboxItem.objects.get(code="lifecycle.rule_unreadable")
    assert (told.user, told.params["kind"], told.params["version"]) == (administrator, "call_window", 7)
    assert str(broken.pk) in told.url
    assert "call_window" in Message.objects.get(email="admin@example.com").body


def test_nobody_is_told_where_every_rule_can_be_read(administrator, now):
    assert "rules_left_out" not in assess_suspension_risk(now=now).counts()
    assert not InboxItem.objects.exists()
