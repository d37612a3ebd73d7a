"""Agents, courses and assignments: the least that is valid."""

from datetime import timedelta

import factory
from factory.django import DjangoModelFactory

from agents.choices import ApprovalLevel, ListingKind
from agents.models import (
    Absence,
    Agent,
    Appraisal,
    Assignment,
    CalleeListing,
    CallPlan,
    CardConfirmation,
    CardRequest,
    Course,
    CourseVersion,
    Handover,
    Leaving,
    Policy,
    PolicyVersion,
    Reservation,
    Reward,
    Script,
    ScriptVersion,
    TrainingPlan,
    TrainingRecord,
)
from agents.rules.confirmations import period_of
from agents.rules.receipts import TERMS_NOW
from agents.selectors.callees import hash_of
from cardfleet.kernel.clock import business_day
from cards.choices import CustodyState
from cards.services.custody import change_custody
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.cards import CardFactory


class AgentFactory(DjangoModelFactory):
    """An active agent in a team of their own, without training."""

    class Meta:
        model = Agent

    user = factory.SubFactory(PersonFactory, team=factory.SubFactory(TeamFactory))


class AbsenceFactory(DjangoModelFactory):
    """Leave on the Friday of the tests alone."""

    class Meta:
        model = Absence

    agent = factory.SubFactory(AgentFactory)
    starts_on = business_day(FRIDAY)
    ends_on = factory.SelfAttribute("starts_on")
    recorded_at = FRIDAY


class CourseFactory(DjangoModelFactory):
    """A compliance course that is required before a card is issued."""

    class Meta:
        model = Course

    code = factory.Sequence(lambda number: f"course-{number}")
    title = factory.Sequence(lambda number: f"Course {number}")
    is_required = True


class CourseVersionFactory(DjangoModelFactory):
    """Two questions, the second with two right options; half is not enough."""

    class Meta:
        model = CourseVersion

    course = factory.SubFactory(CourseFactory)
    number = 1
    text = "law"
    questions = [
        {"text": "one?", "options": ["a", "b"], "right": [1]},
        {"text": "two?", "options": ["a", "b", "c"], "right": [0, 2]},
    ]
    published_at = FRIDAY


class PolicyFactory(DjangoModelFactory):
    """A policy for agents that is required before a card is issued; without a version it binds nobody."""

    class Meta:
        model = Policy

    code = factory.Sequence(lambda number: f"policy-{number}")
    title = factory.Sequence(lambda number: f"Policy {number}")
    is_required = True


class PolicyVersionFactory(DjangoModelFactory):
    """A text in force from the Friday of the tests."""

    class Meta:
        model = PolicyVersion

    policy = factory.SubFactory(PolicyFactory)
    number = 1
    text = "not for private calls"
    effective_from = business_day(FRIDAY)
    published_at = FRIDAY


class TrainingPlanFactory(DjangoModelFactory):
    """That everybody passes a course within a month from the Friday of the tests."""

    class Meta:
        model = TrainingPlan

    course = factory.SubFactory(CourseFactory)
    starts_on = business_day(FRIDAY)
    due_on = factory.LazyAttribute(lambda plan: plan.starts_on + timedelta(days=30))
    made_at = FRIDAY


class CallPlanFactory(DjangoModelFactory):
    """A hundred calls on the Friday of the tests; `team` or `agent` is the test's to give."""

    class Meta:
        model = CallPlan

    calls = 100
    starts_on = ends_on = business_day(FRIDAY)
    made_at = FRIDAY


class ScriptFactory(DjangoModelFactory):
    """A sales script."""

    class Meta:
        model = Script

    name = factory.Sequence(lambda number: f"Script {number}")
    purpose = "sales"


class ScriptVersionFactory(DjangoModelFactory):
    """A version that says all the law asks for and is not approved yet."""

    class Meta:
        model = ScriptVersion

    script = factory.SubFactory(ScriptFactory)
    number = 1
    text = "hello"
    states_identity = offers_opt_out = True
    written_at = FRIDAY


