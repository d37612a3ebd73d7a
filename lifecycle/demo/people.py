"""Writing the company's tree, the five demo sign-ins and the agents with their training."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import Group

from agents.models import Acknowledgement, Agent, Course, PolicyVersion, TrainingRecord
from agents.services.plans import plan_training
from agents.services.training import months_later
from cardfleet.accounts.choices import Role, TeamKind
from cardfleet.accounts.models import ScopeGrant, Team, User
from cardfleet.accounts.roles import STAFF
from cardfleet.accounts.services.names import set_name
from cardfleet.accounts.services.passwords import change_password
from cardfleet.accounts.services.teams import create_team
from cardfleet.journal.recording import Deed, record_many
from lifecycle.demo import names
from lifecycle.demo.blueprint import AgentPlan
from lifecycle.demo.calendar import Calendar
from lifecycle.demo.catalogue import COMPANY, SITES

COURSE, PLANNED = "telesales-compliance", "anti-fraud"
YEAR_BEFORE = 340  # days from one passing to the next, so that training never lapsed in between
OFFICE = (
    ("admin", names.ADMINISTRATOR, Role.ADMIN),
    ("supervisor", names.SUPERVISOR, Role.SUPERVISOR),
    ("finance", names.FINANCE, Role.FINANCE),
    ("compliance", names.COMPLIANCE, Role.COMPLIANCE),
)


@dataclass(frozen=True, kw_only=True)
class Staff:
    """Who was written: the supervisor, the agents by their place in the blueprint, units by name."""

    supervisor: User
    finance: User
    compliance: User
    agents: dict[int, Agent]
    units: dict[str, Team]


def write_staff(plans: Sequence[AgentPlan], calendar: Calendar, password: str) -> Staff:
    """Write everybody as of the morning of the take-over."""
    now = calendar.opening
    units = _write_tree(now)
    office = {role: _person(name, role=role, unit=units[COMPANY], username=username) for username, name, role in OFFICE}
    _write_people(list(office.values()), list(office), now)
    ScopeGrant.objects.bulk_create(ScopeGrant(user=person, team=units[COMPANY]) for person in office.values())
    agents = _write_agents(plans, calendar, units)
    for person in (*office.values(), agents[0].user):
        change_password(person=person, password=password, now=now)
    _write_training(plans, agents, calendar, office[Role.COMPLIANCE])
    _write_policies(agents, office[Role.COMPLIANCE], calendar)
    return Staff(
        supervisor=office[Role.SUPERVISOR],
        finance=office[Role.FINANCE],
        compliance=office[Role.COMPLIANCE],
        agents=agents,
        units=units,
    )


def _write_tree(now: datetime) -> dict[str, Team]:
    top = create_team(name=COMPANY, kind=TeamKind.COMPANY, actor=None, now=now)
    units = {COMPANY: top}
    for site, teams in SITES.items():
        units[site] = create_team(name=site, kind=TeamKind.SITE, parent=top, actor=None, now=now)
        for team in teams:
            units[team] = create_team(name=team, kind=TeamKind.TEAM, parent=units[site], actor=None, now=now)
    return units


def _person(name: str, *, role: Role, unit: Team, username: str, staff_no: str | None = None) -> User:
    person = User(username=username, staff_no=staff_no, team=unit, must_change_password=True, is_staff=role in STAFF)
    set_name(person, name)
    person.set_unusable_password()
    return person


def _write_people(people: Sequence[User], roles: Sequence[Role], now: datetime) -> None:
    """Write people in one set, as `create_person` does one by one, but without a password.

    Hashing as many one-time passwords that nobody will ever be told takes longer than all the rest.
    """
    User.objects.bulk_create(people)
    groups = dict(Group.objects.values_list("name", "pk"))
    membership = User.groups.through
    membership.objects.bulk_create(
        membership(user_id=person.pk, group_id=groups[role]) for person, role in zip(people, roles, strict=True)
    )
    deeds = [
        Deed(action="accounts.person_created", subject=person, data={"team": person.team_id, "roles": [role]})
        for person, role in zip(people, roles, strict=True)
    ]
    record_many(deeds, actor=None, now=now)


def _write_agents(plans: Sequence[AgentPlan], calendar: Calendar, units: dict[str, Team]) -> dict[int, Agent]:
    """Write the agents; the first has the demo sign-in."""
    people = [
        _person(
            plan.name,
            role=Role.AGENT,
            unit=units[plan.team],
            username=plan.staff_no if plan.index else "agent",
            staff_no=plan.staff_no,
        )
        for plan in plans
    ]
    _write_people(people, [Role.AGENT] * len(people), calendar.opening)
    agents = [
        Agent(user=person, joined_on=calendar.day(plan.joined_ago)) for person, plan in zip(people, plans, strict=True)
    ]
    Agent.objects.bulk_create(agents)
    deeds = [Deed(action="agents.agent_created", subject=agent) for agent in agents]
    record_many(deeds, actor=None, now=calendar.opening)
    return {plan.index: agent for plan, agent in zip(plans, agents, strict=True)}


def _write_training(plans: Sequence[AgentPlan], agents: dict[int, Agent], calendar: Calendar, compliance: User) -> None:
    """Write that each agent passed the required course twice, in one set, as `record_training` does one by one."""
    course = Course.objects.get(code=COURSE)
    records = [
        TrainingRecord(
            agent=agents[plan.index],
            course=course,
            passed_on=calendar.day(ago),
            valid_until=months_later(calendar.day(ago), course.valid_months),
            score=80 + plan.index % 20,
            recorded_by=compliance,
            recorded_at=max(calendar.at(ago, 16), calendar.opening),
        )
        for plan in plans
        for ago in (plan.trained_ago + YEAR_BEFORE, plan.trained_ago)
    ]
    TrainingRecord.objects.bulk_create(records)
    deeds = [
        Deed(
            action="agents.training_recorded",
            subject=record.agent,
            related=(record,),
            data={
                "course": course.code,
                "passed_on": str(record.passed_on),
                "valid_until": str(record.valid_until),
            },
        )
        for record in records
    ]
    record_many(deeds, actor=compliance, now=calendar.opening)


def _write_policies(agents: dict[int, Agent], compliance: User, calendar: Calendar) -> None:
    """Write that three of four agents signed the policy in force, and a plan of training for all."""
    said = [
        Acknowledgement(version=version, user=agent.user, at=calendar.opening, signed_name=agent.user.name)
        for version in PolicyVersion.objects.select_related("policy")
        for index, agent in agents.items()
        if index % 4
    ]
    Acknowledgement.objects.bulk_create(said)
    deeds = [
        Deed(
            action="agents.policy_acknowledged",
            subject=one.version.policy,
            related=(one.user,),
            data={"version": one.version.number},
        )
        for one in said
    ]
    record_many(deeds, actor=None, now=calendar.opening)
    plan_training(
        course_id=Course.objects.get(code=PLANNED).pk,
        team=None,
        starts_on=calendar.day(0),
        due_on=calendar.day(0) + timedelta(days=30),
        note="年度反诈培训",
        actor=compliance,
        now=calendar.opening,
    )
