"""Training that lapses (R72, R73)."""

from datetime import date, timedelta

import pytest

from agents.choices import AgentStatus, CourseKind
from agents.errors import (
    AgentHasLeft,
    ReasonMissing,
    TrainingNotUsable,
    TrainingRecordedAlready,
    TrainingRevokedAlready,
)
from agents.models import TrainingRecord
from agents.selectors.training import standings, training_expiring
from agents.services.training import months_later, record_training, revoke_training
from cardfleet.journal.models import Entry
from tests.factories.agents import AgentFactory, CourseFactory, TrainingRecordFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 1, 15), 12, date(2027, 1, 15)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
    ],
)
def test_months_later(day, months, then):
    assert months_later(day, months) == then


def test_a_record_counts_for_the_months_of_its_course(now):
    """R72: a record of training lapses with the months of its course."""
    agent, course = AgentFactory(), CourseFactory(valid_months=6)

    record = record_training(
        agent_id=agent.pk, course_id=course.pk, passed_on=date(2026, 10, 1), score=88, actor=agent.user, now=now
    )

    assert record.valid_until == date(2027, 4, 1)
    assert record.recorded_by == agent.user
    entry = Entry.objects.about(f"agents.agent:{agent.pk}").get()
    assert entry.action == "agents.training_recorded"
    assert entry.data == {"course": course.code, "passed_on": "2026-10-01", "valid_until": "2027-04-01"}


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"passed_on": TODAY + timedelta(days=1)}, TrainingNotUsable),
        ({"score": 101}, TrainingNotUsable),
        ({"passed_on": date(2026, 9, 1)}, TrainingRecordedAlready),
    ],
)
def test_a_record_that_makes_no_sense_is_refused(changes, refusal, now):
    known = TrainingRecordFactory(passed_on=date(2026, 9, 1))
    facts = {"agent_id": known.agent_id, "course_id": known.course_id, "passed_on": TODAY} | changes

    with pytest.raises(refusal):
        record_training(**facts, actor=None, now=now)

    assert TrainingRecord.objects.count() == 1


def test_nothing_is_recorded_of_somebody_who_left(now):
    agent, course = AgentFactory(status=AgentStatus.LEFT, left_on=TODAY), CourseFactory()

    with pytest.raises(AgentHasLeft):
        record_training(agent_id=agent.pk, course_id=course.pk, passed_on=TODAY, actor=None, now=now)


def test_a_revoked_record_stays_and_counts_no_more(now):
    """R73: no valid training, no card; a mistaken record is revoked, never deleted."""
    record = TrainingRecordFactory()
    assert standings([record.agent_id], TODAY)[record.agent_id].is_valid

    revoke_training(record_id=record.pk, reason="wrong person", actor=None, now=now)

    assert not standings([record.agent_id], TODAY)[record.agent_id].is_valid
    assert TrainingRecord.objects.get().revoked_at == now
    with pytest.raises(TrainingRevokedAlready):
        revoke_training(record_id=record.pk, reason="again", actor=None, now=now)
    with pytest.raises(ReasonMissing):
        revoke_training(record_id=record.pk, reason=" ", actor=None, now=now)


def test_standing_needs_every_required_compliance_course():
    first, second = CourseFactory(), CourseFactory()
    CourseFactory(kind=CourseKind.PRODUCT, is_required=False)
    CourseFactory(is_required=False)
    agent, other = AgentFactory(), AgentFactory()
    TrainingRecordFactory(agent=agent, course=first, valid_until=None)
    TrainingRecordFactory(agent=other, course=first, passed_on=TODAY - timedelta(days=400), valid_until=TODAY)
    TrainingRecordFactory(agent=other, course=second, valid_until=TODAY + timedelta(days=400))

    standing = standings([agent.pk, other.pk], TODAY)

    assert standing[agent.pk].state(TODAY) == "lacking"
    assert standing[agent.pk].lacking == (second.title,)
    assert standing[other.pk].state(TODAY) == "expiring"
    assert standing[other.pk].valid_until == TODAY
    assert standings([other.pk], TODAY + timedelta(days=1))[other.pk].state(TODAY) == "lacking"


def test_standings_take_two_queries_however_many_agents(django_assert_num_queries):
    records = [TrainingRecordFactory() for _ in range(3)]
    with django_assert_num_queries(2):
        standings([record.agent_id for record in records[:1]], TODAY)
    with django_assert_num_queries(2):
        standings([record.agent_id for record in records], TODAY)


def test_what_lapses_soon_or_has_lapsed_is_listed_once_by_its_latest_record(django_assert_num_queries):
    course = CourseFactory()
    soon, renewed, lapsed, left = (AgentFactory() for _ in range(4))
    left.status, left.left_on = AgentStatus.LEFT, TODAY
    left.save()
    long_ago = TODAY - timedelta(days=500)
    for agent in (soon, renewed, lapsed, left):
        TrainingRecordFactory(
            agent=agent, course=course, passed_on=long_ago, valid_until=long_ago + timedelta(days=365)
        )
    TrainingRecordFactory(agent=soon, course=course, valid_until=TODAY + timedelta(days=60))
    TrainingRecordFactory(agent=renewed, course=course, valid_until=TODAY + timedelta(days=61))

    with django_assert_num_queries(1):
        due = training_expiring(TODAY)

    assert [(row.agent_id, row.valid_until) for row in due] == [
        (lapsed.pk, long_ago + timedelta(days=365)),
        (soon.pk, TODAY + timedelta(days=60)),
    ]
