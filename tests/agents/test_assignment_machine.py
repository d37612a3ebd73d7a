"""One card between two agents, drawn by hypothesis: hand out, sign, take back, pass on, lose, undo, late or at once.

Beside the services a plain list of who held the card is kept; after each step the assignments, the card, its moves and
the journal must be what it says.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from agents.models import Assignment
from agents.rules.gates import parse_gates
from agents.selectors.custody import IN_HANDS, custody_differences
from agents.services.assignments import accept
from agents.services.lost import write_off
from cardfleet.journal.models import Entry
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Refusal
from cards.choices import Axis, Condition, CustodyState, RealNameState
from cards.models import Card, CardChange
from cards.rules.custody import ISSUABLE
from cards.services.custody import change_custody
from lifecycle.services.allocation import issue_card, take_back, transfer_card, undo_hand_out
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, train
from tests.factories.cards import CardFactory, RegistrantFactory

GATES = parse_gates({})
DRAWN = settings(
    max_examples=10,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
LAST_MONTH = 25 * 24
AGENT, LATE = st.integers(0, 1), st.sampled_from([None, None, None, 1, 3, 30, -1, LAST_MONTH])
PLACES = [CustodyState.IN_STOCK, CustodyState.SPARE, CustodyState.FAULTY, CustodyState.MISSING]
BEFALLS = st.sampled_from([CustodyState.MISSING, CustodyState.FAULTY, CustodyState.RESTING, CustodyState.RETURN_DUE])
DEEDS = ("issued", "accepted", "returned", "written_off", "transferred")


@dataclass
class Held:
    """What must be known of one hand-out: who held the card, from when until when, and what became of it."""

    agent_id: int
    start: datetime
    recorded: datetime
    taken_from: str
    end: datetime | None = None
    accepted: datetime | None = None
    undone: bool = False


class Hands(RuleBasedStateMachine):
    """One card, two agents who may hold it and a supervisor. Every deed is a minute after the one before."""

    done: Counter[str] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.now, self.boss = FRIDAY, PersonFactory()
        self.agents = [train(AgentFactory()) for _number in range(2)]
        self.held: dict[int, Held] = {}
        self.told = dict.fromkeys(DEEDS, 0) | {"undone": 0}

    def teardown(self) -> None:
        Hands.done.update(self.told)
        self.undone.__exit__(RuntimeError, RuntimeError("rolled back"), None)

    @property
    def open(self) -> int | None:
        """The hand-out that holds the card now."""
        return next((pk for pk, one in self.held.items() if one.end is None and not one.undone), None)

    def some(self, data) -> int:
        """Draw a hand-out: the open one as often as any other."""
        return data.draw(st.sampled_from([self.open or max(self.held), *sorted(self.held)]), label="hand-out")

    def attempt(self, deed, **given):
        """Return what a deed returned a minute later, None where it was refused; anything else is a defect."""
        self.now += timedelta(minutes=1)
        try:
            with transaction.atomic():
                return deed(now=self.now, **given)
        except Refusal:
            return None

    def at(self, hours: int | None) -> datetime | None:
        return None if hours is None else self.now - timedelta(hours=hours)

    @initialize(place=st.sampled_from([CustodyState.IN_STOCK, CustodyState.SPARE]))
    def lie(self, place) -> None:
        """Every deed is done once, whatever is drawn after it."""
        facts = {"registrant": RegistrantFactory(), "real_name_state": RealNameState.VALID}
        self.team = TeamFactory()
        self.card = CardFactory(**facts, custody_state=place, team=self.team, condition=Condition.GOOD)
        for late in (-1, LAST_MONTH):
            assert not self.hand_over(self.agents[0], late)
        assert self.hand_over(self.agents[0], 1)
        for to, condition, late in (
            (place, Condition.GOOD, -1),
            (place, Condition.GOOD, 3),
            (place, Condition.DAMAGED, None),
            (CustodyState.MISSING, Condition.GOOD, None),
        ):
            assert not self.put_away(to, condition, late)
        assert not self.take_for_a_mistake(self.open, " ")
        assert self.take_for_a_mistake(self.open, "拿错了")
        assert self.hand_over(self.agents[0], None)
        self.sign_for(self.open, is_own=True)
        self.sign_for(self.open, is_own=True)
        self.pass_on(1)
        self.sign_for(self.open, is_own=True)
        self.wait(1)
        assert not self.take_for_a_mistake(self.open, "拿错了")
        assert self.put_away(place, Condition.WORN, None)
        assert self.hand_over(self.agents[0], None)
        self.befall(CustodyState.MISSING)
        self.lose()
        self.find()
        assert self.hand_over(self.agents[1], None)
        self.wait(20)
        assert not self.put_away(place, Condition.GOOD, 12 * 24)

    @rule(number=AGENT, late=LATE)
    def hand_out(self, number, late) -> None:
        self.hand_over(self.agents[number], late)

    def hand_over(self, agent, late) -> bool:
        """Never while it is held, never into somebody's time, a month that is closed or a time to come.

        What lies ready for anybody is handed out, and the holder has a day to sign.
        """
        began, before, state = self.at(late), self.open, Card.objects.get(pk=self.card.pk).custody_state
        given = {"card_id": self.card.pk, "agent_id": agent.pk, "actor": self.boss, "gates": GATES}
        issued = self.attempt(issue_card, **given, started_at=began)
        if issued:
            assert before is None
            start = began or self.now
            assert self.is_in_an_open_month(start)
            assert all(one.undone or (one.end and one.end <= start) for one in self.held.values())
            assert issued.assignment.accept_by == self.now + timedelta(hours=24)
            self.hold(issued, agent, start, state)
            self.told["issued"] += 1
        elif before is None and late is None:
            assert state not in ISSUABLE
        return bool(issued)

    def hold(self, issued, agent, start, taken_from) -> None:
        facts = {"start": start, "recorded": self.now, "taken_from": taken_from}
        self.held[issued.assignment.pk] = Held(agent_id=agent.pk, **facts)
        assert Card.objects.get(pk=self.card.pk).custody_since == start

    def is_in_an_open_month(self, at: datetime) -> bool:
        """Whether a moment is past and its month still open: until the fifth, the one before is, too."""
        today = business_day(self.now)
        first = today.replace(day=1)
        first = first if today.day > 5 else (first - timedelta(days=1)).replace(day=1)
        return business_day(at) >= first and at <= self.now

    @precondition(lambda self: self.open)
    @rule(number=AGENT)
    def pass_on(self, number) -> None:
        """To the other or anew to the same; only what is held."""
        agent, before = self.agents[number], self.open
        given = {"card_id": self.card.pk, "agent_id": agent.pk, "actor": self.boss, "gates": GATES}
        issued = self.attempt(transfer_card, **given)
        if issued:
            assert before is not None
            self.held[before].end = self.now
            self.hold(issued, agent, self.now, issued.assignment.taken_from)
            for deed in ("returned", "issued", "transferred"):
                self.told[deed] += 1

    @rule(data=st.data(), is_own=st.sampled_from([True, True, False]))
    def sign(self, data, is_own) -> None:
        """By the holder alone, while it stands; a second time is the first one."""
        self.sign_for(self.some(data), is_own)

    def sign_for(self, pk, is_own) -> None:
        one = self.held[pk]
        agent = next(agent for agent in self.agents if (agent.pk == one.agent_id) == is_own)
        may = is_own and one.end is None and not one.undone
        assert bool(self.attempt(accept, assignment_id=pk, actor=agent.user)) == may
        if may and not one.accepted:
            one.accepted = self.now
            self.told["accepted"] += 1

    @rule(to=st.sampled_from(PLACES), condition=st.sampled_from(Condition), late=LATE)
    def give_back(self, to, condition, late) -> None:
        self.put_away(to, condition, late)

    def put_away(self, to, condition, late) -> bool:
        """Into a place for such a card, after it was handed out, in a month that is open."""
        ended, before = self.at(late), self.open
        given = {"card_id": self.card.pk, "to": to, "condition": condition, "actor": self.boss}
        returned = self.attempt(take_back, **given, ended_at=ended)
        if returned:
            end = ended or self.now
            assert before is not None
            assert to != CustodyState.MISSING
            assert condition != Condition.DAMAGED or to == CustodyState.FAULTY
            assert end > self.held[before].start
            assert self.is_in_an_open_month(end)
            self.held[before].end = end
            card = Card.objects.get(pk=self.card.pk)
            assert (card.custody_state, card.condition, card.custody_since) == (to, condition, end)
            assert returned.return_condition == condition
            self.told["returned"] += 1
        return bool(returned)

    @rule(data=st.data(), reason=st.sampled_from(["拿错了", "拿错了", " "]))
    def undo(self, data, reason) -> None:
        """What is undone never was: its time is free again."""
        self.take_for_a_mistake(self.some(data), reason)

    def take_for_a_mistake(self, pk, reason) -> bool:
        """With a reason, and on its day where it was signed for; the card lies where it lay, since it was taken."""
        undone, one = self.attempt(undo_hand_out, assignment_id=pk, reason=reason, actor=self.boss), self.held[pk]
        if undone:
            assert pk == self.open
            assert reason.strip()
            assert one.accepted is None or business_day(one.recorded) == business_day(self.now)
            one.undone = True
            card = Card.objects.get(pk=self.card.pk)
            assert (card.custody_state, card.team_id) == (one.taken_from, undone.taken_from_team_id)
            assert card.custody_since == one.start
            self.told["undone"] += 1
        return bool(undone)

    @precondition(lambda self: self.open)
    @rule(to=BEFALLS)
    def befall(self, to) -> None:
        """Where it is does not say who answers for it: the holder stays."""
        card = Card.objects.get(pk=self.card.pk)
        given = {"card": card, "to": to, "holder": card.holder, "team": card.team, "actor": self.boss}
        self.attempt(lambda now: change_custody(**given, now=now, at=now))

    @precondition(lambda self: self.open)
    @rule()
    def lose(self) -> None:
        """Written off, nobody answers for it any more, and it stays missing."""
        before, card = self.open, Card.objects.get(pk=self.card.pk)
        written_off = self.attempt(write_off, card_id=card.pk, note="", actor=self.boss)
        if written_off:
            assert written_off.pk == before
            self.held[written_off.pk].end = self.now
            self.told["written_off"] += 1

    @precondition(lambda self: not self.open)
    @rule()
    def find(self) -> None:
        """What was lost or broken comes back into stock."""
        for to in (CustodyState.RETURNED, CustodyState.IN_STOCK):
            card = Card.objects.get(pk=self.card.pk)
            given = {"card": card, "to": to, "holder": None, "team": card.team, "actor": self.boss}
            self.attempt(lambda now, given=given: change_custody(**given, now=now, at=now))

    @rule(days=st.sampled_from([1, 3, 20]))
    def wait(self, days) -> None:
        self.now += timedelta(days=days)

    @invariant()
    def one_holder_at_a_time(self) -> None:
        """Stored is what was done, no two periods overlap, and the card says what its open assignment says."""
        stored = Assignment.objects.filter(card=self.card).order_by("started_at", "id")
        known = {
            one.pk: Held(
                agent_id=one.agent_id,
                start=one.started_at,
                recorded=one.recorded_at,
                taken_from=one.taken_from,
                end=one.ended_at,
                accepted=one.accepted_at,
                undone=one.undone_at is not None,
            )
            for one in stored
        }
        assert known == self.held
        standing = sorted(
            (one for one in known.values() if not one.undone), key=lambda one: (one.start, one.end is None)
        )
        assert all(one.end and one.end <= after.start for one, after in pairwise(standing))
        card = Card.objects.get(pk=self.card.pk)
        holder = next((agent for agent in self.agents if self.open and agent.pk == self.held[self.open].agent_id), None)
        assert card.holder_id == (holder.user_id if holder else None)
        assert holder or card.custody_state not in IN_HANDS
        assert list(custody_differences()) == []

    @invariant()
    def the_journal_agrees(self) -> None:
        """Every deed once, nothing of what was refused; the moves are a chain that never runs back."""
        actions = list(Entry.objects.about(f"cards.card:{self.card.pk}").values_list("action", flat=True))
        told = {deed: actions.count(f"agents.card_{deed}") for deed in DEEDS}
        assert told | {"undone": actions.count("agents.handout_undone")} == self.told
        moves = list(CardChange.objects.filter(card=self.card, axis=Axis.CUSTODY).order_by("id"))
        for move, after in pairwise(moves):
            assert move.to_state == after.from_state
            assert move.at <= after.at
        if moves:
            card = Card.objects.get(pk=self.card.pk)
            assert (moves[-1].to_state, moves[-1].at) == (card.custody_state, card.custody_since)


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
def test_no_sequence_of_hand_outs_and_returns_gives_a_card_two_holders() -> None:
    """R11, R74, R75; invariants 1 and 2: over every deed with a card in hands, at once or recorded late."""
    Hands.done.clear()
    run_state_machine_as_test(Hands, settings=DRAWN)
    assert all(Hands.done[deed] for deed in (*DEEDS, "undone")), Hands.done
