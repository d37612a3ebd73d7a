"""How people, numbers and what somebody wrote stand in a pack: ID numbers and secrets never (PIPL art. 51). Pure."""

import re
from dataclasses import dataclass

from cardfleet.kernel.masking import mask_iccid, mask_msisdn, mask_name

# IDs of people (18 and 15 signs, in blocks too) and of companies, numbers of phones, and what follows a secret's name.
ID = re.compile(
    r"(?<![0-9A-Za-z])(?:\d{6}[ -]?(?:19|20)\d{2}[ -]?\d{4}[ -]?\d{3}[\dXx]|\d{17}[\dXx]"
    r"|\d{8}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}|[0-9A-Z]{2}\d{6}[0-9A-Z]{9}[0-9A-Z])(?![0-9A-Za-z])"
)
MOBILE = re.compile(r"(?<!\d)(?:\+?86[ -]?)?(1[3-9]\d)[ -]?(\d{4})[ -]?(\d{4})(?!\d)")
SECRET = re.compile(r"((?:PIN|PUK)[12]?|密码|口令|验证码|password|passcode)(\D{0,8})([0-9A-Za-z]{4,16})", re.IGNORECASE)
HIDDEN = "******"


@dataclass(frozen=True, kw_only=True)
class Shown:
    """Whether names of people and numbers of cards stand in a pack whole."""

    names: bool = False
    numbers: bool = False

    def number(self, msisdn: str) -> str:
        """Return a card's number, with 138****1234 in its place unless numbers are shown."""
        return msisdn if self.numbers else mask_msisdn(msisdn)

    def iccid(self, iccid: str) -> str:
        """Return an ICCID, or its first and last four signs."""
        return iccid if self.numbers else mask_iccid(iccid)

    def name(self, name: str | None) -> str:
        """Return a name of a person, or its first character."""
        return (name if self.names else mask_name(name)) if name else ""

    def person(self, staff_no: str | None, name: str | None) -> str:
        """Return a person of ours: the staff number says who it is, whether the name is shown or not."""
        return " ".join(part for part in (staff_no, self.name(name)) if part)


def cleaned(text: str | None) -> str:
    """Return what somebody wrote without ID numbers, secrets and the digits of phones in it."""
    if not text:
        return ""
    without_secrets = SECRET.sub(lambda found: f"{found[1]}{found[2]}{HIDDEN}", text)
    return MOBILE.sub(r"\1****\3", ID.sub(HIDDEN, without_secrets))


def holds_id(text: str) -> bool:
    """Tell whether a text holds an ID number or a secret."""
    return ID.search(text) is not None or SECRET.search(text) is not None
