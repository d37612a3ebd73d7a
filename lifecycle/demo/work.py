"""How the demo's agents are led: targets, a script, a plan of calls, checked calls, an appraisal to be signed."""

from datetime import timedelta
from typing import Any

from agents.choices import Metric
from agents.models import Target
from agents.services.scripts import approve_script, write_script
from agents.services.targets import PlanFacts, plan_calls, set_targets, split_target
from cards.choices import Purpose
from lifecycle.choices import ProblemKind
from lifecycle.demo.calendar import Calendar
from lifecycle.demo.catalogue import COMPANY
from lifecycle.demo.people import Staff
from lifecycle.rules.checked_calls import Heard
from lifecycle.services.checked_calls import CheckFacts, check_call
from lifecycle.services.performance import appraise
from lifecycle.services.problems import record_problem, solve_problem

SCRIPT = """\
您好，我是云帆集团的{姓名}，工号{工号}，公司电话 400-000-0000。
您在我们官网登记过咨询，现在方便说一分钟吗？
（不方便或不需要）好的，打扰了。今后不再给您来电，您也可以拨打上述电话退订。
"""
FINE = Heard(courtesy=5, accuracy=4, no_pressure=True, identity_stated=True, opt_out_offered=True)
HASTY = Heard(courtesy=3, accuracy=3, no_pressure=True, identity_stated=True, opt_out_offered=False)
EACH = 2000


def write_work(calendar: Calendar, staff: Staff) -> None:
    """Write it as of the last moment."""
    now, boss = calendar.moment, staff.supervisor
    draft = write_script(
        name="官网咨询回访",
        purpose=Purpose.SALES,
        text=SCRIPT,
        states_identity=True,
        offers_opt_out=True,
        actor=boss,
        now=now,
    )
    version = approve_script(version_id=draft.pk, actor=staff.compliance, now=now)
    company = staff.units[COMPANY]
    target: dict[str, Any] = {"month": calendar.on, "metric": Metric.CALLS, "actor": boss, "now": now}
    set_targets(teams={company.pk: EACH * len(staff.agents)}, agents={}, **target)
    for unit in staff.units.values():
        if unit.children.exists() and Target.objects.filter(team=unit).exists():
            split_target(team_id=unit.pk, **target)
    plan = PlanFacts(
        team=company,
        starts_on=calendar.on,
        ends_on=calendar.on + timedelta(days=30),
        calls=100,
        purpose=Purpose.SALES,
        script=version.script,
    )
    plan_calls(facts=plan, actor=boss, now=now)
    for index, heard in ((0, FINE), (1, HASTY)):
        if index in staff.agents:
            category = "no_opt_out" if heard.is_faulty else ""
            facts = CheckFacts(called_on=calendar.day(1), script=version, category=category, satisfaction=4)
            check_call(agent=staff.agents[index], heard=heard, facts=facts, actor=boss, now=now)
    _write_problems(calendar, staff)
    last = calendar.on.replace(day=1) - timedelta(days=1)
    summary = "通话礼貌，台账及时；下月注意时段外通话。"
    appraise(agent=staff.agents[0], month=last, attitude=4, summary=summary, actor=boss, now=now)


def _write_problems(calendar: Calendar, staff: Staff) -> None:
    """Write a customer's problem that was solved, and one that waits."""
    agent, told = staff.agents[0], calendar.day(2)
    facts: dict[str, Any] = {"agent": agent, "raised_on": told, "actor": agent.user, "now": calendar.at(2, 15)}
    solved = record_problem(kind=ProblemKind.PRICE, text="客户称首月多扣一次费用。", **facts)
    done = "财务核实重复扣款，已原路退回并回电说明。"
    solve_problem(problem_id=solved.pk, solution=done, satisfaction=5, actor=staff.supervisor, now=calendar.at(1, 11))
    record_problem(kind=ProblemKind.PROMISE, text="客户称答应的资料一周未收到。", **facts)
