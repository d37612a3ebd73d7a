"""The one list of how long data is kept: floors, holds, runs twice and late, runs that ask first."""

from datetime import timedelta

import pytest
from django.urls import reverse

from agents.models import Appraisal, Handover
from billing.errors import NothingWaits, RetentionTooShort
from billing.models import RetentionRule
from billing.services.retention import apply_retention, confirm_retention, load_retention, set_retention
from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import User
from cardfleet.files.services import store
from cardfleet.journal.models import Entry
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import BadInput
from cardfleet.kernel.personal import GONE
from cardfleet.kernel.retention import categories, kept_from
from cardfleet.notify.models import InboxItem
from lifecycle.selectors.retention import retention_page
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory
from tests.factories.agents import AgentFactory, AppraisalFactory, HandoverFactory
from tests.factories.cards import CardFactory, picture
from tests.factories.cases import CaseFactory
from tests.factories.desk import MatterFactory, do_steps
from tests.factories.lifecycle import ComplaintFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
TODAY = business_day(FRIDAY)
LATER = FRIDAY + timedelta(days=366 * 6)


def rule(code: str) -> RetentionRule:
    return RetentionRule.objects.get(category=code)


def run(moment=LATER) -> dict[str, int]:
    return apply_retention(on=business_day(moment), now=moment)


@pytest.mark.parametrize("code", sorted(categories()))
def test_no_time_goes_below_its_floor(code) -> None:
    """R83: each category has a floor with its source, a usual time above it, and the floor cannot be undercut."""
    category = categories()[code]
    assert str(category.floor.basis)
    assert rule(code).months == max(category.default, category.floor.months) == category.default
    if category.floor.months:
        with pytest.raises(RetentionTooShort) as refused:
            set_retention(rule_id=rule(code).pk, months=category.floor.months - 1, actor=None, now=FRIDAY)
        assert str(refused.value.reasons[0].message) == str(category.floor.basis)
    assert not category.look(kept_from(TODAY, 0)).count or code in {"sign_ins", "inbox", "messages"}


def test_a_raised_floor_raises_what_is_set() -> None:
    RetentionRule.objects.filter(category="complaints").update(floor=1, months=2)
    load_retention(now=FRIDAY)
    assert (rule("complaints").floor, rule("complaints").months) == (5, 5)


def test_papers_go_once_and_late_and_what_is_held_stays() -> None:
    """R83: a signature, an appraisal, a complaint and a matter past their time; an open case keeps two of them."""
    agent, witness = AgentFactory(), AgentFactory()
    drawing = store(content=picture(), name="s.png", purpose="agents.signature", owner=None, now=FRIDAY)
    signed = {"handed_at": FRIDAY, "accepted_at": FRIDAY, "signature": drawing, "signed_name": "N"}
    HandoverFactory(agent=agent, **signed)
    kept = HandoverFactory(agent=witness, **{**signed, "signature": None})
    AppraisalFactory(agent=agent)
    AppraisalFactory(agent=witness)
    CaseFactory(card=CardFactory(), actor=witness.user)
    ComplaintFactory(summary="said", received_at=FRIDAY)
    matter = MatterFactory(asker="A", summary="S")
    do_steps(matter)
    matter.__class__.objects.filter(pk=matter.pk).update(closed_at=FRIDAY, outcome="granted")
    first = run()
    assert {name: first[name] for name in ("receipts", "appraisals", "complaints")} == {
        "receipts": 2,
        "appraisals": 1,
        "complaints": 1,
    }
    assert first["matters"]
    drawing.refresh_from_db()
    matter.refresh_from_db()
    assert (drawing.content.name, matter.asker, matter.summary) == ("", "", GONE)
    assert list(Appraisal.objects.values_list("agent", flat=True)) == [witness.pk]
    assert Handover.objects.get(pk=kept.pk).signed_name == "N"
    assert Handover.objects.exclude(pk=kept.pk).get().signed_name == GONE
    again = run()
    assert not any(again[name] for name in ("receipts", "appraisals", "complaints", "matters"))
    due = categories()["receipts"].look(kept_from(business_day(LATER), 0))
    assert (due.count, due.held) == (0, {"case": 1})
    entries = Entry.objects.filter(action="billing.retention_applied", data__category="receipts")
    assert entries.latest("pk").data["dropped"] == {"files": 1, "rows": 1}


def test_a_run_that_would_take_much_asks_first(client) -> None:
    """R83: a time set too short by mistake empties nothing; a person confirms, with a reason, what was asked."""
    officer = PersonFactory(role=Role.COMPLIANCE)
    for _ in range(2):
        AppraisalFactory(agent=AgentFactory())
    asked = rule("appraisals")
    with pytest.raises(NothingWaits):
        confirm_retention(rule_id=asked.pk, on=TODAY, reason="r", actor=officer, now=FRIDAY)
    set_retention(rule_id=asked.pk, months=24, at_once=1, actor=None, now=FRIDAY)
    for _ in range(2):
        assert run()["appraisals"] == 0
    assert Appraisal.objects.count() == 2
    assert Entry.objects.filter(action="billing.retention_waits").count() == 1
    assert InboxItem.objects.get(user=officer, code="billing.retention_waits").url == reverse("lifecycle:retention")
    with pytest.raises(BadInput):
        confirm_retention(rule_id=asked.pk, on=business_day(LATER), reason=" ", actor=officer, now=LATER)
    client.force_login(officer)
    assert client.get(reverse("lifecycle:retention")).context["page"].waiting == 1
    confirm_retention(rule_id=asked.pk, on=business_day(LATER), reason="right", actor=officer, now=LATER)
    assert run()["appraisals"] == 2
    assert rule("appraisals").waiting is None


def test_leavers_go_when_nothing_holds_them() -> None:
    """R83: years after their last day, by the nightly run; somebody in an open case stays."""
    gone = {"user__is_active": False, "user__left_on": TODAY, "status": "left", "left_on": TODAY}
    agent, witness = AgentFactory(**gone), AgentFactory(**gone)
    CaseFactory(card=CardFactory(), actor=witness.user)
    assert run(FRIDAY + timedelta(days=365))["people"] == 0
    assert run()["people"] == 1
    assert User.objects.exclude(erased_at=None).get() == agent.user
    assert run()["people"] == 0


def test_the_page_costs_the_same_however_much_there_is(
    django_assert_num_queries, django_assert_max_num_queries
) -> None:
    """R83: counts are statements a category, not a row."""
    with django_assert_max_num_queries(200) as first:
        assert retention_page(now=LATER).rows
    for _ in range(3):
        AppraisalFactory(agent=AgentFactory())
        ComplaintFactory(summary="said")
    with django_assert_num_queries(len(first)):
        retention_page(now=LATER)
