"""Courses with versions and tests, policies with acknowledgements, plans (R56, R61, R72, R73, R112)."""

from datetime import date, timedelta

import pytest

from agents.errors import HandoutRefused
from agents.errors.learning import (
    AnswersMissing,
    AttemptsUsedUp,
    NameNotSigned,
    NotAddressed,
    NotInForce,
    PlanNotUsable,
    SessionRefused,
    VersionNotUsable,
    VersionPublishedSince,
)
from agents.models import Acknowledgement, CourseAttempt, TrainingRecord
from agents.rules.courses import Question, mark, read_questions, write_questions
from agents.selectors.courses import courses_of
from agents.selectors.handout_many import handout_facts_of
from agents.selectors.plans import plans, to_be_trained
from agents.services.assignments import issue
from agents.services.courses import VersionFacts, publish_course
from agents.services.examinations import take_test
from agents.services.plans import plan_training, record_session
from agents.services.policies import acknowledge, publish_policy
from cardfleet.journal.models import Entry
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import (
    AgentFactory,
    CourseFactory,
    CourseVersionFactory,
    PolicyVersionFactory,
    TrainingRecordFactory,
)
from tests.factories.cards import CardFactory

TODAY = date(2026, 11, 20)
TEXT = "who?\n+ me\n- you\n\nwhat?\n＋this\n- that\n+ those"


def test_questions_are_read_and_written_as_people_type_them():
    questions, wrong = read_questions(TEXT)
    assert not wrong
    assert [(one.text, len(one.options), sorted(one.right)) for one in questions] == [
        ("who?", 2, [0]),
        ("what?", 3, [0, 2]),
    ]
    assert read_questions(write_questions(questions)) == (questions, [])
    assert [Question.of(one.as_json()) for one in questions] == questions


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("who?\n+ me", "too_few_options", 1),
        ("\nwho?\n- me\n- you", "no_right_option", 2),
        ("who?\n+ me\nyou", "option_unmarked", 3),
        ("+ me\n+ you\n- they", "question_missing", 1),
    ],
)
def test_a_question_that_cannot_be_asked_is_named_by_its_line(text, code, line):
    _questions, wrong = read_questions(text)
    assert [(reason.code, reason.line) for reason in wrong] == [(code, line)]


@pytest.mark.parametrize(
    ("answers", "score", "wrong"),
    [
        ([{0}, {0, 2}], 100, []),
        ([{0}, {0}], 50, [1]),
        ([{0}, {0, 1, 2}], 50, [1]),
        ([{1}], 0, [0, 1]),
    ],
)
def test_only_the_right_options_and_all_of_them_count(answers, score, wrong):
    questions, _wrong = read_questions(TEXT)
    marked = mark(questions, answers)
    assert (marked.score, marked.wrong) == (score, wrong)


@pytest.fixture
def taught(db):
    """An agent and a required course with a test and a commitment."""
    return AgentFactory(), CourseVersionFactory(commitment="I keep to it", attempts_a_day=2)


def hand_in(agent, taken, answers, now, **changes):
    """Hand a test in, signed."""
    given = {"version": taken.number, "signed_name": agent.user.name} | changes
    return take_test(course_id=taken.course_id, answers=answers, actor=agent.user, now=now, **given)


def test_a_test_is_failed_then_passed_and_opens_the_gate(taught, now):
    """R61, R73: a test with a pass mark and a signed commitment; passed, it is the training a card needs."""
    agent, version = taught
    card = CardFactory()
    with pytest.raises(HandoutRefused) as refused:
        issue(card_id=card.pk, agent_id=agent.pk, actor=None, now=now, gates={})
    assert [reason.code for reason in refused.value.reasons] == ["training_missing"]

    failed = hand_in(agent, version, [[1], [0]], now)
    assert (failed.attempt.score, failed.attempt.is_passed, failed.record) == (50, False, None)
    passed = hand_in(agent, version, [[1], [0, 2]], now)

    record = TrainingRecord.objects.get()
    assert passed.record == record
    assert (record.version, record.score, record.signed_name) == (version, 100, agent.user.name)
    assert record.valid_until == date(2027, 11, 20)
    assert issue(card_id=card.pk, agent_id=agent.pk, actor=None, now=now, gates={}).assignment.agent == agent
    assert Entry.objects.filter(action="agents.test_taken").count() == 2


def test_what_is_not_handed_in_whole_is_no_attempt(taught, now):
    """R72: unanswered, unsigned, outdated or once too often: refused, and not counted."""
    agent, version = taught
    for changes, refusal in (
        ({"answers": [[1]]}, AnswersMissing),
        ({"answers": [[1], []]}, AnswersMissing),
        ({"answers": [[1], [0]], "signed_name": "somebody"}, NameNotSigned),
        ({"answers": [[1], [0]], "version": 7}, VersionPublishedSince),
    ):
        with pytest.raises(refusal):
            hand_in(agent, version, changes.pop("answers"), now, **changes)
    assert CourseAttempt.objects.count() == 0
    for _time in range(2):
        hand_in(agent, version, [[0], [1]], now)
    with pytest.raises(AttemptsUsedUp):
        hand_in(agent, version, [[1], [0, 2]], now)
    hand_in(agent, version, [[1], [0, 2]], now + timedelta(days=1))


