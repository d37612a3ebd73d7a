"""What happens to cases while nobody looks: the carrier restores, nobody answers, clocks run out, rivals meet."""

from datetime import timedelta
from threading import Thread

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cardfleet.accounts.choices import Role
from cardfleet.kernel.errors import Refusal
from cardfleet.notify.models import InboxItem
from cards.choices import ServiceState, StopReason
from lifecycle.choices import AlertKind, CaseKind, CaseOutcome, EscalationLevel, StepState
from lifecycle.models import Alert, Case, Playbook
from lifecycle.playbooks import registry
from lifecycle.playbooks.registry import Kind, Play, StepSpec
from lifecycle.selectors.blocking import blocking_sentences
from lifecycle.services.cases import assign, attach_proof, close_case, complete_step, watch_cases
from lifecycle.services.states import record_state
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.cards import CardFactory
from tests.factories.cases import CaseFactory, do, step_of

NOW = FRIDAY
WAITING = Kind(
    name=CaseKind.TRANSFER,
    label="Waiting",
    icon="briefcase",
    outcomes=(CaseOutcome.RESTORED, CaseOutcome.WITHDRAWN),
    play=(
        Play(
            steps=(
                StepSpec("release", "Release", holds=True),
                StepSpec("back", "Back", starts="external", awaits=ServiceState.ACTIVE, hours=24),
            )
        ),
    ),
)


@pytest.fixture
def case(monkeypatch, db):
    """A case of a made kind that waits for the carrier, on a card stopped just before."""
    Playbook.objects.filter(kind=CaseKind.TRANSFER).delete()
    monkeypatch.setitem(registry._kinds, CaseKind.TRANSFER, WAITING)
    card = CardFactory(
        service_state=ServiceState.HALF_STOP, stop_reason=StopReason.ARREARS, team=TeamFactory(), service_since=NOW
    )
    return CaseFactory(kind=CaseKind.TRANSFER, reason="", card=card)


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
def test_the_carrier_restored_the_card_while_the_case_waited(case) -> None:
    """R45: the waiting step is done by the card's change, once; its gates stay, and who sees to the case is told."""
    supervisor = PersonFactory(role=Role.SUPERVISOR, scope=case.card.team)
    assign(case_id=case.pk, person=supervisor, actor=None, now=NOW)
    assert watch_cases(now=NOW)["seen"] == 0
    later = NOW + timedelta(hours=2)
    change = record_state(
        card_id=case.card_id, to="active", reason="", source="carrier_sms", at=later, actor=None, now=later
    )
    assert blocking_sentences(case.card, now=later)
    assert [watch_cases(now=later)["seen"] for _ in range(2)] == [1, 0]
    back = step_of(case, "back")
    assert (back.state, back.done_by, back.data) == (StepState.DONE, None, {"change": change.pk})
    assert InboxItem.objects.filter(user=supervisor, code="lifecycle.case_seen").count() == 1
    with pytest.raises(Refusal):
        close_case(case_id=case.pk, outcome=CaseOutcome.RESTORED, actor=None, now=later)
    do(case, "release", now=later)
    assert blocking_sentences(case.card, now=later) == []
    close_case(case_id=case.pk, outcome=CaseOutcome.RESTORED, actor=None, now=later)


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
def test_a_carrier_that_never_answers_is_asked_level_by_level(case) -> None:
    """R18, R19, R54: one alert, told again only as it becomes graver; a late run reaches the level that is due."""
    supervisor = PersonFactory(role=Role.SUPERVISOR, scope=case.card.team)
    assign(case_id=case.pk, person=supervisor, actor=supervisor, now=NOW)
    do(case, "release")
    overdue = NOW + timedelta(days=1, minutes=1)
    for moment, level in ((overdue, 1), (overdue, 1), (NOW + timedelta(days=30), EscalationLevel.LEGAL)):
        watch_cases(now=moment)
        case.refresh_from_db()
        assert case.level == level
    alert = Alert.objects.get(kind=AlertKind.CASE)
    assert (alert.assignee, alert.params["case"], alert.severity) == (supervisor, case.pk, "critical")
    told = InboxItem.objects.filter(user=supervisor).values_list("code", flat=True)
    assert sorted(told) == [*(["lifecycle.case_escalated"] * 2), *(["lifecycle.case_overdue"] * 2)]
    close_case(case_id=case.pk, outcome=CaseOutcome.WITHDRAWN, actor=None, now=NOW + timedelta(days=31))
    alert.refresh_from_db()
    assert alert.state == "closed"


