"""Balance messages as carriers send them and people paste them (R29).

    13812345678 【中国移动】尊敬的客户,截至2026年10月31日12时30分,您的话费余额为12.34元。

A message begins with a number or a 【 at the start of a line; a number on a line of its own is the next message's.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from billing.importers.reading_lines import Readings, ReadLine, not_ahead
from billing.rules.times import Period, read_time
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.reading import Unreadable, read_amount, tidy
from cards.choices import ServiceState, StopReason

BEGIN = re.compile(r"(?m)^(?=\s*(?:【|(?:\+?86 ?)?1[3-9]\d{9}(?!\d)))")
NUMBER = re.compile(r"(?<!\d)(?:\+?86 ?)?(1[3-9]\d{9})(?!\d)")
NUMBER_ALONE = re.compile(r"^\D{0,6}(?:\+?86 ?)?1[3-9]\d{9}\D{0,3}$")
AMOUNT = r"[^\d¥-]{0,8}¥?\s*(-?\d+(?:,\d{3})*(?:\.\d{1,2})?)\s*元"
OWED = re.compile(rf"(?:欠费|已欠){AMOUNT}")
BALANCE = re.compile(rf"(?:余额|结余|余款){AMOUNT}")
CLOCK = r"\s*(?:(\d{1,2})[:时点](?:(\d{1,2})分?)?)?"
FULL_DAY = re.compile(rf"(?<!\d)(\d{{4}})[-/年.](\d{{1,2}})[-/月.](\d{{1,2}})日?{CLOCK}")
SHORT_DAY = re.compile(rf"(?<!\d)(\d{{1,2}})月(\d{{1,2}})日{CLOCK}")
HALF_STOPPED = re.compile(r"(?:已|被)[^,。]{0,6}(?:单停|单向停机|半停|限制呼出)")
STOPPED = re.compile(r"(?:已|被)[^,。将]{0,4}(?:停机|暂停服务)")


def read_messages(text: str, *, now: datetime) -> Readings:
    """Return what pasted messages say; one without a number or without a balance or state is refused by its line."""
    lines, refused = [], []
    for line, message in _messages(text):
        try:
            lines.append(_read(line, message, now))
        except Unreadable as error:
            refused.append(error.as_reason(value=message[:60], line=line))
    return Readings(lines, refused, pasted=True)


def _messages(text: str) -> Iterator[tuple[int, str]]:
    """Yield each message on one line with the line it begins in."""
    line, number = 1, ""
    for piece in BEGIN.split(text):
        message = re.sub(r"\s+", " ", piece).strip()
        if NUMBER_ALONE.match(message):
            number = message
        elif message:
            yield line, f"{number} {message}".strip()
            number = ""
        line += piece.count("\n")


def _read(line: int, message: str, now: datetime) -> ReadLine:
    plain = tidy(message)
    number = NUMBER.search(plain)
    if number is None:
        raise Unreadable(
            "number_missing", _("The message does not say whose it is. Put the number before it, on the same line.")
        )
    balance, state = _balance(plain), _state(plain)
    if balance is None and not state:
        raise Unreadable("balance_missing", _("The message names no balance. Leave it out, or enter it by hand."))
    arrears = state and ((balance is not None and balance < 0) or "欠费" in plain)
    return ReadLine(
        line=line,
        msisdn=f"+86{number[1]}",
        read_at=not_ahead(_moment(plain, now), now),
        balance=balance,
        state=state,
        reason=StopReason.ARREARS if arrears else "",
    )


def _balance(plain: str) -> Decimal | None:
    if owed := OWED.search(plain):
        return -abs(read_amount(owed[1], negative=True))
    found = BALANCE.search(plain)
    return read_amount(found[1], negative=True) if found else None


def _state(plain: str) -> str:
    if HALF_STOPPED.search(plain):
        return ServiceState.HALF_STOP
    return ServiceState.FULL_STOP if STOPPED.search(plain) else ""


def _moment(plain: str, now: datetime) -> datetime:
    """Return the moment the message names, the end of the day it names, else now."""
    found = FULL_DAY.search(plain) or SHORT_DAY.search(plain)
    if found is None:
        return now
    *day, hour, minute = found.groups()
    clock = f"{hour}:{minute or '0'}:00" if hour and int(hour) < 24 else "23:59:59"
    named = read_time(f"{'-'.join(day)} {clock}", period=Period.year_up_to(business_day(now)))
    return min(named, now) if business_day(named) == business_day(now) else named
