"""Many cards in one act: scanned, handed out one by one, signed for at once, shared out, undone (R8, R11, R74, R75)."""

from base64 import b64encode
from datetime import timedelta

import pytest
from django.urls import reverse

from agents.choices import HandoverKind, RequestState
from agents.errors import HandoverEnded, NotTheHolder, RequestNotApproved, SignatureMissing
from agents.models import Assignment, Handover
from agents.rules.gates import parse_gates
from agents.rules.receipts import PNG
from agents.services.handovers import accept_all
from cardfleet.accounts.choices import Role
from cardfleet.files.models import StoredFile
from cardfleet.journal.models import Entry
from cardfleet.notify.models import InboxItem
from cards.choices import Condition, ServiceState
from cards.models import Card
from lifecycle.selectors.distribution import plan_distribution
from lifecycle.services.allocation import issue_card
from lifecycle.services.handout import Wanted, distribute, hand_out, undo_act
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import (
    AbsenceFactory,
    AgentFactory,
    CardRequestFactory,
    ReservationFactory,
    hand_over,
    train,
)
from tests.factories.cards import CardFactory, CarrierRuleFactory, picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
GATES = parse_gates({})


@pytest.fixture
def team():
    return TeamFactory()


@pytest.fixture
def supervisor(client, team):
    person = PersonFactory(role=Role.SUPERVISOR, scope=team)
    client.force_login(person)
    return person


@pytest.fixture
def agent(team):
    return train(AgentFactory(user__team=team, user__role=Role.AGENT))


def give(cards, agent, actor, now, **wanted):
    ids = [card.pk for card in cards]
    return hand_out(wanted=Wanted(card_ids=ids, agent_id=agent.pk, **wanted), actor=actor, now=now, gates=GATES)


def scanned(client, agent, text, *cards, kind="handout"):
    given = {"agent": agent.pk, "kind": kind, "scanned": text, "card": [card.pk for card in cards]}
    return client.post(reverse("lifecycle:scanned"), given).content.decode()


def test_an_act_is_one_receipt_one_message_and_a_refusal_hinders_no_other(supervisor, team, agent, now):
    """R75: forty cards are one receipt; a card that is refused says why and stays where it is."""
    fine = [CardFactory(team=team), CardFactory(team=team)]
    stopped = CardFactory(team=team, service_state=ServiceState.HALF_STOP, stop_reason="high_fee")
    worn = {fine[1].pk: Condition.WORN}

    given = give([fine[0], stopped, fine[1]], agent, supervisor, now, conditions=worn, accessories="phone")

    assert [row.refusal.reasons[0].code if row.refusal else "" for row in given.rows] == ["", "not_in_service", ""]
    receipt = Handover.objects.get()
    assert (receipt, receipt.handed_by, receipt.accessories) == (given.receipt, supervisor, "phone")
    held = receipt.assignments.order_by("pk")
    assert [(one.card, one.condition) for one in held] == [(fine[0], "good"), (fine[1], "worn")]
    assert InboxItem.objects.get(user=agent.user).params["count"] == 2
    assert Card.objects.get(pk=stopped.pk).holder is None


def test_who_comes_second_is_told_who_has_the_card(supervisor, team, agent, now):
    """Issue 5: two supervisors issue one card; one wins, the other is told who has it."""
    card, rival = CardFactory(team=team), train(AgentFactory(user__team=team))
    give([card], rival, supervisor, now)
    (row,) = give([card], agent, supervisor, now).rows
    assert row.refusal.reasons[0].code == "held_already"
    assert rival.user.name in str(row.refusal.reasons[0].message)
    assert Handover.objects.count() == 1


def test_each_scan_is_answered_and_a_wrong_one_keeps_the_list(client, supervisor, team, agent, now):
    """R11: ICCID, number or last digits; a wrong barcode, a card twice, one out of scope, one that may not go."""
    card, other = CardFactory(team=team), CardFactory(team=team)
    held = CardFactory(team=team)
    hand_over(held, agent, at=now)
    for text in (card.iccid, card.msisdn, card.msisdn[-8:]):
        assert f'name="card" value="{card.pk}"' in scanned(client, agent, text)
    for text in ("6901234567892", CardFactory().iccid, held.iccid):
        answer = scanned(client, agent, text, other)
        assert 'data-state="refused"' in answer
        assert 'name="card"' not in answer
    assert 'data-state="refused"' in scanned(client, agent, card.iccid, card)
    assert f'name="card" value="{held.pk}"' in scanned(client, agent, held.iccid, kind="transfer")
    assert 'data-state="refused"' in scanned(client, agent, card.iccid, kind="transfer")


