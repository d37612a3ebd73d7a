"""What follows from cases elsewhere: a loss given up, opinions and repairs on the scorecard, the old SIM in a file."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.models import Assignment
from billing.choices import SignalMeaning
from billing.models import UsageBatch, UsageRecord, UsageSignal
from billing.services.usage_restamping import restamp
from cardfleet.accounts.choices import Role
from cards.choices import StopReason
from lifecycle.choices import CaseKind, CaseOutcome
from lifecycle.models import Case
from lifecycle.selectors.quality import card_quality
from lifecycle.selectors.scorecard import scorecard
from lifecycle.services.cases import close_case
from lifecycle.services.cases.future import look_ahead
from lifecycle.services.quality import rate_calls
from lifecycle.services.reissue import reissue_card
from tests.billing.conftest import load
from tests.cases.test_losses_faults import HOUR, NEW, held, lost, stopped
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.billing import UsageSourceFactory
from tests.factories.cards import CardFactory
from tests.factories.cases import CaseFactory, do
from tests.factories.lifecycle import UsageDailyFactory

__all__ = ["held", "load"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)


def test_a_loss_that_is_given_up_goes_on_as_a_cancellation(held) -> None:
    """R52, R76, R93: nobody holds the card any more; the cancellation is the loss's child, and stays when it ends."""
    case = lost(held)
    stopped(case)
    do(case, "way", given={"way": "cancel"}, now=FRIDAY + HOUR)
    (child,) = case.children.all()
    assert (child.kind, child.reason, child.is_open) == (CaseKind.CANCELLATION, StopReason.LOST, True)
    held.refresh_from_db()
    assert (held.holder, held.custody_state) == (None, "missing")
    assert not Assignment.objects.open().filter(card=held).exists()
    ended = close_case(case_id=case.pk, outcome=CaseOutcome.CANCELLED, actor=None, now=FRIDAY + HOUR)
    child.refresh_from_db()
    assert (ended.outcome, child.is_open) == (CaseOutcome.CANCELLED, True)


def dropped(card, *moments, meaning=SignalMeaning.DROPPED) -> None:
    """Record failure codes of calls, with the day's answered calls of two sources beside them."""
    source = UsageSourceFactory()
    batch = UsageBatch.objects.create(source=source, created_at=FRIDAY)
    for at in moments:
        UsageSignal.objects.create(
            card=card, at=at, code="1", meaning=meaning, source=source, batch=batch, recorded_at=FRIDAY
        )


def test_drops_opinions_and_repairs_stand_on_the_scorecard() -> None:
    """R43, R77, R78: of the month and scope alone; calls by the largest source, faults against the law's hours."""
    team = TeamFactory()
    card, other = CardFactory(team=team), CardFactory(team=TeamFactory())
    dropped(card, FRIDAY - DAY, FRIDAY - 2 * DAY, FRIDAY - 40 * DAY)
    dropped(card, FRIDAY - 3 * DAY, meaning=SignalMeaning.VACANT)
    dropped(other, FRIDAY - DAY)
    for role, answered in (("carrier", 400), ("switch", 500)):
        UsageDailyFactory(card=card, day=TODAY - DAY, role=role, answered=answered)
    for score, cause in ((5, ""), (2, "dropped")):
        rate_calls(
            card_id=card.pk, cards=type(card).objects.all(), score=score, cause=cause, actor=None, now=FRIDAY - DAY
        )
    for hours in (40, 50):
        fault = CaseFactory(card=card, kind=CaseKind.FAULT, reason="unknown", now=FRIDAY - 5 * DAY)
        do(fault, "diagnose", given={"fault": "drops", "area": "city"}, now=FRIDAY - 5 * DAY)
        do(fault, "ticket", given={"ticket": "T", "new_sim": False}, now=FRIDAY - 5 * DAY)
        do(fault, "repair", given={"cause": "other"}, now=FRIDAY - 5 * DAY + hours * HOUR)
        close_case(case_id=fault.pk, outcome=CaseOutcome.WITHDRAWN, actor=None, now=FRIDAY)
    person = PersonFactory(role=Role.SUPERVISOR, scope=team)
    (score,) = [one for one in scorecard(TODAY, user=person, now=FRIDAY) if one.carrier == card.carrier]
    quality, repairs = score.quality, score.repairs
    assert (quality.dropped, quality.calls, quality.drop_rate) == (2, 500, Decimal("4.0"))
    assert (quality.mean, quality.poor_share) == (Decimal("3.5"), Decimal("50.0"))
    assert (repairs.count, repairs.hours, repairs.in_law, repairs.late) == (2, Decimal("45.0"), 1, 1)
    assert (card_quality(card.pk).dropped, card_quality(card.pk).calls) == (3, 500)


def test_calls_under_the_old_iccid_are_those_of_the_card(load) -> None:
    """R39, R52: a carrier's file of the days before the re-issue names a SIM that is void now."""
    card = CardFactory(activated_on=date(2026, 3, 1))
    old = card.iccid
    reissue_card(card_id=card.pk, iccid=NEW, why="form", in_hand=True, at=FRIDAY - DAY, actor=None, now=FRIDAY)
    header = "iccid,msisdn,started_at,direction,counterpart,duration_s,fee,uid,answered"
    rows = [
        f"{iccid},,2026-11-{day} 09:00:00,out,13900000001,61,0.30,a-{day},是" for iccid, day in ((old, 18), (NEW, 20))
    ]
    batch = load("\n".join([header, *rows]))
    assert batch.rows_stored == 2
    assert set(UsageRecord.objects.values_list("card", flat=True)) == {card.pk}


def test_an_import_looks_once_more_whose_its_calls_are(now) -> None:
    """R13 (invariant 6): a hand-out entered late meanwhile is stamped, an undone one is not, what stands stays."""
    agent, other = AgentFactory(), AgentFactory()
    late, undone, quiet = CardFactory(), CardFactory(), CardFactory()
    entered = hand_over(late, agent, at=now - 2 * DAY)
    wrong = hand_over(undone, other, at=now - 2 * DAY)
    hand_over(quiet, other, at=now - 9 * DAY)
    Assignment.objects.filter(pk=entered.pk).update(recorded_at=now)
    Assignment.objects.filter(pk=wrong.pk).update(undone_at=now)
    rows = [
        (1, late.pk, now - DAY, None),
        (2, late.pk, now - 3 * DAY, None),
        (3, undone.pk, now - DAY, other.pk),
        (4, quiet.pk, now - DAY, None),
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE usage_row (line int, card_id bigint, started_at timestamptz, agent_id bigint,"
            " team_id bigint) ON COMMIT DROP"
        )
        cursor.executemany("INSERT INTO usage_row VALUES (%s, %s, %s, %s, NULL)", rows)
        restamp(now=now)
        cursor.execute("SELECT line, agent_id FROM usage_row ORDER BY line")
        assert cursor.fetchall() == [(1, agent.pk), (2, None), (3, None), (4, None)]


def test_looking_ahead_asks_as_often_for_three_cards_as_for_one() -> None:
    """R15, R100: cases are opened set-based, whatever the size of the fleet."""
    counts = []
    for times in (1, 3):
        CardFactory.create_batch(times, expires_on=TODAY + 20 * DAY)
        for card in CardFactory.create_batch(times):
            UsageDailyFactory(card=card, day=TODAY - 80 * DAY)
        with CaptureQueriesContext(connection) as caught:
            opened = look_ahead(today=TODAY, now=FRIDAY)
        assert (opened.renewals, opened.idle) == (times, times)
        counts.append(len(caught))
    assert counts[0] == counts[1]
    assert Case.objects.count() == 8