@pytest.mark.django_db
@pytest.mark.usefixtures("reference", "case")
def test_the_watch_asks_as_much_of_the_database_for_many_cases_as_for_one() -> None:
    """R18, R45: seen, escalated and told of, in a number of statements that the number of cases does not change."""
    supervisor = PersonFactory(role=Role.SUPERVISOR, scope=TeamFactory())
    asked = []
    for count in (1, 3):
        seen, late = (_waiting(count, supervisor) for _ in range(2))
        later = NOW + timedelta(hours=2)
        for case in seen:
            record_state(
                card_id=case.card_id, to="active", reason="", source="carrier_sms", at=later, actor=None, now=later
            )
        with CaptureQueriesContext(connection) as queries:
            done = watch_cases(now=NOW + timedelta(days=1, minutes=1))
        assert (done["seen"], done["escalated"], done["alerts_opened"]) == (count, count, count)
        assert not Case.objects.filter(pk__in=[case.pk for case in late], level=0).exists()
        asked.append(len(queries))
        Case.objects.update(closed_at=NOW, outcome=CaseOutcome.WITHDRAWN)
        watch_cases(now=NOW + timedelta(days=1, minutes=2))
    assert asked[0] == asked[1]


def _waiting(count: int, person) -> list[Case]:
    """Return cases of a person that wait for the carrier."""
    stopped = {"service_state": ServiceState.HALF_STOP, "stop_reason": StopReason.ARREARS, "service_since": NOW}
    cards = [CardFactory(**stopped) for _ in range(count)]
    cases = [CaseFactory(kind=CaseKind.TRANSFER, reason="", card=card) for card in cards]
    for case in cases:
        do(case, "release")
    Case.objects.filter(pk__in=[case.pk for case in cases]).update(assignee=person)
    return cases


@pytest.mark.django_db
def test_a_lost_proof_is_healed_by_another(case) -> None:
    """R17: a case whose only proof was lost can be ended once the proof is attached anew."""
    step = do(case, "release", evidence=[ContentFile(b"a\n", name="a.txt")])
    file = step.documents.get().file
    file.content.storage.delete(file.content.name)
    with pytest.raises(Refusal):
        close_case(case_id=case.pk, outcome=CaseOutcome.WITHDRAWN, actor=None, now=NOW)
    attach_proof(case_id=case.pk, step_id=step.pk, evidence=[ContentFile(b"a\n", name="a.txt")], actor=None, now=NOW)
    assert close_case(case_id=case.pk, outcome=CaseOutcome.WITHDRAWN, actor=None, now=NOW).closed_at


@pytest.mark.django_db(transaction=True)
def test_two_people_do_one_step_at_once() -> None:
    """One of the two is recorded, the other is told; neither waits for the other for ever."""
    case = CaseFactory()
    step, heard = step_of(case, "fetch"), []

    def rival(name: str) -> None:
        try:
            complete_step(step_id=step.pk, note=name, actor=None, now=NOW)
            heard.append("done")
        except Refusal as refusal:
            heard.append(refusal.code)
        finally:
            connection.close()

    rivals = [Thread(target=rival, args=(name,)) for name in ("a", "b")]
    for one in rivals:
        one.start()
    for one in rivals:
        one.join(timeout=60)
    assert sorted(heard) == ["done", "step_refused"]
    assert Case.objects.get().steps.filter(state=StepState.DONE).count() == 1
