"""Targets, scripts, checked calls, the scorecard, rewards and appraisals (R31, R58-R60, R62, R69-R71, R112)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agents.errors.conduct import (
    AppraisalSigned,
    AppraisedAlready,
    NothingToSplit,
    OwnScript,
    RewardRefused,
    ScriptLacks,
)
from agents.models import Agent, Appraisal, CalleeListing, Reward, Target
from agents.selectors.targets import day_plan, targets
from agents.services.appraisals import sign_appraisal
from agents.services.scripts import approve_script, write_script
from agents.services.targets import set_targets, split_target
from billing.models import UsageDaily
from cardfleet.accounts.choices import Role
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import BadInput, NotVisible
from cardfleet.notify.models import InboxItem
from lifecycle.models import CustomerProblem, Finding, QualityCheck
from lifecycle.rules.checked_calls import Heard
from lifecycle.selectors.performance import performance
from lifecycle.services.checked_calls import CheckFacts, check_call
from lifecycle.services.performance import appraise, reward_agent
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, CallPlanFactory, ScriptVersionFactory, hand_over
from tests.factories.cards import CardFactory, CarrierRuleFactory
from tests.factories.lifecycle import ComplaintFactory

TODAY = business_day(FRIDAY)
NOVEMBER = date(2026, 11, 1)
WELL = Heard(courtesy=5, accuracy=4, no_pressure=True, identity_stated=True, opt_out_offered=True)
pytestmark = pytest.mark.django_db


def call(card, day, *, calls=100, answered=40, outside=0, role="switch"):
    """Store a card's calls of a day."""
    return UsageDaily.objects.create(
        card=card, day=day, role=role, calls=calls, answered=answered, seconds=answered * 60,
        outside_window=outside, hours=[0] * 24, last_at=FRIDAY,
    )  # fmt: skip


@pytest.fixture
def worked():
    """An agent who held a card for ten days, called, broke a cap once and was complained of."""
    agent, card = AgentFactory(), CardFactory()
    hand_over(card, agent, at=FRIDAY - timedelta(days=10))
    call(card, TODAY - timedelta(days=1), calls=210, answered=80, outside=20)
    call(card, TODAY - timedelta(days=1), calls=80, answered=80, role="carrier")
    call(card, TODAY - timedelta(days=20), calls=500)
    rule = CarrierRuleFactory(kind="daily_out_calls")
    for day, value in ((1, 210), (2, 170)):
        Finding.objects.create(
            card=card, rule=rule, kind=rule.kind, day=TODAY - timedelta(days=day), severity="high",
            value=value, warn=160, limit=200, code="x", seen_at=FRIDAY,
        )  # fmt: skip
    ComplaintFactory(card=card)
    return agent, card


def month_of(agent):
    """Return the agent's November."""
    return performance(Agent.objects.filter(pk=agent.pk), month=TODAY, user=None, today=TODAY)[0]


def test_a_month_joins_calls_limits_complaints_and_quality(worked, now):
    """R70, R112: of several sources the fullest, while the agent held the card, limits reached and not neared."""
    agent, _card = worked
    check_call(
        agent=agent, heard=WELL, facts=CheckFacts(called_on=TODAY, satisfaction=4), actor=PersonFactory(), now=now
    )
    row = month_of(agent)
    assert (row.calls, row.answered, row.minutes, row.outside) == (210, 80, 80, 20)
    assert (row.broken, row.complaints, row.checks) == (1, 1, 1)
    assert (row.points, row.satisfaction) == (Decimal("96.0"), Decimal("4.0"))
    assert row.is_used_privately
    assert row.cost_per_answer == Decimal(0)
    idle = month_of(AgentFactory())
    assert (idle.calls, idle.broken, idle.points, idle.cost_per_answer) == (0, 0, None, None)


def test_a_day_belongs_to_who_held_the_card_last(worked):
    agent, card = worked
    then = FRIDAY - timedelta(days=1)
    card.assignments.update(ended_at=then)
    heir = AgentFactory()
    hand_over(card, heir, at=then)
    assert (month_of(agent).calls, month_of(heir).calls) == (0, 210)


def test_the_number_of_statements_does_not_grow_with_the_agents(worked):
    with CaptureQueriesContext(connection) as one:
        month_of(worked[0])
    AgentFactory.create_batch(2)
    with CaptureQueriesContext(connection) as three:
        performance(Agent.objects.all(), month=TODAY, user=None, today=TODAY)
    assert len(one) == len(three)