@pytest.mark.django_db
def test_a_version_that_renews_shortens_what_was_passed(now):
    """R72: passes of earlier versions count until the day the new version says."""
    kept = TrainingRecordFactory(passed_on=date(2026, 6, 1))
    soon = TODAY + timedelta(days=14)
    facts = VersionFacts(text="new law", questions=TEXT, earlier_until=soon)

    version = publish_course(course_id=kept.course_id, facts=facts, actor=None, now=now)

    kept.refresh_from_db()
    assert (version.number, kept.valid_until) == (1, soon)
    for wrong in (
        VersionFacts(),
        VersionFacts(text="x", questions="who?"),
        VersionFacts(text="x", earlier_until=TODAY - timedelta(days=1)),
    ):
        with pytest.raises(VersionNotUsable):
            publish_course(course_id=kept.course_id, facts=wrong, actor=None, now=now)


@pytest.mark.django_db
def test_a_required_policy_is_signed_before_a_card_and_again_when_it_changes(now):
    """R112: no private use is acknowledged by name; the gate on issue names what is not signed."""
    agent, card = AgentFactory(), CardFactory()
    first = PolicyVersionFactory()
    with pytest.raises(HandoutRefused) as refused:
        issue(card_id=card.pk, agent_id=agent.pk, actor=None, now=now, gates={})
    assert [reason.code for reason in refused.value.reasons] == ["policy_unsigned"]
    with pytest.raises(NameNotSigned):
        acknowledge(version_id=first.pk, signed_name="x", actor=agent.user, now=now)
    with pytest.raises(NotAddressed):
        acknowledge(version_id=first.pk, signed_name="x", actor=PersonFactory(), now=now)

    for _time in range(2):
        acknowledge(version_id=first.pk, signed_name=f" {agent.user.name} ", actor=agent.user, now=now)

    assert Acknowledgement.objects.count() == 1
    assert handed(card, agent, now).unsigned_policies == []
    later = TODAY + timedelta(days=3)
    second = publish_policy(policy_id=first.policy_id, text="new", effective_from=later, actor=None, now=now)
    with pytest.raises(NotInForce):
        acknowledge(version_id=second.pk, signed_name=agent.user.name, actor=agent.user, now=now)
    then = now + timedelta(days=3)
    assert handed(card, agent, then).unsigned_policies == [first.policy.title]
    with pytest.raises(HandoutRefused):
        issue(card_id=card.pk, agent_id=agent.pk, actor=None, now=then, gates={})
    with pytest.raises(NotInForce):
        acknowledge(version_id=first.pk, signed_name=agent.user.name, actor=agent.user, now=then)


def handed(card, agent, now):
    """Return what the gates ask of one of many."""
    facts = handout_facts_of(cards=[card], agent=agent, actor=None, today=now.date(), blocked_by={})
    return facts[card.pk]


@pytest.mark.django_db
def test_a_plan_counts_who_passed_since_it_began(now):
    """R56: a plan for a team and a period, how far it is, and what it asks of an agent."""
    team = TeamFactory()
    supervisor = PersonFactory(scope=team, team=team)
    course = CourseFactory(is_required=False)
    done, due = AgentFactory(user__team=team), AgentFactory(user__team=team)
    TrainingRecordFactory(agent=done, course=course, passed_on=TODAY)
    TrainingRecordFactory(agent=due, course=course, passed_on=TODAY - timedelta(days=40))
    AgentFactory()
    days = {"starts_on": TODAY, "due_on": TODAY + timedelta(days=10)}

    plan_training(course_id=course.pk, team=team, **days, actor=supervisor, now=now)

    row = plans(supervisor, TODAY)[0]
    assert (row.bound, row.done, row.is_late) == (2, 1, False)
    assert [mine.due_on for mine in courses_of(due, TODAY)] == [days["due_on"]]
    assert [mine.due_on for mine in courses_of(done, TODAY)] == [None]
    for wrong in ({"team": None}, {"due_on": TODAY - timedelta(days=1)}):
        with pytest.raises(PlanNotUsable):
            plan_training(**{"course_id": course.pk, "team": team, **days, **wrong}, actor=supervisor, now=now)


@pytest.mark.django_db
def test_a_session_is_recorded_for_all_or_none(now):
    """R72, R73: many are trained at once, with the signed list as proof; a day ahead is refused for each by name."""
    course = CourseFactory()
    agents = [AgentFactory(), AgentFactory()]
    known = type(agents[0]).objects.all()
    given = {"course_id": course.pk, "agents": known, "actor": PersonFactory(), "now": now}
    assert len(to_be_trained(known, TODAY)) == 2
    ids = [agent.pk for agent in agents]
    with pytest.raises(SessionRefused) as refused:
        record_session(agent_ids=ids, passed_on=TODAY + timedelta(days=1), **given)
    assert [reason.value for reason in refused.value.reasons] == [str(pk) for pk in ids]
    assert TrainingRecord.objects.count() == 0

    record_session(agent_ids=ids, passed_on=TODAY, sheet=b"%PDF-1.4 list", sheet_name="list.pdf", **given)

    assert {record.evidence.name for record in TrainingRecord.objects.all()} == {"list.pdf"}
    assert to_be_trained(known, TODAY) == []
