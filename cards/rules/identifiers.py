"""Identifiers of a SIM card and how people and files write them (formats.md 4.1; R23, R24, R26).

Each function takes the text of one cell and returns an `Identifier`, or raises `Unreadable`. A warning never
stops a row: real ICCIDs carry letters and fail Luhn. A prefix is a hint and never decides the carrier, as
numbers are portable.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from stdnum import imei as stdnum_imei
from stdnum.exceptions import ValidationError

from cardfleet.kernel.errors import Reason, Text
from cardfleet.kernel.reading import Unreadable, compact

ICCID = re.compile(r"^89[0-9]{4}[0-9A-Z]{13,14}$")
MOBILE = re.compile(r"^(?:\+86|0086|86)?(1[3-9][0-9]{9})$")
# Each digit as a number; and doubled, with the digits of that added.
PLAIN = bytes.maketrans(b"0123456789", bytes(range(10)))
DOUBLED = bytes.maketrans(b"0123456789", bytes((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)))
MASKED = re.compile(r"^\+?[0-9]*\*{2,}[0-9]*$")

COUNTERPART_MOBILE = re.compile(r"^(?:\+86|0086|86)?0?(1[3-9][0-9]{9})$")
COUNTERPART_FIXED = re.compile(r"^(?:(?:\+86|0086|86)0?|0)((?:10|2[0-9]|[3-9][0-9]{2})[0-9]{7,8})$")
COUNTERPART_SERVICE = re.compile(r"^(?:\+86|0086|86)?([48]00[0-9]{7})$")
COUNTERPART_SHORT = re.compile(r"^(?:\+86|0086)([0-9]{3,9})$")
COUNTERPART_ABROAD = re.compile(r"^(?:\+|00)([1-9][0-9]{5,14})$")
COUNTERPART_AS_DIALLED = re.compile(r"^[0-9*#]{1,20}$")
WITHHELD = frozenset(
    {"未知", "未知号码", "隐藏", "私密", "私密号码", "无号码", "anonymous", "unknown", "private", "withheld"}
)


@dataclass(frozen=True)
class Identifier:
    """A normalised value and what is odd about it."""

    value: str
    warnings: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class CarrierHint:
    """What a prefix suggests: `network` is mobile, unicom, telecom or broadnet; `mvno` for a resale range."""

    network: str
    mvno: bool = False


WRONG_CHECK_DIGIT = Reason(
    code="iccid_luhn",
    message=_("The check digit of the ICCID does not fit. Real cards can be so; look at the card."),
)
CUT = Reason(
    code="iccid_cut",
    message=_("The ICCID ends in five zeros. A spreadsheet may have cut it; compare with the card."),
)


def normalise_iccid(text: str) -> Identifier:
    """Return an ICCID of 19 or 20 characters, upper-case, without filler; a failed Luhn check only warns."""
    plain = _present(text, _("The ICCID is missing.")).upper().rstrip("F")
    if not ICCID.match(plain):
        raise Unreadable(
            "iccid_unreadable",
            _("An ICCID begins with 89 and has 19 or 20 digits or letters. Copy it from the card."),
        )
    return Identifier(plain, tuple(_iccid_doubts(plain)))


def _iccid_doubts(iccid: str) -> Iterator[Reason]:
    if iccid.isdigit() and not _luhn_fits(iccid):
        yield WRONG_CHECK_DIGIT
    if iccid.endswith("00000"):
        yield CUT


def _luhn_fits(digits: str) -> bool:
    """Tell whether the last digit is the Luhn check digit, a hundred thousand times a second and more."""
    signs = digits.encode("ascii")
    return (sum(signs[::-2].translate(PLAIN)) + sum(signs[-2::-2].translate(DOUBLED))) % 10 == 0


def normalise_msisdn(text: str) -> str:
    """Return a Chinese mobile number as `+861XXXXXXXXXX`, from 11 digits with or without +86, 86 or 0086."""
    plain = _present(text, _("The phone number is missing."))
    if MASKED.match(plain):
        raise Unreadable("number_masked", _("The number is masked. Send a list with whole numbers."))
    parts = MOBILE.match(plain)
    if parts is None:
        raise Unreadable(
            "msisdn_unreadable",
            _("This is not a Chinese mobile number of 11 digits. Write it like 13812345678."),
        )
    return f"+86{parts[1]}"


def normalise_counterpart(text: str) -> str:
    """Return the other side of a call.

    E.164 for mobiles, fixed lines with area code, 400/800 and abroad; digits as dialled for short numbers,
    extensions and numbers the carrier masked; empty where it is withheld.
    """
    plain = re.sub(r"[()]", "", compact(text))
    if not plain or plain.lower() in WITHHELD:
        return ""
    for pattern in (COUNTERPART_MOBILE, COUNTERPART_FIXED, COUNTERPART_SERVICE):
        if parts := pattern.match(plain):
            return f"+86{parts[1]}"
    if parts := COUNTERPART_SHORT.match(plain):
        return parts[1]
    if parts := COUNTERPART_ABROAD.match(plain):
        return f"+{parts[1]}"
    if COUNTERPART_AS_DIALLED.match(plain):
        return plain
    raise Unreadable("counterpart_unreadable", _("The other party is not a phone number. Correct it."))


def normalise_imsi(text: str) -> Identifier:
    """Return an IMSI of up to 15 digits; one that does not begin with 460 (China) warns."""
    plain = _present(text, _("The IMSI is missing."))
    if not re.fullmatch(r"[0-9]{6,15}", plain):
        raise Unreadable("imsi_unreadable", _("An IMSI has at most 15 digits and nothing else. Correct it."))
    if plain.startswith("460"):
        return Identifier(plain)
    doubt = Reason(
        code="imsi_country",
        message=_("The IMSI does not begin with 460, the code of China. Compare with the card."),
    )
    return Identifier(plain, (doubt,))


def normalise_pin(text: str) -> str:
    """Return a PIN of 4 to 8 digits, leading zeros kept. The refusal never repeats the value (R24)."""
    sentence = _("A PIN has 4 to 8 digits. Format the column as text, so that leading zeros stay.")
    return _secret(text, r"[0-9]{4,8}", "pin_unreadable", sentence)


def normalise_puk(text: str) -> str:
    """Return a PUK of 8 digits, leading zeros kept. The refusal never repeats the value (R24)."""
    sentence = _("A PUK has 8 digits. Format the column as text, so that leading zeros stay.")
    return _secret(text, r"[0-9]{8}", "puk_unreadable", sentence)


def _secret(text: str, pattern: str, code: str, sentence: Text) -> str:
    try:
        plain = compact(text)
    except Unreadable as error:
        raise Unreadable(error.code, error.message, secret=True) from None
    if not re.fullmatch(pattern, plain):
        raise Unreadable(code, sentence, secret=True)
    return plain


def normalise_imei(text: str) -> str:
    """Return an IMEI of 14 to 16 digits; the check digit of one with 15 must fit (3GPP TS 23.003)."""
    plain = _present(text, _("The IMEI is missing."))
    try:
        return str(stdnum_imei.validate(plain))
    except ValidationError as error:
        raise Unreadable(
            "imei_unreadable", _("This is not an IMEI of 15 digits. Dial *#06# on the phone and copy it.")
        ) from error


def _present(text: str, sentence: Text) -> str:
    plain = compact(text)
    if not plain:
        raise Unreadable("missing", sentence)
    return plain


def _prefixes(table: Mapping[str, str]) -> dict[str, str]:
    return {prefix: network for network, prefixes in table.items() for prefix in prefixes.split()}


ICCID_NETWORKS = _prefixes(
    {
        "mobile": "898600 898602 898604 898607 898608",
        "unicom": "898601 898606 898609",
        "telecom": "898603 898611",
        "broadnet": "898615",
    }
)
MVNO_NETWORKS = _prefixes(
    {
        "telecom": "1700 1701 1702 162",
        "mobile": "1703 1705 1706 165",
        "unicom": "1704 1707 1708 1709 171 167",
    }
)
MSISDN_NETWORKS = _prefixes(
    {
        "mobile": "134 135 136 137 138 139 147 148 150 151 152 157 158 159 172 178 182 183 184 187 188 195 197 198",
        "unicom": "130 131 132 145 146 155 156 166 175 176 185 186 196",
        "telecom": "133 149 153 173 177 180 181 189 190 191 193 199",
        "broadnet": "192",
    }
)


def carrier_hint(*, msisdn: str = "", iccid: str = "") -> CarrierHint | None:
    """Return what the prefix of an E.164 number or an ICCID suggests; compare with the carrier on record."""
    national = msisdn.removeprefix("+86")
    for length in (4, 3):
        if network := MVNO_NETWORKS.get(national[:length]):
            return CarrierHint(network, mvno=True)
    network = MSISDN_NETWORKS.get(national[:3]) or ICCID_NETWORKS.get(iccid[:6])
    return CarrierHint(network) if network else None