def test_the_page_hands_all_out_and_shows_each_row(client, supervisor, team, agent):
    """R11, R75."""
    fine, stopped = CardFactory(team=team), CardFactory(team=team, service_state="full_stop", stop_reason="arrears")
    url = reverse("lifecycle:scan")
    assert "data-scan-field" in client.get(url, {"agent": agent.user.staff_no}).content.decode()
    assert client.get(url, {"agent": "nobody"}).status_code == 422
    outside = CardFactory()
    given = {"agent": agent.pk, "kind": "handout", "card": [fine.pk, stopped.pk, outside.pk]}
    page = client.post(url, given).content.decode()
    assert page.count('data-state="handed"') == 1
    assert page.count('data-state="refused"') == 2
    assert Assignment.objects.get().card == fine
    receipt = client.get(reverse("agents:receipt", args=[Handover.objects.get().pk]))
    assert receipt.status_code == 200
    assert client.post(url, {"agent": agent.pk}).status_code == 400


def test_all_cards_are_signed_for_in_one_go(client, supervisor, team, agent, now):
    """R8, R75: with a drawing that is kept as evidence; cards handed out one by one get a receipt then."""
    first, second = CardFactory(team=team), CardFactory(team=team)
    give([first], agent, supervisor, now)
    issue_card(card_id=second.pk, agent_id=agent.pk, actor=supervisor, now=now, gates=GATES)
    client.force_login(agent.user)
    ids = list(Assignment.objects.order_by("pk").values_list("pk", flat=True))
    url = reverse("lifecycle:accept")
    assert client.post(url, {"assignment": ids}).status_code == 400
    assert not Assignment.objects.filter(accepted_at__isnull=False).exists()

    drawing = "data:image/png;base64," + b64encode(picture()).decode()
    assert client.post(url, {"assignment": ids, "signature": drawing}).status_code == 302

    assert Assignment.objects.filter(accepted_at__isnull=False, handover__accepted_at__isnull=False).count() == 2
    receipts = Handover.objects.all()
    assert {receipt.signature.content_type for receipt in receipts} == {"image/png"}
    assert Entry.objects.filter(action="agents.card_accepted").count() == 2
    assert "data:image/png" in client.get(reverse("agents:receipt", args=[receipts[0].pk])).content.decode()
    file = StoredFile.objects.filter(purpose="agents.signature").first()
    assert client.get(reverse("files:download", args=[file.pk])).getvalue().startswith(PNG)
    client.force_login(AgentFactory(user__team=team, user__role=Role.AGENT).user)
    assert client.get(reverse("files:download", args=[file.pk])).status_code == 404


def test_only_what_was_shown_is_signed_and_only_by_its_agent(supervisor, team, agent, now):
    """R74, R75; a stale form: one of the cards was taken back meanwhile, so nothing is signed."""
    cards = [CardFactory(team=team), CardFactory(team=team)]
    give(cards, agent, supervisor, now)
    ids = list(Assignment.objects.order_by("pk").values_list("pk", flat=True))
    signed = {"assignment_ids": ids, "now": now, "signed_name": agent.user.name}
    with pytest.raises(NotTheHolder):
        accept_all(**signed | {"signed_name": supervisor.name}, actor=supervisor)
    with pytest.raises(SignatureMissing):
        accept_all(**signed | {"signed_name": "x"}, actor=agent.user)
    Assignment.objects.filter(card=cards[0]).update(undone_at=now)
    with pytest.raises(HandoverEnded):
        accept_all(**signed, actor=agent.user)
    assert not Assignment.objects.filter(accepted_at__isnull=False).exists()
    accept_all(**signed | {"assignment_ids": ids[1:]}, actor=agent.user)
    accept_all(**signed | {"assignment_ids": ids[1:]}, actor=agent.user)
    assert Entry.objects.filter(action="agents.handover_signed").count() == 1


def test_cards_pass_from_hand_to_hand_with_a_receipt_for_the_new_one(supervisor, team, agent, now):
    """R74: one act, history in both, the card keeps its condition."""
    before = train(AgentFactory(user__team=team))
    card = CardFactory(team=team, condition=Condition.WORN)
    hand_over(card, before, at=now - timedelta(days=3))
    given = give([card], agent, supervisor, now, kind=HandoverKind.TRANSFER)
    assert given.receipt.kind == HandoverKind.TRANSFER
    assert [held.agent for held in Assignment.objects.order_by("started_at")] == [before, agent]
    assert Card.objects.get(pk=card.pk).condition == Condition.WORN
    entry = Entry.objects.get(action="agents.card_transferred")
    assert {f"agents.agent:{before.pk}", f"agents.agent:{agent.pk}"} <= set(entry.related)
    (refused,) = give([CardFactory(team=team)], agent, supervisor, now, kind=HandoverKind.TRANSFER).rows
    assert refused.refusal.code == "not_assigned"


