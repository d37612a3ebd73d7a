"""Fees and directions as call records write them (formats.md 4.4).

The reference for the set-based import, which has the same rules in SQL; the same table tests both.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.money import ZERO, to_fen
from cardfleet.kernel.reading import Unreadable, read_amount, tidy
from cardfleet.kernel.simplified import simplified

Direction = Literal["in", "out"]

NO_FEE = frozenset({"", "-", "--", "/"})
OUT_PARTS = ("主叫", "呼出", "去电", "拨出", "外呼", "呼转", "呼叫转移")
IN_PARTS = ("被叫", "呼入", "来电", "接听", "未接")
OUT_WORDS = frozenset({"out", "outgoing", "outbound", "calling", "caller", "mo", "dialed", "dialled"})
IN_WORDS = frozenset({"in", "incoming", "inbound", "called", "callee", "mt", "missed", "received"})

# The same digit means opposite things in different systems, so a format that uses digits names its table.
TELECOM_CODES: Mapping[str, Direction] = {"0": "out", "1": "in"}
TENCENT_CODES: Mapping[str, Direction] = {"0": "in", "1": "out"}
# Incoming, outgoing, missed, voice mail, rejected, blocked, answered on another device.
ANDROID_CODES: Mapping[str, Direction] = {"1": "in", "2": "out", "3": "in", "4": "in", "5": "in", "6": "in", "7": "in"}


def read_fee(text: str, *, fen: bool = False) -> Decimal:
    """Return a call's fee in CNY, zero where the cell is blank or a dash; `fen` for columns in fen.

    A negative fee is refused: a refund is a ledger entry, not a call.
    """
    if tidy(text) in NO_FEE:
        return ZERO
    amount = read_amount(text)
    return to_fen(amount / 100) if fen else amount


def read_direction(text: str, *, codes: Mapping[str, Direction] | None = None) -> Direction:
    """Return `out` for a call this card made or forwarded, `in` for one it received.

    Chinese words may stand inside longer ones (国内主叫). Digits need the table of their system.
    """
    word = simplified(tidy(text)).lower().removesuffix(".0")
    if not word:
        raise Unreadable("missing", _("The direction is missing: out or in."))
    if codes and word in codes:
        return codes[word]
    if word in OUT_WORDS or any(part in word for part in OUT_PARTS):
        return "out"
    if word in IN_WORDS or any(part in word for part in IN_PARTS):
        return "in"
    raise Unreadable("direction_unreadable", _("This is neither outgoing nor incoming. Write out or in."))
