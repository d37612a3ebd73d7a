"""Reading lists of people to be told of a changed number, and what came of telling them (R110).

CSV or Excel, GBK or UTF-8, columns in any order: 号码 or 邮箱 (one of them a row), 称呼; of results also 结果 and 原因.
Nothing else is read, so that no more personal data comes in than is needed (PIPL art. 6).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from agents.rules.callees import read_callee
from cardfleet.kernel.errors import BadInput, Reason
from cardfleet.kernel.reading import Unreadable, tidy
from cardfleet.kernel.simplified import simplified
from cardfleet.kernel.tabular import Header, Row, Table, find_header
from lifecycle.choices import NoticeChannel, NoticeResult

MAX_LINES = 5000
ABOVE = 32
CALLED_LENGTH, REMARK_LENGTH = 40, 80
ALIASES: Mapping[str, Sequence[str]] = {
    "number": ("号码", "手机号", "手机号码", "电话", "联系电话", "客户号码", "客户电话", "phone", "mobile"),
    "email": ("邮箱", "电子邮箱", "电子邮件", "e-mail", "mail"),
    "called": ("称呼", "姓名", "客户姓名", "客户称呼", "联系人", "name"),
    "result": ("结果", "发送结果", "状态", "发送状态", "status"),
    "remark": ("原因", "失败原因", "备注", "reason"),
}
RESULT_WORDS = {
    NoticeResult.SENT: "成功 已发送 已送达 已告知 发送成功 delivrd sent ok told",
    NoticeResult.FAILED: "失败 未送达 发送失败 空号 undeliv failed error",
    NoticeResult.REFUSED: "退订 拒收 拒绝 refused optout td",
}
RESULTS = {word: result for result, words in RESULT_WORDS.items() for word in words.split()}


@dataclass(frozen=True, kw_only=True)
class RecipientLine:
    """One row: whom it names, and what came of it where the file says so; refused for `reasons`."""

    number: int
    channel: str = ""
    address: str = ""
    called: str = ""
    result: str = ""
    remark: str = ""
    reasons: Sequence[Reason] = ()


def read_recipients(table: Table, *, with_results: bool = False) -> list[RecipientLine]:
    """Return the rows of a file. BadInput when it has no usable header, no row, or too many."""
    rows = list(islice(table.rows(), MAX_LINES + ABOVE))
    header = _header(rows, ["result"] if with_results else [])
    below = [(number, cells) for number, cells in rows if number > header.line]
    if len(below) > MAX_LINES:
        message = format_lazy(_("A list may have {limit} rows. Split this one."), limit=MAX_LINES)
        raise BadInput(reasons=[Reason(code="too_many_rows", message=message, line=below[MAX_LINES][0])])
    lines = [_line(header, number, cells, with_results=with_results) for number, cells in below]
    if not lines:
        message = _("There is no row below the header.")
        raise BadInput(reasons=[Reason(code="no_rows", message=message, line=header.line)])
    return lines


def _header(rows: Sequence[Row], needed: Sequence[str]) -> Header:
    """Return the header: it names a column of numbers, or one of e-mail addresses."""
    try:
        return find_header(iter(rows), ALIASES, ["number", *needed])
    except BadInput as refusal:
        try:
            return find_header(iter(rows), ALIASES, ["email", *needed])
        except BadInput:
            raise refusal from None


def _line(header: Header, number: int, cells: Sequence[str], *, with_results: bool) -> RecipientLine:
    phone, mail = header.cell(cells, "number").strip(), header.cell(cells, "email").strip()
    field = "number" if phone or not mail else "email"
    try:
        address = read_callee(phone) if field == "number" else _mail(mail)
        field = "called"
        called = _short(header.cell(cells, "called"), CALLED_LENGTH)
        field = "result"
        result = _result(header.cell(cells, "result")) if with_results else ""
    except Unreadable as error:
        column = header.titles.get(field, ALIASES[field][0])
        return RecipientLine(number=number, reasons=[error.as_reason(field=field, line=number, column=column)])
    return RecipientLine(
        number=number,
        channel=NoticeChannel.SMS if phone else NoticeChannel.EMAIL,
        address=address,
        called=called,
        result=result,
        remark=tidy(header.cell(cells, "remark"))[:REMARK_LENGTH],
    )


def _mail(text: str) -> str:
    plain = tidy(text).casefold()
    try:
        validate_email(plain)
    except ValidationError as error:
        raise Unreadable("mail_unreadable", _("This is no e-mail address. Correct it."), secret=True) from error
    return plain


def _short(text: str, most: int) -> str:
    plain = tidy(text)
    if len(plain) > most:
        raise Unreadable("too_long", _("This is longer than 40 characters. Shorten it."), secret=True)
    return plain


def _result(text: str) -> str:
    word = simplified(re.sub(r"\s", "", tidy(text))).casefold()
    if word not in RESULTS:
        raise Unreadable("result_unknown", _("This result is not known. Write 成功, 失败 or 退订."))
    return RESULTS[word]
