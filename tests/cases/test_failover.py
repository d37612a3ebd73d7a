"""A spare in the place of a stopped card: the selector, the one act, its refusals, two supervisors, pool and drill."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agents.models import Assignment
from cardfleet.accounts.choices import Role
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.reference import load
from cardfleet.notify.models import InboxItem
from cards.choices import CustodyState, ServiceState, StopReason
from cards.models import Card, Inspection
from lifecycle.choices import CaseKind
from lifecycle.errors import AlreadySwitched, SwitchRefused
from lifecycle.models import CardSwitch, Case, Forwarding, NumberNotice, StandbyShare
from lifecycle.selectors.failover import spares_for, standing_of
from lifecycle.selectors.standby import pool
from lifecycle.services.drills import open_drills
from lifecycle.services.failover import switch_to_standby
from lifecycle.services.states import record_state
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, hand_over, train
from tests.factories.cards import CardFactory, CarrierFactory, RegistrantFactory
from tests.factories.cases import CaseFactory, do_all

NOW = FRIDAY
STOPPED = NOW - timedelta(minutes=47)


class Ground:
    """A team whose supervisor has an agent with a stopped card, and two spares; the second fits better."""

    def __init__(self, *, state=ServiceState.FULL_STOP, reason=StopReason.ARREARS) -> None:
        self.team = TeamFactory()
        self.supervisor = PersonFactory(role=Role.SUPERVISOR, scope=self.team, team=self.team)
        self.agent = train(AgentFactory(user__team=self.team))
        self.company, self.carrier = RegistrantFactory(), CarrierFactory()
        facts = {"team": self.team, "carrier": self.carrier}
        self.old = CardFactory(registrant=self.company, **facts)
        hand_over(self.old, self.agent, at=NOW - timedelta(days=3))
        self.poor = CardFactory(custody_state=CustodyState.SPARE, registrant=RegistrantFactory(), **facts)
        self.best = CardFactory(custody_state=CustodyState.SPARE, registrant=self.company, **facts)
        if state:
            facts = {"to": state, "reason": reason, "source": "carrier_sms", "at": STOPPED}
            record_state(card_id=self.old.pk, actor=None, now=NOW, **facts)
            self.old.refresh_from_db()

    def switch(self, new, *, actor=None, **given):
        """Press the button."""
        who = actor or self.supervisor
        return switch_to_standby(card_id=self.old.pk, standby_id=new.pk, actor=who, now=NOW, gates={}, **given)

    def spares(self, **given):
        """Look at the spares."""
        standing = standing_of(self.old, actor=self.supervisor, now=NOW)
        return spares_for(standing, user=self.supervisor, now=NOW, gates={}, **given)


def codes(refused) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


@pytest.mark.django_db
def test_spares_are_ranked_by_what_is_on_record_in_a_fixed_number_of_statements(reference) -> None:
    """R55, R102: same holder and a look of late speak for one, what forbids it comes with what clears it."""
    ground = Ground()
    looked = {"custody_state": CustodyState.SPARE, "condition": "good", "signal": "found"}
    Inspection.objects.create(card=ground.best, at=NOW - timedelta(days=2), **looked)
    lame = CardFactory(team=ground.team, real_name_state="unknown")
    CardFactory()  # of another team: not in sight
    ground.spares()  # what a person may do is remembered
    with CaptureQueriesContext(connection) as few:
        spares = ground.spares()
    assert [one.card for one in spares.fit] == [ground.best, ground.poor]
    assert [(one.card, [reason.code for reason in one.ranked.unmet]) for one in spares.unfit] == [
        (lame, ["real_name_not_valid"])
    ]
    CardFactory.create_batch(3, team=ground.team, custody_state=CustodyState.SPARE)
    with CaptureQueriesContext(connection) as many:
        assert len(ground.spares().fit) == 5
    assert len(few) == len(many)


@pytest.mark.django_db
def test_one_press_moves_the_agent_to_the_spare(reference) -> None:
    """R47, R55, R110, R111: custody of both, minutes lost, a draft for the customers and the forwarding, at once."""
    ground = Ground()
    second = PersonFactory(role=Role.SUPERVISOR, scope=ground.team)
    switch = ground.switch(ground.best, note="欠费停机").switch
    ground.old.refresh_from_db()
    ground.best.refresh_from_db()
    assert (ground.old.holder, ground.old.custody_state) == (None, CustodyState.IN_STOCK)
    assert (ground.best.holder, ground.best.custody_state) == (ground.agent.user, CustodyState.ISSUED)
    assert (switch.minutes_lost, switch.reason, switch.released) == (47, StopReason.ARREARS, False)
    assert (switch.before.card, switch.assignment.card) == (ground.old, ground.best)
    notice = NumberNotice.objects.get()
    assert (notice.old_card, notice.new_card, notice.company) == (ground.old, ground.best, ground.company.name)
    assert Forwarding.objects.get().notice == notice
    assert switch.assignment.handover is not None
    assert InboxItem.objects.filter(user=ground.agent.user, code="agents.handed_over").count() == 1
    assert [item.user for item in InboxItem.objects.filter(code="lifecycle.card_switched")] == [second]
    with pytest.raises(DatabaseError), transaction.atomic():
        CardSwitch.objects.update(note="x")


@pytest.mark.django_db
@pytest.mark.parametrize("place", [CustodyState.RETURN_DUE, CustodyState.MISSING])
def test_a_second_press_changes_nothing_and_another_spare_is_refused(reference, place) -> None:
    """R55: also where the old card is only marked and stays in the agent's name."""
    ground = Ground()
    first = ground.switch(ground.best, old_goes_to=place)
    again = ground.switch(ground.best, old_goes_to=place)
    assert (first.is_new, again.is_new, again.switch) == (True, False, first.switch)
    with pytest.raises(AlreadySwitched):
        ground.switch(ground.poor, old_goes_to=place)
    ground.old.refresh_from_db()
    assert (ground.old.custody_state, ground.old.holder) == (place, ground.agent.user)
    assert CardSwitch.objects.count() == NumberNotice.objects.count() == 1
    assert Assignment.objects.open().filter(agent=ground.agent).count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (ServiceState.FORCED_STOP, StopReason.VIOLATION),
        (ServiceState.FORCED_STOP, StopReason.COMPLAINT),
        (ServiceState.REVERIFY_STOP, StopReason.REVERIFICATION),
        (ServiceState.HALF_STOP, StopReason.HARASSMENT),
    ],
)
def test_no_spare_after_a_stop_for_conduct_until_compliance_releases(reference, state, reason) -> None:
    """R47, R55, X9: a supervisor is refused and nothing moves; compliance releases by switching, saying why."""
    ground = Ground(state=state, reason=reason)
    with pytest.raises(SwitchRefused) as refused:
        ground.switch(ground.best)
    assert codes(refused) == ["release_missing"]
    compliance = PersonFactory(role=Role.COMPLIANCE)
    with pytest.raises(SwitchRefused) as refused:
        ground.switch(ground.best, actor=compliance)
    assert codes(refused) == ["release_note_missing"]
    assert not CardSwitch.objects.exists()
    ground.old.refresh_from_db()
    assert ground.old.holder == ground.agent.user
    assert ground.switch(ground.best, actor=compliance, note="整改完成").switch.released


