"""Reading what callees said, from files and posted rows alike: Chinese or English headers and words."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from agents.choices import ListingKind
from agents.importers.agents import REJECT
from agents.rules.callees import Entry, read_callee
from cardfleet.kernel.clock import day_bounds, day_start
from cardfleet.kernel.errors import Reason
from cardfleet.kernel.reading import Unreadable, read_day, tidy
from cardfleet.kernel.simplified import simplified
from cardfleet.kernel.tabular import Header, Table, find_header
from cards.choices import Purpose

REQUIRED = ("number", "kind", "date", "source")
ALIASES: Mapping[str, Sequence[str]] = {
    "number": ("号码", "手机号", "手机号码", "电话", "电话号码", "客户号码", "被叫号码", "phone", "msisdn", "callee"),
    "kind": ("类型", "类别", "名单", "名单类型", "list"),
    "date": ("日期", "时间", "同意日期", "同意时间", "登记日期", "拒绝日期", "given_at", "given at"),
    "source": ("来源", "依据", "凭证", "同意方式", "登记来源"),
    "purpose": ("用途", "业务用途"),
    "expires": ("有效期至", "到期日", "到期日期", "截止日期", "expires_at", "holds until"),
    **REJECT,
}
KIND_WORDS = {
    ListingKind.DO_NOT_CALL: "禁拨 禁拨名单 黑名单 谢绝来电 拒绝 拒绝来电 勿扰 退订 donotcall dnc refused",
    ListingKind.CONSENT: "同意 已同意 白名单 授权 consent agreed optin",
}
KINDS = {word: kind for kind, words in KIND_WORDS.items() for word in words.split()}
PURPOSE_WORDS = {
    Purpose.SALES: "销售 营销 电销 推广 sales",
    Purpose.SERVICE: "客服 服务 客户服务 售后 service",
    Purpose.CALL_BACK: "回访 回呼 回拨 callback",
    Purpose.RESEARCH: "调研 市场调研 research",
    Purpose.NOTICE: "通知 提醒 notice",
    Purpose.OTHER: "其他 其它 other",
}
PURPOSES = {word: purpose.value for purpose, words in PURPOSE_WORDS.items() for word in words.split()}
ALL_PURPOSES = frozenset({"", "全部", "所有", "all"})
SOURCE_LENGTH = 200
SECRET = frozenset({"number"})


@dataclass(frozen=True, kw_only=True)
class CalleeLine:
    """One row: its entry, unless it is refused for `reasons`."""

    number: int
    cells: Sequence[str]
    entry: Entry | None = None
    reasons: Sequence[Reason] = ()


def open_sheet(table: Table) -> tuple[Header, Iterator[tuple[int, Sequence[str]]]]:
    """Return the header of a file and its rows. BadInput when it has no usable header."""
    rows = table.rows()
    return find_header(rows, ALIASES, REQUIRED), rows


def read_line(header: Header, number: int, cells: Sequence[str], *, now: datetime) -> CalleeLine:
    """Return a row of a file; what cannot be read is named by its column."""
    values = {name: header.cell(cells, name) for name in FIELDS if name in header}
    return read_entry(values, number=number, cells=cells, titles=header.titles, now=now)


def read_entry(
    values: Mapping[str, str],
    *,
    number: int,
    now: datetime,
    cells: Sequence[str] = (),
    titles: Mapping[str, str] | None = None,
) -> CalleeLine:
    """Return one row out of its texts by field; an absent field is blank. Reasons never repeat a number."""
    read: dict[str, Any] = {}
    reasons = []
    for name, reader in FIELDS.items():
        text = values.get(name, "")
        try:
            read[name] = reader(text)
        except Unreadable as error:
            shown = "" if name in SECRET else text.strip()[:80]
            column = (titles or {}).get(name, "")
            reasons.append(error.as_reason(value=shown, field=name, line=number, column=column))
    if not reasons:
        reasons = list(_wrong_times(read, number, titles or {}, now))
    entry = None if reasons else _entry(read)
    return CalleeLine(number=number, cells=cells, entry=entry, reasons=reasons)


def _entry(read: Mapping[str, Any]) -> Entry:
    return Entry(
        kind=read["kind"],
        number=read["number"],
        source=read["source"],
        given_at=read["date"],
        purpose=read["purpose"],
        expires_at=read["expires"],
    )


def _wrong_times(read: Mapping[str, Any], line: int, titles: Mapping[str, str], now: datetime) -> Iterator[Reason]:
    given, expires = read["date"], read["expires"]
    if given > now:
        message = _("This day is in the future. Write the day on which the person said so.")
        yield Reason(code="given_in_future", field="date", line=line, column=titles.get("date", ""), message=message)
    if expires and expires <= max(given, now):
        message = _("This has expired already. Send only what still holds.")
        yield Reason(code="expired", field="expires", line=line, column=titles.get("expires", ""), message=message)


def _word(text: str) -> str:
    return simplified(re.sub(r"[\s_\-]", "", tidy(text))).casefold()


def _kind(text: str) -> ListingKind:
    word = _word(text)
    if word not in KINDS:
        raise Unreadable("kind_unknown", _("This kind is not known. Write 禁拨 or 同意, do_not_call or consent."))
    return KINDS[word]


def _purpose(text: str) -> str:
    word = _word(text)
    if word in ALL_PURPOSES:
        return ""
    if word not in PURPOSES:
        raise Unreadable("purpose_unknown", _("This purpose is not known. Leave it blank where it holds for all."))
    return PURPOSES[word]


def _source(text: str) -> str:
    plain = tidy(text)
    if not plain:
        raise Unreadable("missing", _("Say how this is known: a form, a recording, a text message."))
    if len(plain) > SOURCE_LENGTH:
        raise Unreadable("too_long", _("This is longer than 200 characters. Shorten it."))
    return plain


def _day(text: str) -> datetime:
    return day_start(read_day(text))


def _expires(text: str) -> datetime | None:
    return day_bounds(read_day(text))[1] if tidy(text) else None


FIELDS = {
    "number": read_callee,
    "kind": _kind,
    "date": _day,
    "source": _source,
    "purpose": _purpose,
    "expires": _expires,
}
