"""Identifiers that are well formed and nobody's: prefixes no carrier has been given, issuers' forms, check digits.

The prefixes 160, 161, 163, 164 and 168 are not assigned to any carrier (formats.md 4.1 lists those that are), so
that neither a demo card nor a person it calls can be a real one.
"""

from random import Random

from stdnum import luhn
from stdnum.cn import uscc

CALLEE_PREFIX = "+86160"
MSISDN_PREFIXES = {"cmcc": "161", "cucc": "163", "ctcc": "164", "cbn": "168", "huaxiang": "1689"}
ICCID_PREFIXES = {"cmcc": "898600", "cucc": "898601", "ctcc": "898603", "cbn": "898615", "huaxiang": "898601"}
IMSI_PREFIXES = {"cmcc": "46000", "cucc": "46001", "ctcc": "46011", "cbn": "46015", "huaxiang": "46001"}


def msisdns(carrier: str, count: int, rng: Random) -> list[str]:
    """Return that many different numbers of a carrier in E.164."""
    prefix = f"+86{MSISDN_PREFIXES[carrier]}"
    digits = 14 - len(prefix)
    return [f"{prefix}{tail:0{digits}}" for tail in rng.sample(range(10**digits), count)]


def iccid(carrier: str, serial: int) -> str:
    """Return an ICCID of 20 digits with its check digit."""
    body = f"{ICCID_PREFIXES[carrier]}{serial:013}"
    return body + luhn.calc_check_digit(body)


def imsi(carrier: str, serial: int) -> str:
    """Return an IMSI of 15 digits."""
    return f"{IMSI_PREFIXES[carrier]}{serial:010}"


def credit_code(word: str) -> str:
    """Return a unified social credit code whose organisation part is eight letters that no register gives out."""
    body = f"91310000{word}0"
    return body + uscc.calc_check_digit(body)


def imei(serial: int) -> str:
    """Return an IMEI with its check digit, of a reporting body (00) that allots test devices only."""
    body = f"00{serial:012}"
    return body + luhn.calc_check_digit(body)