@pytest.mark.django_db
def test_what_else_is_refused(reference) -> None:
    """R47, X3: a card that works, a spare that went meanwhile, one out of scope, a moment before the hand-out."""
    ground = Ground(state=None)
    with pytest.raises(SwitchRefused) as refused:
        ground.switch(ground.best)
    assert codes(refused) == ["card_works"]
    Card.objects.filter(pk=ground.old.pk).update(condition="damaged")
    with pytest.raises(SwitchRefused) as refused:
        ground.switch(CardFactory(team=ground.team, custody_state=CustodyState.RETURNED))
    assert codes(refused) == ["standby_gone"]
    with pytest.raises(Refusal) as unseen:
        ground.switch(CardFactory(), cards=Card.objects.visible_to(ground.supervisor))
    assert unseen.value.code == "not_found"
    with pytest.raises(Refusal) as early:
        ground.switch(ground.best, old_goes_to=CustodyState.FAULTY, since=NOW - timedelta(days=9))
    assert early.value.code == "bad_input"
    done = ground.switch(ground.best, old_goes_to=CustodyState.FAULTY, since=NOW - timedelta(minutes=5))
    assert done.switch.minutes_lost == 5


@pytest.mark.django_db(transaction=True)
def test_of_two_supervisors_at_once_one_wins_and_the_other_learns_of_it() -> None:
    """R55: the agent gets one spare, whichever of the two is faster."""
    load(now=NOW)
    ground, told = Ground(), []

    def press(new) -> None:
        try:
            told.append(ground.switch(new).is_new)
        except AlreadySwitched as refusal:
            told.append(refusal.code)
        finally:
            connection.close()

    rivals = [threading.Thread(target=press, args=(new,)) for new in (ground.best, ground.poor)]
    for rival in rivals:
        rival.start()
    for rival in rivals:
        rival.join()
    assert sorted(map(str, told)) == ["True", "already_switched"]
    assert Assignment.objects.open().filter(agent=ground.agent).count() == 1