class RewardFactory(DjangoModelFactory):
    """A reward for care in the month of the tests."""

    class Meta:
        model = Reward

    agent = factory.SubFactory(AgentFactory)
    month = business_day(FRIDAY).replace(day=1)
    kind = "reward"
    basis = "care"
    reason = "no card lost"
    recorded_at = FRIDAY


class AppraisalFactory(DjangoModelFactory):
    """An appraisal of the month of the tests that the agent has not signed."""

    class Meta:
        model = Appraisal

    agent = factory.SubFactory(AgentFactory)
    month = business_day(FRIDAY).replace(day=1)
    attitude = 4
    summary = "a good month"
    signed_at = FRIDAY
    signed_by = factory.SubFactory(PersonFactory)


class TrainingRecordFactory(DjangoModelFactory):
    """A record that counts for a year from the Friday of the tests."""

    class Meta:
        model = TrainingRecord

    agent = factory.SubFactory(AgentFactory)
    course = factory.SubFactory(CourseFactory)
    passed_on = business_day(FRIDAY)
    valid_until = factory.LazyAttribute(lambda record: record.passed_on + timedelta(days=365))
    recorded_at = FRIDAY


class CalleeListingFactory(DjangoModelFactory):
    """A refusal of all calls, recorded on the Friday of the tests."""

    class Meta:
        model = CalleeListing

    kind = ListingKind.DO_NOT_CALL
    number_hash = factory.Sequence(lambda number: hash_of(f"+8613800{number:06}"))
    source = "call"
    given_at = FRIDAY
    recorded_at = FRIDAY


class HandoverFactory(DjangoModelFactory):
    """A receipt of the Friday of the tests, without cards and not signed."""

    class Meta:
        model = Handover

    agent = factory.SubFactory(AgentFactory)
    handed_at = FRIDAY
    terms = TERMS_NOW


class LeavingFactory(DjangoModelFactory):
    """Notice given on the Friday of the tests, for a week later; without tasks."""

    class Meta:
        model = Leaving

    agent = factory.SubFactory(AgentFactory)
    leaves_on = business_day(FRIDAY) + timedelta(days=7)
    noticed_at = FRIDAY


class ReservationFactory(DjangoModelFactory):
    """A card kept for an agent on the Friday of the tests."""

    class Meta:
        model = Reservation

    card = factory.SubFactory(CardFactory)
    agent = factory.SubFactory(AgentFactory)
    starts_on = ends_on = business_day(FRIDAY)
    made_at = FRIDAY


class CardRequestFactory(DjangoModelFactory):
    """A request for one card that waits for the supervisor."""

    class Meta:
        model = CardRequest

    agent = factory.SubFactory(AgentFactory)
    count = 1
    purpose = "sales"
    reason = "new customers"
    level = ApprovalLevel.SUPERVISOR
    asked_at = FRIDAY


class CardConfirmationFactory(DjangoModelFactory):
    """What a holder said of a card in the quarter of the tests: its phone is another one."""

    class Meta:
        model = CardConfirmation

    card = factory.SubFactory(CardFactory)
    agent = factory.SubFactory(AgentFactory)
    period = period_of(business_day(FRIDAY))
    wrong = factory.LazyFunction(lambda: ["device"])
    note = "another phone"
    at = FRIDAY


def hand_over(card, agent, *, at=FRIDAY, **facts) -> Assignment:
    """Put a card into an agent's hands without asking the gates, the way `issue` leaves it: not accepted yet."""
    assignment = Assignment.objects.create(
        card=card,
        agent=agent,
        team=agent.user.team,
        started_at=at,
        recorded_at=at,
        taken_from=card.custody_state,
        taken_from_team=card.team,
        **facts,
    )
    place = {"to": CustodyState.ISSUED, "holder": agent.user, "team": agent.user.team}
    change_custody(card=card, **place, actor=None, now=at, at=at)
    card.refresh_from_db()
    return assignment


def train(agent: Agent) -> Agent:
    """Let an agent pass every course that is required, and return the agent."""
    for course in Course.objects.filter(is_required=True):
        TrainingRecordFactory(agent=agent, course=course)
    return agent
