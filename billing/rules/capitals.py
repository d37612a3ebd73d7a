"""Amounts in capitals (大写), as vouchers are written: 支付结算办法, annex 1, "正确填写票据和结算凭证的基本规定"."""

from decimal import Decimal

from cardfleet.kernel.money import ZERO, to_fen

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿")
GROUP = 10_000
LIMIT = Decimal(GROUP**3)


def in_capitals(amount: Decimal) -> str:
    """Return CNY of two decimals, from nil to below a million million, in capitals; ValueError for any other.

    One 零 stands for any number of noughts between figures. 整 ends whole yuan and whole jiao, never fen. Where the
    rule leaves 零 free, it is written before jiao (1680.32 壹仟陆佰捌拾元零叁角贰分) and left out before thousands
    (107000.53 壹拾万柒仟元零伍角叁分), as in its own examples.
    """
    if not ZERO <= amount < LIMIT or to_fen(amount) != amount:
        raise ValueError(f"not an amount that is written in capitals: {amount}")
    fen = int(amount * 100)
    yuan, jiao, rest = fen // 100, fen // 10 % 10, fen % 10
    if not fen:
        return "零元整"
    words = f"{_whole(yuan)}元" if yuan else ""
    if jiao or rest:
        has_gap = yuan and (not jiao or not yuan % 10)
        words += ("零" if has_gap else "") + (f"{DIGITS[jiao]}角" if jiao else "")
    return words + (f"{DIGITS[rest]}分" if rest else "整")


def _whole(yuan: int) -> str:
    words, gap = "", False
    for index in reversed(range(len(GROUPS))):
        group = yuan // GROUP**index % GROUP
        if group:
            # Noughts lie before a group that does not fill its thousands, and where a whole group is empty.
            words += ("零" if words and (gap or group < GROUP // 10) else "") + _group(group) + GROUPS[index]
        gap = not group
    return words


def _group(number: int) -> str:
    words, gap = "", False
    for index in reversed(range(len(PLACES))):
        digit = number // 10**index % 10
        if digit:
            words += ("零" if gap and words else "") + DIGITS[digit] + PLACES[index]
        gap = not digit
    return words