@pytest.mark.django_db
def test_the_pool_knows_its_target_and_a_hoard(reference) -> None:
    """R55, R95: a set share goes before the stops, the most specific first; idle cards in service look like a hoard."""
    ground = Ground()
    StandbyShare.objects.create(share=Decimal(10))
    [line] = [line for line in pool(Card.objects.all(), now=NOW) if line.team == ground.team]
    assert (line.in_service, line.ready, line.target, line.beyond) == (2, 2, 1, 1)
    assert line.hoard
    StandbyShare.objects.create(share=Decimal(0), carrier=ground.carrier, team=ground.team)
    [line] = [line for line in pool(Card.objects.all(), now=NOW) if line.team == ground.team]
    assert (line.target, line.beyond) == (0, 2)


@pytest.mark.django_db
def test_each_team_drills_once_a_month(reference) -> None:
    """R55: the job opens one drill a team, run twice; the spare, the time and whether it worked are kept."""
    ground, today = Ground(state=None), business_day(NOW)
    assert open_drills(on=today, now=NOW) == {"teams": 1, "opened": 1}
    assert open_drills(on=today, now=NOW)["opened"] == 0
    case = Case.objects.get(kind=CaseKind.DRILL)
    assert case.card == ground.old
    do_all(case, actor=ground.supervisor, call={"given": {"minutes": 4, "connected": True}})
    case.refresh_from_db()
    assert (case.facts["spare"], case.facts["minutes"], case.facts["connected"]) == (ground.best.pk, 4, True)
    later = NOW + timedelta(days=31)
    Case.objects.filter(pk=case.pk).update(closed_at=NOW, outcome="kept")
    assert open_drills(on=business_day(later), now=later)["opened"] == 1


@pytest.mark.django_db
def test_the_page_shows_why_and_the_refusals(client, reference) -> None:
    """R47, R55: reasons in words; a card that works says what would clear it; the part stands on the page of a case."""
    ground = Ground()
    client.force_login(ground.supervisor)
    address = reverse("lifecycle:failover", args=[ground.old.pk])
    page = client.get(address).content.decode()
    assert page.index(f"/cards/{ground.best.pk}/") < page.index(f"/cards/{ground.poor.pk}/")
    assert "<html" not in client.get(address, {"part": ""}).content.decode()
    posted = client.post(address, {"standby": ground.best.pk, "old_goes_to": "in_stock"})
    assert posted.url == reverse("lifecycle:number-notice", args=[NumberNotice.objects.get().pk])
    assert client.get(posted.url).status_code == client.get(reverse("lifecycle:standby")).status_code == 200
    refused = client.post(address, {"standby": ground.poor.pk, "old_goes_to": "in_stock"})
    assert refused.status_code == 409


@pytest.mark.django_db
@pytest.mark.parametrize("facts", [{"is_marked": True}, {"service_state": "forced_stop", "stop_reason": "violation"}])
def test_no_number_is_changed_to_get_rid_of_a_mark_or_a_penalty(reference, facts) -> None:
    """R47, X10: the mark is appealed against, the stop settled."""
    with pytest.raises(Refusal):
        CaseFactory(card=CardFactory(**facts), kind=CaseKind.NUMBER_CHANGE, reason=StopReason.BUSINESS_CHANGE)