def test_who_refuses_in_a_checked_call_is_called_no_more(now):
    """R58, R59, R60, R62: kept by points without the number, the agent told, the refusal listed at once."""
    agent = AgentFactory()
    facts = CheckFacts(called_on=TODAY, category="pressure", refused=True, number="13800001111")
    heard = Heard(courtesy=4, accuracy=4, no_pressure=False, identity_stated=True, opt_out_offered=True)
    check_call(agent=agent, heard=heard, facts=facts, actor=PersonFactory(), now=now)
    assert (QualityCheck.objects.get().points, CalleeListing.objects.get().kind) == (72, "do_not_call")
    assert InboxItem.objects.get().user == agent.user
    for wrong in ({"number": "12"}, {"called_on": TODAY + timedelta(days=1)}, {"category": ""}):
        with pytest.raises(BadInput):
            check_call(
                agent=agent, heard=heard, facts=CheckFacts(**vars(facts) | wrong), actor=PersonFactory(), now=now
            )
    with pytest.raises(BadInput):
        check_call(agent=agent, heard=WELL, facts=CheckFacts(called_on=TODAY), actor=agent.user, now=now)


def test_a_customers_problem_is_solved_and_counts_as_satisfaction(client, reference, now, time_machine):
    """R62, R63: the agent's own, without a number; solved once; the mark joins those of checked calls."""
    time_machine.move_to(now, tick=False)
    team = TeamFactory()
    agent, other = (AgentFactory(user__role=Role.AGENT, user__team=team) for _ in range(2))
    client.force_login(agent.user)
    url, said = reverse("lifecycle:problems"), {"kind": "price", "text": "charged twice", "raised_on": TODAY}
    for wrong in ({"text": "call 139 1234 5678"}, {"raised_on": TODAY + timedelta(days=1)}, {"text": " "}):
        assert client.post(url, said | wrong).status_code == 422
    assert client.post(url, said).status_code == 302
    problem = CustomerProblem.objects.get()
    solve = reverse("lifecycle:problem-solve", args=[problem.pk])
    client.force_login(other.user)
    assert client.post(solve, {"solution": "x"}).status_code == 404
    assert b"charged twice" not in client.get(url).content
    client.force_login(PersonFactory(role=Role.SUPERVISOR, scope=team, team=team))
    assert client.post(solve, {"solution": "ID 110105199003070011 x"}).status_code == 422
    assert client.post(solve, {"solution": "paid back", "satisfaction": "4"}).status_code == 302
    assert client.post(solve, {"solution": "again"}).status_code == 409
    check_call(
        agent=agent, heard=WELL, facts=CheckFacts(called_on=TODAY, satisfaction=5), actor=PersonFactory(), now=now
    )
    assert month_of(agent).satisfaction == Decimal("4.5")


def test_results_reached_by_breaking_a_limit_are_not_rewarded(worked, now):
    """R71: the refusal names what was broken; care is rewarded all the same."""
    given = {"agent": worked[0], "month": NOVEMBER, "reason": "well done", "actor": PersonFactory(), "now": now}
    with pytest.raises(RewardRefused) as refused:
        reward_agent(kind="reward", basis="results", **given)
    assert [reason.code for reason in refused.value.reasons] == ["limits_broken", "complaints"]
    reward_agent(kind="reward", basis="care", amount=Decimal(50), **given)
    reward_agent(kind="penalty", basis="results", **given)
    assert Reward.objects.count() == 2
    reward_agent(kind="reward", basis="results", **given | {"agent": AgentFactory()})


def test_an_appraisal_is_signed_by_both_and_stays(worked, now):
    """R70: figures as they stood, the agent's comment, two signatures, once."""
    agent, boss = worked[0], PersonFactory()
    given = {"agent": agent, "month": NOVEMBER, "attitude": 4, "summary": "good", "actor": boss, "now": now}
    appraisal = appraise(**given)
    assert appraisal.figures["calls"] == 210
    with pytest.raises(AppraisedAlready):
        appraise(**given)
    sign = {"appraisal_id": appraisal.pk, "comment": "thanks", "now": now}
    with pytest.raises(NotVisible):
        sign_appraisal(**sign, signed_name=boss.name, actor=boss)
    sign_appraisal(**sign, signed_name=agent.user.name, actor=agent.user)
    with pytest.raises(AppraisalSigned):
        sign_appraisal(**sign, signed_name=agent.user.name, actor=agent.user)
    assert Appraisal.objects.get().comment == "thanks"


