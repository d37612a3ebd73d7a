"""The case engine through its services, on the drill and on a kind made for these tests."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import DatabaseError, IntegrityError, transaction

from cardfleet.accounts.choices import Role
from cardfleet.journal.models import Entry
from cards.choices import ServiceState
from lifecycle.choices import CaseKind, CaseOutcome, CaseReason, StepState
from lifecycle.errors import CaseClosed, CaseRefused, ClosingRefused, ReopeningRefused, StepNotYours, StepRefused
from lifecycle.models import Case, CaseStep, Playbook
from lifecycle.playbooks import registry
from lifecycle.playbooks.registry import RELEASE, Kind, Play, StepSpec
from lifecycle.selectors.cases import due, holding
from lifecycle.services.cases import close_case, confirm_step, open_case, open_cases, reopen_step, skip_step
from lifecycle.services.cases.playbooks import load_playbooks
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.cards import CardFactory
from tests.factories.cases import CaseFactory, do, do_all, step_of

pytestmark = pytest.mark.django_db
NOW = FRIDAY
GRAVE = Kind(
    name=CaseKind.TRANSFER,
    label="Grave",
    icon="briefcase",
    track=registry.FUTURE,
    outcomes=(CaseOutcome.KEPT, CaseOutcome.WITHDRAWN),
    irreversible=frozenset({"cut"}),
    play=(
        Play(
            steps=(
                StepSpec("ask", "Ask", evidence="file", workdays=2),
                StepSpec("release", "Release", who=RELEASE, holds=True),
                StepSpec("cut", "Cut", people=2, hours=24),
            )
        ),
    ),
)


@pytest.fixture
def grave(monkeypatch, db):
    """A kind with a hold, two people and a step that cannot be undone, in place of another."""
    Playbook.objects.filter(kind=CaseKind.TRANSFER).delete()
    monkeypatch.setitem(registry._kinds, CaseKind.TRANSFER, GRAVE)
    return GRAVE


def codes(refused) -> set[str]:
    return {reason.code for reason in refused.value.reasons}


def file(name="a.txt"):
    return ContentFile(b"proof\n", name=name)


def states(case) -> list[str]:
    return [step.state for step in case.steps.standing().order_by("position")]


def test_a_case_from_its_opening_to_its_end() -> None:
    """R55, R96: steps open in their order, each leaves who and when, the end needs every gate."""
    case = CaseFactory()
    assert states(case) == [StepState.OPEN, StepState.WAITING, StepState.WAITING]
    assert case.due_at is not None
    with pytest.raises(ClosingRefused) as refused:
        close_case(case_id=case.pk, outcome=CaseOutcome.KEPT, actor=None, now=NOW)
    assert codes(refused) == {"gate_open"}
    with pytest.raises(StepRefused) as refused:
        do(case, "call", note="")
    assert codes(refused) == {"gate_open", "evidence_missing"}
    do_all(case)
    skip_step(step_id=step_of(case, "back").pk, reason="stays in the phone", actor=None, now=NOW)
    close_case(case_id=case.pk, outcome=CaseOutcome.KEPT, note="", actor=None, now=NOW)
    case.refresh_from_db()
    assert (case.outcome, case.due_at) == (CaseOutcome.KEPT, None)
    told = Entry.objects.filter(subject=f"lifecycle.case:{case.pk}").values_list("action", flat=True)
    assert set(told) == {f"lifecycle.{deed}" for deed in ("case_opened", "step_done", "step_skipped", "case_closed")}
    with pytest.raises(CaseClosed):
        reopen_step(step_id=step_of(case, "call").pk, reason="x", actor=None, now=NOW)


def test_two_cases_that_contradict_and_two_alike_are_refused(grave) -> None:
    """One open case a card and kind, one a card and track; the database holds both."""
    case = open_case(card_id=CardFactory().pk, kind=CaseKind.TRANSFER, reason="", actor=None, now=NOW)
    with pytest.raises(CaseRefused) as refused:
        open_case(card_id=case.card_id, kind=CaseKind.TRANSFER, reason="", actor=None, now=NOW)
    assert codes(refused) == {"case_open_already"}
    for field in ("kind", "track"):
        rival = {"kind": CaseKind.RENEWAL, "track": "", field: getattr(case, field)}
        with pytest.raises(IntegrityError), transaction.atomic():
            Case.objects.create(card=case.card, opened_at=NOW, **rival)


def test_many_cards_at_once_each_with_its_answer(django_assert_num_queries) -> None:
    """A job opens cases on a fleet; those that may have none come back with the reason."""
    good, stopped = CardFactory.create_batch(2), CardFactory(service_state=ServiceState.HALF_STOP)
    opened = open_cases(
        card_ids=[stopped.pk, *(card.pk for card in good)],
        kind=CaseKind.DRILL,
        reason=CaseReason.PLANNED,
        source="system",
        actor=None,
        now=NOW,
    )
    assert {case.card_id for case in opened.cases} == {card.pk for card in good}
    assert [reason.code for reason in opened.refused[stopped.pk]] == ["not_in_service"]
    assert CaseStep.objects.count() == 6


def test_a_step_of_two_people_needs_two(grave) -> None:
    """R17: the first person cannot confirm, and one signature does not end the case."""
    case = CaseFactory(kind=CaseKind.TRANSFER, reason="")
    do(case, "ask", evidence=[file()])
    do(case, "release")
    step = do(case, "cut")
    assert step.state == StepState.HALF_DONE
    with pytest.raises(StepRefused) as refused:
        confirm_step(step_id=step.pk, actor=None, now=NOW)
    assert codes(refused) == {"same_person"}
    with pytest.raises(ClosingRefused):
        close_case(case_id=case.pk, outcome=CaseOutcome.KEPT, actor=None, now=NOW)


@pytest.mark.usefixtures("reference")
def test_a_step_belongs_to_a_role_and_two_different_people(grave) -> None:
    """R12, R17: a right is asked of each of the two; what cannot be undone is neither reopened nor withdrawn."""
    first, second = (PersonFactory(role=Role.SUPERVISOR) for _ in range(2))
    case = CaseFactory(kind=CaseKind.TRANSFER, reason="", actor=first)
    do(case, "ask", actor=first, evidence=[file()])
    with pytest.raises(StepNotYours):
        do(case, "release", actor=first)
    with pytest.raises(ClosingRefused) as refused:
        close_case(case_id=case.pk, outcome=CaseOutcome.WITHDRAWN, actor=first, now=NOW)
    assert codes(refused) == {"held_back"}
    assert holding([case.card_id]) == {case.card_id: case.pk}
    do(case, "release", actor=PersonFactory(role=Role.COMPLIANCE))
    assert holding([case.card_id]) == {}
    step = do(case, "cut", actor=first)
    with pytest.raises(StepRefused) as refused:
        confirm_step(step_id=step.pk, actor=first, now=NOW)
    assert codes(refused) == {"same_person"}
    assert confirm_step(step_id=step.pk, actor=second, now=NOW).second_by == second
    with pytest.raises(ReopeningRefused):
        reopen_step(step_id=step.pk, reason="wrong card", actor=first, now=NOW)
    with pytest.raises(ClosingRefused) as refused:
        close_case(case_id=case.pk, outcome=CaseOutcome.WITHDRAWN, actor=first, now=NOW)
    assert codes(refused) == {"irreversible"}
    close_case(case_id=case.pk, outcome=CaseOutcome.KEPT, actor=first, now=NOW)


def test_a_wrong_step_is_put_right_by_a_fresh_row() -> None:
    """The row that was wrong stays as it was recorded; what came after waits again."""
    case = CaseFactory()
    wrong = do(case, "fetch", note="shelf 3")
    fresh = reopen_step(step_id=wrong.pk, reason="it was shelf 4", actor=None, now=NOW)
    assert (fresh.state, fresh.instead_of_id) == (StepState.OPEN, wrong.pk)
    assert states(case) == [StepState.OPEN, StepState.WAITING, StepState.WAITING]
    with pytest.raises(StepRefused):
        do(case, "call")
    for change in ({"note": "shelf 4"}, {"state": StepState.DONE}):
        with pytest.raises(DatabaseError), transaction.atomic():
            CaseStep.objects.filter(pk=wrong.pk).update(**change)


def test_a_proof_that_was_replaced_is_seen_at_the_end(grave) -> None:
    """R17, R91: the hash of a proof is compared before a case ends."""
    case = CaseFactory(kind=CaseKind.TRANSFER, reason="")
    with pytest.raises(StepRefused) as refused:
        do(case, "ask")
    assert codes(refused) == {"evidence_missing"}
    proof = do(case, "ask", evidence=[file()]).documents.get().file
    proof.content.storage.delete(proof.content.name)
    proof.content.storage.save(proof.content.name, ContentFile(b"another\n"))
    with pytest.raises(ClosingRefused) as refused:
        close_case(case_id=case.pk, outcome=CaseOutcome.WITHDRAWN, actor=None, now=NOW)
    assert codes(refused) == {"evidence_replaced"}


@pytest.mark.parametrize(
    ("moment", "code"),
    [(timedelta(minutes=1), "in_the_future"), (timedelta(hours=-1), "dates_run_backwards")],
)
def test_dates_do_not_run_backwards(moment, code) -> None:
    """Neither before the case nor ahead of now."""
    case = CaseFactory()
    with pytest.raises(StepRefused) as refused:
        do(case, "fetch", done_at=NOW + moment)
    assert codes(refused) == {code}


@pytest.mark.usefixtures("reference")
def test_playbooks_are_loaded_once_and_people_see_their_cases() -> None:
    """The shipped steps become rows; loading again changes nothing."""
    known = Playbook.objects.count()
    load_playbooks(now=NOW + timedelta(days=1))
    assert Playbook.objects.count() == known >= 1
    team = TeamFactory()
    case = CaseFactory(card=CardFactory(team=team))
    assert case.playbook is not None
    supervisor, stranger = (PersonFactory(role=Role.SUPERVISOR, scope=scope) for scope in (team, TeamFactory()))
    later = NOW + timedelta(days=30)
    assert [list(due(person, until=later)) for person in (supervisor, stranger)] == [[case], []]