def test_a_reserved_card_goes_to_nobody_else(supervisor, team, agent, now):
    """R11: named refusal; lent out before it begins it may be; whom it is for uses it up, undo frees it."""
    card, day = CardFactory(team=team), now.date()
    row = ReservationFactory(
        card=card, agent=AgentFactory(), starts_on=day + timedelta(days=3), ends_on=day.replace(day=30)
    )
    (refused,) = give([card], agent, supervisor, now).rows
    assert [reason.code for reason in refused.refusal.reasons] == ["reserved_for_other"]
    assert row.agent.user.name in str(refused.refusal.reasons[0].message)
    lent = give([card], agent, supervisor, now, due_back_on=day + timedelta(days=2))
    assert lent.count == 1
    own = CardFactory(team=team)
    kept = ReservationFactory(card=own, agent=None, team=team)
    given = give([own], agent, supervisor, now)
    kept.refresh_from_db()
    assert (given.count, kept.end) == (1, "used")
    mine = Assignment.objects.all()
    undo_act(act=given.receipt.act, assignments=mine, reason="mistake", actor=supervisor, now=now)
    kept.refresh_from_db()
    assert kept.ended_at is None
    assert Card.objects.get(pk=own.pk).holder is None


def test_a_request_is_answered_once_and_with_no_more_than_it_asked_for(supervisor, team, agent, now):
    """R11: hand-out from an approved request."""
    asked = CardRequestFactory(agent=agent)
    card = CardFactory(team=team)
    with pytest.raises(RequestNotApproved):
        give([card], agent, supervisor, now, request_id=asked.pk)
    asked.state, asked.level = RequestState.APPROVED, ""
    asked.save()
    given = give([card], agent, supervisor, now, request_id=asked.pk)
    asked.refresh_from_db()
    assert (asked.state, asked.handover) == (RequestState.HANDED_OUT, given.receipt)
    with pytest.raises(RequestNotApproved):
        give([CardFactory(team=team)], agent, supervisor, now, request_id=asked.pk)


def test_a_distribution_is_planned_done_and_undone(client, supervisor, team, agent, now):
    """R11, R73: no working card first; none for the untrained and the absent; reserved cards stay; one undo for all."""
    CarrierRuleFactory(kind="daily_out_calls", limit=200)
    AbsenceFactory(agent=train(AgentFactory(user__team=team)))
    rich, _untrained = train(AgentFactory(user__team=team)), AgentFactory(user__team=team)
    hand_over(CardFactory(team=team), rich, at=now - timedelta(days=1))
    cards = [CardFactory(team=team) for _number in range(3)]
    ReservationFactory(card=cards[0])
    asked = {"team": team, "user": supervisor, "now": now, "gates": GATES}
    plan = plan_distribution(**asked, count=1, planned=None)
    assert plan.pairs == [(cards[1].pk, agent.pk)]
    assert plan_distribution(**asked, count=9, planned=350).cap == 200
    by_calls = plan_distribution(**asked, count=9, planned=350).pairs
    assert sorted(by_calls) == [(cards[1].pk, agent.pk), (cards[2].pk, agent.pk)]

    page = reverse("lifecycle:distribute")
    assert client.get(page, {"team": team.pk, "count": 9, "planned": 350}).status_code == 200
    pairs = [f"{card}:{taker}" for card, taker in by_calls]
    done = client.post(page, {"team": team.pk, "count": 9, "pair": pairs})
    assert done.status_code == 200
    act = Handover.objects.get().act
    client.post(reverse("lifecycle:undo-act", args=[act]), {"reason": "wrong team"})
    assert Assignment.objects.open().count() == 1


def test_what_a_gate_refuses_stays_refused_in_a_distribution(supervisor, team, agent, now):
    """R73: the plan is only a plan."""
    card, untrained = CardFactory(team=team), AgentFactory(user__team=team)
    acts = distribute(
        pairs=[(card.pk, untrained.pk)],
        due_back_on=None,
        actor=supervisor,
        now=now,
        gates=GATES,
        cards=Card.objects.all(),
        agents=type(untrained).objects.all(),
    )
    assert [row.refusal.code for row in acts[untrained.pk].rows] == ["handout_refused"]
    assert not Handover.objects.exists()
