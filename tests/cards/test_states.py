"""The one writer of service states: legality, history, dates, release (invariant 1)."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cardfleet.journal.models import Entry
from cardfleet.kernel.errors import NotVisible
from cards.choices import Axis, ChangeSource, ServiceState, StopReason
from cards.errors import ChangeRefused
from cards.models import Card, CardChange
from cards.rules.transitions import STEPS
from cards.services.states import StateReport, change_service_state, change_service_states
from tests.conftest import FRIDAY
from tests.factories.cards import RECORDED, CardFactory

pytestmark = pytest.mark.django_db


def change(card: Card, to: str, **given) -> CardChange:
    """Record a change an hour before noon, by nobody in particular."""
    known = {"reason": "", "source": ChangeSource.CARRIER_APP, "at": FRIDAY, "actor": None, "now": FRIDAY}
    return change_service_state(card_id=card.pk, to=to, **known | given)


def test_change_writes_card_history_and_journal_together():
    """R34, R36: a stop is a state with a reason, one history row and one journal entry."""
    card = CardFactory()
    row = change(card, ServiceState.HALF_STOP, reason=StopReason.ARREARS, note="text of the message")
    card.refresh_from_db()
    assert (card.service_state, card.stop_reason, card.service_since) == ("half_stop", "arrears", FRIDAY)
    assert card.updated_at == FRIDAY
    assert (row.axis, row.from_state, row.to_state, row.reason, row.note) == (
        Axis.SERVICE,
        "active",
        "half_stop",
        "arrears",
        "text of the message",
    )
    entry = Entry.objects.get(action="cards.service_state_changed")
    assert entry.subject == f"cards.card:{card.pk}"
    assert entry.data["to"] == "half_stop"
    assert "text of the message" not in str(entry.data)


def test_illegal_change_is_refused_with_the_legal_targets():
    """R34: a frozen number cannot come back; nothing is written."""
    card = CardFactory(service_state=ServiceState.FROZEN)
    with pytest.raises(ChangeRefused) as refused:
        change(card, ServiceState.ACTIVE)
    assert refused.value.context["legal"] == ["released"]
    assert refused.value.reasons[0].code == "illegal_transition"
    assert CardChange.objects.filter(card=card, axis=Axis.SERVICE).count() == 1
    assert not Entry.objects.exists()


def test_the_same_state_again_is_refused_and_a_new_reason_is_not():
    """A carrier stops first and says why later."""
    card = CardFactory(service_state=ServiceState.FULL_STOP)
    with pytest.raises(ChangeRefused) as refused:
        change(card, ServiceState.FULL_STOP)
    assert refused.value.reasons[0].code == "state_unchanged"
    change(card, ServiceState.FULL_STOP, reason=StopReason.ARREARS)
    card.refresh_from_db()
    assert (card.stop_reason, card.service_since) == ("arrears", RECORDED)


def test_dates_do_not_run_backwards():
    card = CardFactory()
    change(card, ServiceState.HALF_STOP, reason=StopReason.ARREARS)
    with pytest.raises(ChangeRefused) as refused:
        change(card, ServiceState.ACTIVE, at=FRIDAY - timedelta(minutes=1))
    assert refused.value.reasons[0].code == "dates_run_backwards"
    with pytest.raises(ChangeRefused) as refused:
        change(card, ServiceState.ACTIVE, at=FRIDAY + timedelta(minutes=1))
    assert refused.value.reasons[0].code == "in_the_future"


def test_what_happened_before_the_card_was_recorded_may_be_recorded():
    card = CardFactory()
    change(card, ServiceState.HALF_STOP, reason=StopReason.ARREARS, at=RECORDED - timedelta(days=3))
    card.refresh_from_db()
    assert card.service_since == RECORDED - timedelta(days=3)


def test_withdrawn_cancellation_goes_back_where_it_began():
    """R106: a cancellation withdrawn returns the card to the stop it came from or into service."""
    card = CardFactory(service_state=ServiceState.HALF_STOP, stop_reason=StopReason.ARREARS)
    change(card, ServiceState.CANCEL_PENDING)
    with pytest.raises(ChangeRefused):
        change(card, ServiceState.FULL_STOP, reason=StopReason.ARREARS)
    change(card, ServiceState.HALF_STOP, reason=StopReason.ARREARS)
    card.refresh_from_db()
    assert card.service_state == "half_stop"


@pytest.mark.parametrize(("right", "ok"), [(["cards.release_card"], True), ([], False)])
def test_compliance_releases_a_card_stopped_for_its_conduct(person, right, ok):
    """R35, X9: after a forced stop compliance signs before use."""
    card = CardFactory(service_state=ServiceState.FORCED_STOP, stop_reason=StopReason.VIOLATION)
    if ok:
        change(card, ServiceState.ACTIVE, actor=person(*right), source=ChangeSource.PERSON)
    else:
        with pytest.raises(ChangeRefused) as refused:
            change(card, ServiceState.ACTIVE, actor=person(*right), source=ChangeSource.PERSON)
        assert refused.value.reasons[0].code == "release_missing"
    card.refresh_from_db()
    assert (card.service_state == "active") is ok


def test_unknown_card_is_not_visible():
    with pytest.raises(NotVisible):
        change(Card(pk=-1), ServiceState.ACTIVE)


@pytest.mark.parametrize("count", [1, 3])
def test_many_reports_take_a_fixed_number_of_statements(count, django_assert_num_queries):
    cards = CardFactory.create_batch(count)
    reports = [
        StateReport(card_id=card.pk, to=ServiceState.HALF_STOP, reason=StopReason.ARREARS, at=FRIDAY) for card in cards
    ]
    with django_assert_num_queries(7):  # savepoint, lock, history, cards, changes, journal, release
        outcome = change_service_states(reports=reports, source=ChangeSource.IMPORT, actor=None, now=FRIDAY)
    assert len(outcome.changes) == count


def test_many_reports_good_ones_land_and_the_others_come_back():
    stopped, known, frozen = CardFactory(), CardFactory(), CardFactory(service_state=ServiceState.FROZEN)
    reports = [
        StateReport(card_id=stopped.pk, to=ServiceState.FULL_STOP, at=FRIDAY),
        StateReport(card_id=stopped.pk, to=ServiceState.HALF_STOP, at=FRIDAY - timedelta(hours=1)),
        StateReport(card_id=known.pk, to=ServiceState.ACTIVE, at=FRIDAY),
        StateReport(card_id=frozen.pk, to=ServiceState.ACTIVE, at=FRIDAY),
    ]
    outcome = change_service_states(reports=reports, source=ChangeSource.IMPORT, actor=None, now=FRIDAY)
    assert [(row.from_state, row.to_state) for row in outcome.changes] == [
        ("active", "half_stop"),
        ("half_stop", "full_stop"),
    ]
    assert [report.card_id for report in outcome.unchanged] == [known.pk]
    assert [(report.card_id, reason.code) for report, reason in outcome.refused] == [(frozen.pk, "illegal_transition")]
    stopped.refresh_from_db()
    assert stopped.service_state == "full_stop"


def test_take_over_may_enter_any_state():
    card = CardFactory()
    change(card, ServiceState.FROZEN, source=ChangeSource.TAKEOVER)
    card.refresh_from_db()
    assert card.service_state == "frozen"


class HistoryTest(TestCase):
    """Whatever is asked of the service, history replays to the present state and never leaves the graph."""

    @settings(max_examples=40, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(ServiceState.values),
                st.sampled_from(["", *StopReason.values]),
                st.integers(min_value=-5, max_value=60),
            ),
            max_size=12,
        )
    )
    def test_history_replays(self, asked):
        card = CardFactory(service_state=ServiceState.PENDING)
        for hours, (to, reason, minutes) in enumerate(asked):
            at = RECORDED + timedelta(hours=hours, minutes=minutes)
            try:
                change(card, to, reason=reason, at=at, source=ChangeSource.CARRIER_CALL)
            except ChangeRefused:
                continue
        card.refresh_from_db()
        history = list(card.changes.filter(axis=Axis.SERVICE).order_by("id"))
        state, since = "", None
        for row in history:
            assert row.from_state == state
            assert not state or row.to_state == state or row.to_state in STEPS[ServiceState(state)]
            assert len(row.from_state) == 0 or history.index(row) == 1 or row.at >= since
            state, since = row.to_state, row.at
        assert (state, history[-1].reason) == (card.service_state, card.stop_reason)
