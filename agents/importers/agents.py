"""Reading agent files: any order of columns, Chinese or English headers (design, section 8)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from agents.choices import AbsenceKind, AgentStatus
from agents.errors import AgentFileRefused
from cardfleet.kernel.errors import Reason
from cardfleet.kernel.reading import Unreadable, compact, read_day, tidy
from cardfleet.kernel.simplified import simplified
from cardfleet.kernel.tabular import Header, Table, find_header

MAX_LINES = 20_000
REQUIRED = ("staff_no", "name")
# What a reject file adds; ignored when the corrected file comes back.
REJECT = {"reject_line": ("行", "Line"), "reject_column": ("列", "栏", "Column"), "reject_reason": ("原因", "Reason")}
ALIASES: Mapping[str, Sequence[str]] = {
    "staff_no": ("工号", "员工工号", "员工编号", "staff number"),
    "name": ("姓名", "坐席姓名", "员工姓名"),
    "team": ("部门/班组", "部门", "班组", "小组", "团队", "department"),
    "mobile": ("手机", "手机号", "手机号码", "联系电话", "电话", "phone"),
    "joined_on": ("入职日期", "入职时间", "joined"),
    "status": ("状态", "在职状态", "员工状态"),
    "absent_from": ("请假开始", "请假自", "休假开始", "缺勤开始", "absent from"),
    "absent_until": ("请假结束", "请假至", "休假结束", "缺勤结束", "absent until"),
    "absence_kind": ("请假类型", "假别", "缺勤类型", "absence"),
    **REJECT,
}
STATUS_WORDS = {
    AgentStatus.ACTIVE: "在职 在岗 正常 启用 试用 转正 active",
    AgentStatus.ON_HOLD: "暂停 停用 停岗 冻结 休假 on_hold onhold",
    AgentStatus.LEFT: "离职 已离职 离岗 辞职 left",
}
ABSENCE_WORDS = {
    AbsenceKind.LEAVE: "休假 年假 事假 调休 婚假 产假 leave",
    AbsenceKind.SICK: "病假 sick",
    AbsenceKind.TRAVEL: "出差 travel",
    AbsenceKind.TRAINING: "培训 外训 training",
    AbsenceKind.OTHER: "其他 other",
}
ABSENCES = {word: kind for kind, words in ABSENCE_WORDS.items() for word in words.split()}
STATUSES = {word: status for status, words in STATUS_WORDS.items() for word in words.split()}
STAFF_NO = re.compile(r"[0-9A-Za-z_.\-]{1,32}")
LONGEST_NAME = 80
# A team lies no deeper than its path has room for.
MOST_STEPS = 6
STEPS = re.compile(r"\s*[/>\\＞→]\s*")
PHONE = re.compile(r"\+?[0-9]{5,15}")


@dataclass(frozen=True, kw_only=True)
class AgentRow:
    """One agent as a line describes them; None where the line says nothing. `team` is the way from the top.

    `absent_from` and `absent_until` are the first and the last day of an absence; without the last, the first alone.
    """

    line: int
    staff_no: str
    name: str
    team: tuple[str, ...] | None = None
    mobile: str | None = None
    joined_on: date | None = None
    status: AgentStatus | None = None
    absent_from: date | None = None
    absent_until: date | None = None
    absence_kind: AbsenceKind | None = None


@dataclass(frozen=True, kw_only=True)
class AgentLine:
    """One line of the file: its row, unless it is refused for `reasons`."""

    number: int
    cells: Sequence[str]
    row: AgentRow | None = None
    reasons: Sequence[Reason] = ()


@dataclass(frozen=True, kw_only=True)
class AgentSheet:
    """A read agent file."""

    header: Header
    lines: Sequence[AgentLine]


def read_agents(table: Table) -> AgentSheet:
    """Read a whole agent file. BadInput when it has no usable header; a bad line is only refused itself."""
    rows = table.rows()
    header = find_header(rows, ALIASES, REQUIRED)
    lines: list[AgentLine] = []
    for number, cells in rows:
        if len(lines) == MAX_LINES:
            message = format_lazy(_("An agent file may have {limit} rows. Split this one."), limit=MAX_LINES)
            reason = Reason(code="too_many_rows", message=message, line=number)
            raise AgentFileRefused(message=message, reasons=[reason])
        lines.append(_read_line(header, number, cells))
    if not lines:
        message = _("There is no row below the header.")
        raise AgentFileRefused(message=message, reasons=[Reason(code="no_rows", message=message, line=header.line)])
    return AgentSheet(header=header, lines=lines)


def _read_line(header: Header, number: int, cells: Sequence[str]) -> AgentLine:
    values: dict[str, Any] = {}
    reasons = []
    for name, read in FIELDS.items():
        text = header.cell(cells, name)
        if name not in header or (not text.strip() and name not in REQUIRED):
            continue
        try:
            values[name] = read(text)
        except Unreadable as error:
            shown = text.strip()[:80]
            reasons.append(error.as_reason(value=shown, field=name, line=number, column=header.titles[name]))
    if "absent_until" in values and "absent_from" not in values:
        beginning = Unreadable("missing", _("The first day of the absence is missing."))
        value, title = str(values["absent_until"]), header.titles["absent_until"]
        reasons.append(beginning.as_reason(value=value, field="absent_until", line=number, column=title))
    row = None if reasons else AgentRow(line=number, **values)
    return AgentLine(number=number, cells=cells, row=row, reasons=reasons)


def _staff_no(text: str) -> str:
    plain = _keeping_dashes(text)
    if not plain:
        raise Unreadable("missing", _("The staff number is missing."))
    if not STAFF_NO.fullmatch(plain):
        raise Unreadable("staff_no_unreadable", _("A staff number has up to 32 letters and digits. Correct it."))
    return plain


def _keeping_dashes(text: str) -> str:
    """Return an identifier in which a dash means something, without spaces and the `.0` a spreadsheet adds."""
    plain = re.sub(r"\s", "", tidy(text))
    return plain if "-" in plain else compact(plain)


def _name(text: str) -> str:
    plain = tidy(text)
    if not plain:
        raise Unreadable("missing", _("The name is missing."))
    if len(plain) > LONGEST_NAME:
        raise Unreadable("too_long", _("This name is longer than 80 characters. Shorten it."))
    return plain


def _team(text: str) -> tuple[str, ...]:
    way = tuple(step for step in STEPS.split(tidy(text)) if step)
    if not 0 < len(way) <= MOST_STEPS:
        raise Unreadable("team_unreadable", _("This names no team. Write the way to it, like 华东/华东一组."))
    if any(len(step) > LONGEST_NAME for step in way):
        raise Unreadable("too_long", _("This name is longer than 80 characters. Shorten it."))
    return way


def _mobile(text: str) -> str:
    plain = compact(text)
    if not PHONE.fullmatch(plain):
        raise Unreadable("mobile_unreadable", _("This is not a phone number. Write it like 13812345678."))
    return plain


def _status(text: str) -> AgentStatus:
    word = simplified(re.sub(r"\s", "", tidy(text))).casefold()
    if word not in STATUSES:
        raise Unreadable("status_unknown", _("This status is not known. Write 在职, 暂停 or 离职."))
    return STATUSES[word]


def _absence_kind(text: str) -> AbsenceKind:
    word = simplified(re.sub(r"\s", "", tidy(text))).casefold()
    if word not in ABSENCES:
        raise Unreadable(
            "absence_kind_unknown", _("This kind of absence is not known. Write 休假, 病假, 出差 or 培训.")
        )
    return ABSENCES[word]


FIELDS = {
    "staff_no": _staff_no,
    "name": _name,
    "team": _team,
    "mobile": _mobile,
    "joined_on": read_day,
    "status": _status,
    "absent_from": read_day,
    "absent_until": read_day,
    "absence_kind": _absence_kind,
}
