"""Steps, endings and clocks of cases, without a database."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardfleet.kernel.clock import SHANGHAI
from cards.choices import CustodyState, ServiceState
from cards.rules.transitions import STEPS as GRAPH
from lifecycle.choices import CaseOutcome, EscalationLevel, StepEvidence, StepState
from lifecycle.playbooks.registry import kinds
from lifecycle.rules.cases import steps as rules
from lifecycle.rules.cases.clocks import WorkingDays
from lifecycle.rules.cases.closing import FITTING, GIVEN_UP, EndingTerms, is_beyond, possible_outcomes, unmet_to_close
from lifecycle.rules.cases.facts import CardNow, CaseView, StepFacts, StepView
from lifecycle.rules.cases.opening import most_specific
from lifecycle.rules.cases.playbooks import wrong_steps
from lifecycle.rules.cases.watching import level_due
from lifecycle.selectors.cases.calendar import _published

OPENED = datetime(2026, 9, 30, 16, 0, tzinfo=SHANGHAI)
PUBLISHED = WorkingDays(_published(), frozenset(day.year for day in _published()))
FIRST, SECOND = 1, 2


def at(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("days_later", "level"),
    [(-1, EscalationLevel.OWN), (0, EscalationLevel.SUPPORT), (3, EscalationLevel.SUPPORT), (4, 2), (7, 3), (90, 3)],
)
def test_who_never_answers_is_asked_higher_and_higher(days_later, level) -> None:
    """R18, R19, R54: from a Friday, two and five working days after the clock ran out."""
    friday = at("2026-11-20 10:00")
    assert level_due(friday, now=friday + timedelta(days=days_later, minutes=1), days=PUBLISHED) == level


@dataclass(frozen=True)
class Book:
    name: str
    reason: str = ""
    carrier_id: int | None = None


@pytest.mark.parametrize(
    ("books", "expected"),
    [
        ([Book("any")], "any"),
        ([Book("any"), Book("carrier", carrier_id=1)], "carrier"),
        ([Book("carrier", carrier_id=1), Book("reason", "lost")], "reason"),
        ([Book("reason", "lost"), Book("both", "lost", 1)], "both"),
        ([Book("other reason", "idle"), Book("other carrier", carrier_id=2), Book("any")], "any"),
    ],
)
def test_the_most_specific_playbook_is_followed(books, expected) -> None:
    assert most_specific(books, reason="lost", carrier_id=1).name == expected


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"holds": False}, "hold_missing"),
        ({"is_gate": False}, "hold_is_no_gate"),
        ({"awaits": "active", "people": 2}, "awaits_two"),
        ({}, None),
    ],
)
def test_a_playbook_cannot_lose_what_holds_a_card_back(changes, code) -> None:
    step = {"code": "release", "holds": True, "is_gate": True, "awaits": "", "people": 1, **changes}
    assert (code in {reason.code for reason in wrong_steps([step], kept={"release"})}) == bool(code)


def facts_of(case: CaseView, card: CardNow, code: str, person: int | None) -> StepFacts:
    return StepFacts(
        case=case, code=code, card=card, actor_id=person, has_note=True, has_file=True, done_at=OPENED, now=OPENED
    )


class Play:
    """A case and its card as people act on them by the rules: what is refused changes nothing."""

    def __init__(self, kind, steps) -> None:
        self.terms = kind.terms
        self.case = CaseView(kind=kind.name, reason="", opened_at=OPENED, is_open=True, steps=steps)
        self.card = CardNow(card_id=1, service_state=ServiceState.ACTIVE, custody_state=CustodyState.IN_STOCK)
        self.outcome = ""
        self.settle()

    def settle(self) -> None:
        after = rules.states_after(self.case.steps)
        fresh = [replace(step, state=after.get(step.code, step.state)) for step in self.case.steps]
        self.case = replace(self.case, steps=fresh)

    def write(self, code, **changes) -> None:
        changed = [replace(step, **changes) if step.code == code else step for step in self.case.steps]
        self.case = replace(self.case, steps=changed)
        self.settle()

    def do(self, code, person) -> None:
        step = self.case.step(code)
        if any(rules.unmet_to_complete(facts_of(self.case, self.card, code, person))):
            return
        done = StepState.HALF_DONE if step.people > 1 else StepState.DONE
        self.write(code, state=done, done_by=person, done_at=OPENED)

    def confirm(self, code, person) -> None:
        if not any(rules.unmet_to_confirm(facts_of(self.case, self.card, code, person))):
            assert person != self.case.step(code).done_by
            self.write(code, state=StepState.DONE)

    def skip(self, code, _person) -> None:
        if not any(rules.unmet_to_skip(self.case, code)):
            self.write(code, state=StepState.SKIPPED)

    def reopen(self, code, _person) -> None:
        if not any(rules.unmet_to_reopen(self.case, code)):
            self.write(code, state=StepState.WAITING, done_by=None, done_at=None)

    def carrier(self, state) -> None:
        if state in GRAPH[ServiceState(self.card.service_state)]:
            self.card = replace(self.card, service_state=state)

    def plastic(self, state) -> None:
        self.card = replace(self.card, custody_state=state)

    def close(self, outcome, may_release) -> None:
        if not any(unmet_to_close(self.case, self.card, outcome, terms=self.terms, may_release=may_release)):
            self.outcome = outcome
            self.case = replace(self.case, is_open=False)

    def check(self) -> None:
        """No forbidden pair of case and card, whatever happened."""
        by_code = list(self.case.steps)
        for place, step in enumerate(by_code):
            open_gate = any(gate.is_gate and gate.state != StepState.DONE for gate in by_code[:place])
            assert not (step.state == StepState.OPEN and open_gate)
            assert not (step.is_gate and step.state == StepState.SKIPPED)
        if not self.outcome:
            return
        fitting = self.terms.fits.get(self.outcome, FITTING.get(self.outcome))
        assert fitting is None or self.card.service_state in fitting
        if self.outcome in GIVEN_UP:
            undone = not any(step.is_irreversible and step.state == StepState.DONE for step in by_code)
            assert undone or is_beyond(self.card, self.terms)
        elif self.outcome not in self.terms.early:
            assert all(step.state == StepState.DONE for step in by_code if step.is_gate)

    def end(self) -> None:
        """Bring the case to its end from wherever it is: every gate done, by two where two are needed."""
        for step in list(self.case.steps):
            if step.state == StepState.SKIPPED:
                self.reopen(step.code, FIRST)
            self.do(step.code, FIRST)
            first = self.case.step(step.code).done_by
            self.confirm(step.code, SECOND if first == FIRST else FIRST)
        assert all(step.state == StepState.DONE for step in self.case.steps)
        self.card = replace(self.card, custody_state=CustodyState.DESTROYED)
        ends = [self.may_end(outcome, state) for outcome in self.terms.outcomes for state in self.states_ahead()]
        assert any(ends), (self.terms.outcomes, self.card)

    def states_ahead(self) -> set[str]:
        """Return the states the carrier may still bring the card into, the present one among them."""
        ahead = {ServiceState(self.card.service_state)}
        while more := {target for state in ahead for target in GRAPH[state]} - ahead:
            ahead |= more
        return ahead

    def may_end(self, outcome, state) -> bool:
        card = replace(self.card, service_state=state)
        return not any(unmet_to_close(self.case, card, outcome, terms=self.terms, may_release=True))


def kind_steps(kind):
    return play_steps(kind, max(kind.play, key=lambda play: len(play.steps)))


def play_steps(kind, play):
    return [
        StepView(
            code=spec.code,
            state=StepState.WAITING,
            is_gate=spec.gate,
            people=spec.people,
            evidence=spec.evidence,
            holds=spec.holds,
            is_irreversible=spec.code in kind.irreversible,
        )
        for spec in play.steps
    ]


@dataclass(frozen=True)
class Made:
    """A kind of cases as hypothesis makes one up."""

    name: str
    terms: EndingTerms


@st.composite
def made_up(draw):
    """A case of any shape: gates or not, one or two people, holds, steps that cannot be undone."""
    count = draw(st.integers(1, 5))
    steps = [
        StepView(
            code=f"step{number}",
            state=StepState.WAITING,
            is_gate=(gate := draw(st.booleans())),
            people=draw(st.sampled_from((1, 2))),
            evidence=draw(st.sampled_from(StepEvidence.values)),
            holds=gate and draw(st.booleans()),
            is_irreversible=draw(st.booleans()),
        )
        for number in range(count)
    ]
    outcomes = {CaseOutcome.WITHDRAWN, *draw(st.lists(st.sampled_from(CaseOutcome.values), unique=True))}
    return Play(Made("drill", EndingTerms(outcomes=tuple(sorted(outcomes)))), steps), steps


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ("open waiting waiting", "gate"),
        ("done open waiting", "choice"),
        ("done open done", None),
        ("done skipped open", "last"),
        ("done done done", None),
    ],
)
def test_what_a_case_went_on_without_is_not_its_next_step(states, expected) -> None:
    """R96: a step that may be left out is next until a later gate is done; then the case goes on, or to its end."""
    steps = [
        StepView(code=code, state=state, is_gate=code != "choice")
        for code, state in zip(("gate", "choice", "last"), states.split(), strict=True)
    ]
    found = rules.current(steps)
    assert (found.code if found else None) == expected


ACTS = st.tuples(
    st.sampled_from(("do", "do", "do", "confirm", "skip", "reopen")),
    st.integers(0, 9),
    st.sampled_from((FIRST, SECOND)),
)
EVENTS = st.one_of(
    ACTS,
    st.tuples(st.just("carrier"), st.sampled_from(ServiceState)),
    st.tuples(st.just("plastic"), st.sampled_from(CustodyState)),
    st.tuples(st.just("close"), st.sampled_from(CaseOutcome.values), st.booleans()),
)


def run(play: Play, events) -> None:
    for event, first, *rest in events:
        if not play.case.is_open:
            break
        if event in ("do", "confirm", "skip", "reopen"):
            code = play.case.steps[first % len(play.case.steps)].code
            getattr(play, event)(code, *rest)
        else:
            getattr(play, event)(first, *rest)
        play.check()
    if play.case.is_open:
        play.end()


@settings(max_examples=150)
@given(made_up(), st.lists(EVENTS, max_size=25))
def test_no_sequence_of_allowed_acts_reaches_a_forbidden_pair_and_every_case_can_be_ended(made, events) -> None:
    """R17, R46, R91, R96: over cases of any shape, cards of any state, people in any order."""
    run(made[0], events)


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.name)
@settings(max_examples=40)
@given(st.data(), st.lists(EVENTS, max_size=25))
def test_every_kind_that_is_registered_keeps_to_it(kind, data, events) -> None:
    """Each playbook of each kind, its irreversible steps and its outcomes."""
    run(Play(kind, play_steps(kind, data.draw(st.sampled_from(kind.play)))), events)


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.name)
def test_every_kind_can_be_withdrawn_until_it_cannot_be_undone(kind) -> None:
    """A case opened by mistake ends as withdrawn."""
    assert CaseOutcome.WITHDRAWN in kind.outcomes
    play = Play(kind, kind_steps(kind))
    assert CaseOutcome.WITHDRAWN in possible_outcomes(play.case, play.card, terms=kind.terms, may_release=True)
