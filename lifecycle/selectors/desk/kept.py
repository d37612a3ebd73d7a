"""What CardFleet keeps on a person: the answer to a request for access (PIPL art. 45; R83).

Secrets, what others wrote in open cases, and other people's data are left out.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from agents.models import Absence, Agent, Assignment, CalleeListing, CardRequest, Handover, TrainingRecord
from agents.selectors.callees import hash_of
from cardfleet.accounts.models import User
from cardfleet.journal.models import Entry
from cardfleet.journal.registry import describe
from cardfleet.kernel.masking import mask_msisdn
from cardfleet.kernel.spreadsheets import Column, ColumnKind, Value
from cardfleet.notify.models import InboxItem
from lifecycle.models import Alert, Case, Matter

TEXT, WHEN, DAY, COUNT = ColumnKind.TEXT, ColumnKind.DATETIME, ColumnKind.DATE, ColumnKind.INTEGER


@dataclass(frozen=True, kw_only=True)
class Part:
    """One file of an answer: its name, its columns in the words of the answer, its rows."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]


def kept_of(user: User) -> list[Part]:
    """Return what is kept on somebody with an account, a part a subject; a fixed number of queries."""
    agent = Agent.objects.filter(user=user).first()
    return [_profile(user, agent), *_of_agent(agent), *_of_cases(user), _told(user), _done(user)]


def kept_of_number(number: str) -> list[Part]:
    """Return what is kept on a number that may be called: its refusals and consents, known by its hash only."""
    listings = CalleeListing.objects.filter(number_hash=hash_of(number)).order_by("pk")
    columns = _columns("类型", "用途", "来源", ("给出时间", WHEN), ("有效至", WHEN), ("结束时间", WHEN))
    rows = [
        [one.get_kind_display(), one.get_purpose_display(), one.source, one.given_at, one.expires_at, one.ended_at]
        for one in listings
    ]
    return [Part(name="来电意愿", columns=columns, rows=rows)]


def _columns(*told: str | tuple[str, ColumnKind]) -> list[Column]:
    return [Column(one) if isinstance(one, str) else Column(*one) for one in told]


def _profile(user: User, agent: Agent | None) -> Part:
    facts: list[tuple[str, Any]] = [
        ("姓名", user.name),
        ("登录名", user.username),
        ("工号", user.staff_no),
        ("手机", user.mobile),
        ("邮箱", user.email),
        ("班组", user.team),
        ("角色", user.role_label),
        ("语言", user.language),
        ("上次登录", user.last_login),
        ("离职日期", user.left_on),
    ]
    if agent:
        facts += [
            ("坐席状态", agent.get_status_display()),
            ("入职日期", agent.joined_on),
            ("暂停原因", agent.hold_reason),
        ]
    rows = [[name, "" if value is None else str(value)] for name, value in facts]
    return Part(name="个人资料", columns=_columns("项目", "内容"), rows=rows)


def _of_agent(agent: Agent | None) -> list[Part]:
    if agent is None:
        return []
    held = Assignment.objects.filter(agent=agent).select_related("card").order_by("pk")
    passed = TrainingRecord.objects.filter(agent=agent).select_related("course").order_by("pk")
    away = Absence.objects.filter(agent=agent).order_by("pk")
    signed = Handover.objects.filter(agent=agent).order_by("pk")
    asked = CardRequest.objects.filter(agent=agent).order_by("pk")
    return [
        Part(
            name="领用记录",
            columns=_columns("号码", ("领用", WHEN), ("签收", WHEN), ("归还", WHEN), "备注"),
            rows=[[mask_msisdn(a.card.msisdn), a.started_at, a.accepted_at, a.ended_at, a.note] for a in held],
        ),
        Part(
            name="签收单",
            columns=_columns(("交接", WHEN), ("签收", WHEN), "签名"),
            rows=[[one.handed_at, one.accepted_at, one.signed_name] for one in signed],
        ),
        Part(
            name="培训",
            columns=_columns("课程", ("通过", DAY), ("有效至", DAY), ("成绩", COUNT)),
            rows=[[one.course.title, one.passed_on, one.valid_until, one.score] for one in passed],
        ),
        Part(
            name="缺勤",
            columns=_columns("原因", ("从", DAY), ("至", DAY), "备注"),
            rows=[[one.get_kind_display(), one.starts_on, one.ends_on, one.note] for one in away],
        ),
        Part(
            name="用卡申请",
            columns=_columns(("时间", WHEN), ("张数", COUNT), "理由", "状态"),
            rows=[[one.asked_at, one.count, one.reason, one.get_state_display()] for one in asked],
        ),
    ]


def _of_cases(user: User) -> list[Part]:
    alerts = Alert.objects.filter(agent__user=user).order_by("pk")
    reported = Case.objects.filter(opened_by=user).order_by("pk")
    asked = Matter.objects.filter(about=user).order_by("pk")
    return [
        Part(
            name="提醒",
            columns=_columns("类型", ("出现", WHEN), "状态"),
            rows=[[one.get_kind_display(), one.first_seen_at, one.get_state_display()] for one in alerts],
        ),
        Part(
            name="本人发起的案件",
            columns=_columns(("编号", COUNT), "类型", ("时间", WHEN), "说明", "结果"),
            rows=[
                [one.pk, one.get_kind_display(), one.opened_at, one.note, one.get_outcome_display()] for one in reported
            ],
        ),
        Part(
            name="本人的请求",
            columns=_columns(("编号", COUNT), "类型", ("时间", WHEN), "结果"),
            rows=[[one.pk, one.get_kind_display(), one.received_at, one.get_outcome_display()] for one in asked],
        ),
    ]


def _told(user: User) -> Part:
    items = InboxItem.objects.filter(user=user).order_by("pk").values_list("created_at", "code", "read_at")
    columns = _columns(("时间", WHEN), "消息", ("已读", WHEN))
    return Part(name="站内消息", columns=columns, rows=list(items))


def _done(user: User) -> Part:
    """Return what the person did, as the journal holds it: when and what, not to whom."""
    deeds = Entry.objects.filter(actor=user).order_by("pk").values_list("at", "action")
    rows: Iterator[Sequence[Value]] = ([at, str(describe(action).label)] for at, action in deeds.iterator())
    return Part(name="操作记录", columns=_columns(("时间", WHEN), "操作"), rows=rows)