def test_a_target_is_split_from_company_to_agent_and_sums_are_checked(now):
    """R69: by the number of agents, nothing lost; a part changed by hand shows what is missing."""
    company = TeamFactory()
    small, large = TeamFactory(parent=company), TeamFactory(parent=company)
    agents = [AgentFactory(user__team=team) for team in (small, large, large)]
    boss = PersonFactory(scope=company, team=company)
    key = {"month": NOVEMBER, "metric": "calls", "actor": boss, "now": now}
    with pytest.raises(NothingToSplit):
        split_target(team_id=company.pk, **key)
    set_targets(teams={company.pk: 100}, agents={}, **key)
    split_target(team_id=company.pk, **key)
    split_target(team_id=large.pk, **key)
    shown = targets(boss, month=NOVEMBER, metric="calls", team_id=large.pk)
    assert [(row.value, row.parts, row.difference) for row in shown.teams] == [
        (100, 100, 0),
        (33, None, None),
        (67, 67, 0),
    ]
    assert sorted(row.value for row in shown.agents) == [33, 34]
    set_targets(teams={}, agents={agents[1].pk: None}, **key)
    assert targets(boss, month=NOVEMBER, metric="calls", team_id=None).teams[2].difference < 0
    with pytest.raises(NotVisible):
        set_targets(teams={TeamFactory().pk: 1}, agents={}, **key)
    assert Target.objects.count() == 4


def test_the_nearest_plan_of_the_day_counts_with_the_approved_wording(now):
    """R31, R59: written by one, approved by another where it says all; the agent's own plan before the team's."""
    agent, writer, checker = AgentFactory(), PersonFactory(), PersonFactory()
    draft = write_script(
        name="s", purpose="sales", text="hi", states_identity=True, offers_opt_out=False, actor=writer, now=now
    )
    with pytest.raises(ScriptLacks):
        approve_script(version_id=draft.pk, actor=checker, now=now)
    whole = ScriptVersionFactory(script=draft.script, number=2, written_by=writer)
    with pytest.raises(OwnScript):
        approve_script(version_id=whole.pk, actor=writer, now=now)
    assert day_plan(agent, TODAY) is None
    CallPlanFactory(team=agent.user.team, script=draft.script)
    assert day_plan(agent, TODAY).script is None
    approve_script(version_id=whole.pk, actor=checker, now=now)
    assert day_plan(agent, TODAY).script == whole
    CallPlanFactory(agent=agent, calls=60)
    assert day_plan(agent, TODAY).plan.calls == 60
    assert day_plan(agent, TODAY + timedelta(days=1)) is None


def test_supervisor_and_agent_meet_on_their_pages(client, reference, worked):
    """R70: the scorecard and its file for the scope; the agent sees and signs their own alone."""
    agent, _card = worked
    agent.user.groups.set(PersonFactory(role=Role.AGENT).groups.all())
    boss = PersonFactory(role=Role.SUPERVISOR, scope=agent.user.team, team=agent.user.team)
    client.force_login(boss)
    month = "?month=2026-11"
    page = client.get(reverse("lifecycle:performance") + month)
    assert [row.agent for row in page.context["rows"]] == [agent]
    assert b"210" in b"".join(client.get(reverse("lifecycle:performance-export") + month))
    one = reverse("lifecycle:agent-month", args=[agent.pk]) + month
    assert client.get(one).context["row"].broken == 1
    reward = {"kind": "reward", "basis": "results", "reason": "x"}
    assert client.post(reverse("lifecycle:reward", args=[agent.pk]) + month, reward).status_code == 422
    said = {"attitude": "4", "summary": "good"}
    assert client.post(reverse("lifecycle:appraise", args=[agent.pk]) + month, said).status_code == 302
    check = {"agent": agent.user.name, "called_on": "2026-11-19", "courtesy": "5", "accuracy": "5", "no_pressure": "on"}
    check |= {"identity_stated": "on", "opt_out_offered": "on"}
    assert client.post(reverse("lifecycle:quality-check"), check).status_code == 302
    client.force_login(agent.user)
    mine = client.get(reverse("lifecycle:my-performance") + month)
    assert (mine.context["row"].checks, len(mine.context["waiting"])) == (1, 1)
    sign = reverse("lifecycle:appraisal-sign", args=[Appraisal.objects.get().pk])
    assert client.post(sign, {"signed_name": "nobody"}).status_code == 400
    assert client.post(sign, {"signed_name": agent.user.name}).status_code == 302
    client.force_login(boss)
    address = reverse("agents:targets") + month
    assert client.get(address).status_code == 200
    changed = client.post(reverse("agents:targets-set") + month, {f"team-{agent.user.team_id}": "abc"})
    assert changed.status_code == 400
    client.post(reverse("agents:targets-set") + month, {f"team-{agent.user.team_id}": "5,000"})
    assert Target.objects.get().value == 5000
