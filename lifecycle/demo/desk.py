"""What lies on the demo company's compliance desk: a handful of each, through the services."""

from datetime import timedelta

from cardfleet.accounts.models import User
from lifecycle.choices import CaseKind, ChecklistKind, DirectoryKind, ImpactLevel, MatterKind
from lifecycle.demo.calendar import Calendar
from lifecycle.demo.people import Staff
from lifecycle.models import Case, DirectoryEntry, ImpactAssessment, Law, Matter
from lifecycle.rules.desk.audits import Answer
from lifecycle.services.desk.articles import write_article
from lifecycle.services.desk.audits import answer_audit, open_audit
from lifecycle.services.desk.laws import review_law
from lifecycle.services.desk.matters import close_matter, do_step, open_matter
from lifecycle.services.desk.records import enter
from lifecycle.services.packs import ask_for_pack

ARTICLES = (
    (
        "欠费停机当天复机",
        "缴费后先等 30 分钟再拨测; 未复机拨 10086 报单号, 让对方查开机工单。",
        ["复机", "欠费"],
        "suspension",
    ),
    ("补卡要带什么", "机主本人带证件到营业厅; 单位卡另带营业执照和授权书。提前打电话问清网点。", ["补卡"], "loss"),
)
ANSWERED = 10  # days ago
ANSWERS = (
    ("pass_on", 1, "已转交所在班组, 号码列入禁拨。"),
    ("reply", 5, "核实通话与同意记录, 已约谈坐席。"),
    ("tell", 6, "已电话告知投诉人。"),
)


def write_desk(calendar: Calendar, staff: Staff) -> None:
    """Write requests, a breach that was contained, reviews, an audit half answered, articles, an assessment."""
    officer = staff.compliance
    _answer_complaints(calendar, officer)
    _write_matters(calendar, staff)
    for law in Law.objects.order_by("pk")[:6]:
        review_law(
            law_id=law.pk,
            finding="unchanged",
            note="",
            next_on=calendar.day(-150),
            tell=False,
            actor=officer,
            now=calendar.at(5, 10),
        )
    _write_records(calendar, officer)
    for title, text, tags, kind in ARTICLES:
        write_article(title=title, text=text, tags=tags, case_kind=kind, actor=staff.supervisor, now=calendar.at(3, 17))
    _ask_for_pack(calendar, officer)


def _ask_for_pack(calendar: Calendar, officer: User) -> None:
    """Ask for the evidence of a stopped card; the demo's worker makes it."""
    case = Case.objects.filter(kind=CaseKind.SUSPENSION).order_by("pk").first()
    if case:
        ask_for_pack(
            card_id=case.card_id,
            team_id=None,
            first=None,
            last=None,
            reason="运营商客户经理要求补充停机申诉材料, 函 2026-118 号",
            actor=officer,
            now=calendar.moment,
        )


def _answer_complaints(calendar: Calendar, officer: User) -> None:
    """Answer the complaints that came more than ten days ago, each within its time; later ones wait."""
    for matter in Matter.objects.open().filter(kind=MatterKind.COMPLAINT, received_at__lt=calendar.at(ANSWERED, 9)):
        for code, days, note in ANSWERS:
            at = matter.received_at + timedelta(days=days)
            do_step(matter_id=matter.pk, code=code, note=note, actor=officer, now=at)
        close_matter(matter_id=matter.pk, outcome="answered", because="", actor=officer, now=at)


def _write_matters(calendar: Calendar, staff: Staff) -> None:
    agents = list(staff.agents.values())
    for agent in agents[:1]:
        asked = open_matter(
            kind=MatterKind.ACCESS,
            title="查阅本人数据",
            channel="CardFleet",
            about=agent.user,
            received_at=calendar.at(4, 9),
            actor=agent.user,
            now=calendar.at(4, 9),
        )
        note = "本人登录后提交, 已电话核对工号。"
        do_step(matter_id=asked.pk, code="identity", note=note, actor=staff.compliance, now=calendar.at(3, 10))
    lost = open_matter(
        kind=MatterKind.BREACH,
        title="客户名单误发到外部邮箱",
        data="客户: 姓名、手机号",
        people=12,
        channel="坐席报告",
        received_at=calendar.at(2, 15),
        actor=staff.compliance,
        now=calendar.at(2, 15),
    )
    note = "已联系收件人删除并书面确认。"
    do_step(matter_id=lost.pk, code="contain", note=note, actor=staff.compliance, now=calendar.at(2, 17))


def _write_records(calendar: Calendar, officer: User) -> None:
    audit = open_audit(
        kind=ChecklistKind.CAMPAIGN,
        title="年末保单回访",
        industry="保险",
        due_on=calendar.day(-3),
        actor=officer,
        now=calendar.at(2, 10),
    )
    answers = {
        1: Answer(verdict="yes", note="业务确认书"),
        2: Answer(verdict="no", note="补录 38 个号码的同意凭证", measure_by=calendar.day(-2)),
    }
    answer_audit(audit_id=audit.pk, answers=answers, files={}, actor=officer, now=calendar.at(1, 10))
    enter(
        record_of=ImpactAssessment,
        facts={
            "title": "外呼号码与同意记录的处理",
            "purpose": "拨打前核对同意与禁拨; 只存散列值, 不存客户名单。",
            "risks": "误拨拒绝者, 号码被还原。",
            "measures": "加密与加盐散列, 权限, 日志, 保存期限。",
            "level": ImpactLevel.LOW,
            "assessed_on": calendar.day(60),
            "assessed_by": officer,
            "review_on": calendar.day(-300),
            "keep_until": calendar.day(60) + timedelta(days=3 * 366),
        },
        actor=officer,
        now=calendar.at(5, 10),
    )
    enter(
        record_of=DirectoryEntry,
        facts={"kind": DirectoryKind.LEGAL, "name": "顾问律师(示例)", "serves": "投诉、停机申诉的法律意见"},
        actor=officer,
        now=calendar.at(5, 10),
    )
