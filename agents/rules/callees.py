"""What a refusal or a consent means beside others of the same number (R40, R57, R60).

A refusal outranks every consent it touches and ends it at once; only its withdrawal lets consent in again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from django.utils.translation import gettext_lazy as _

from agents.choices import ListingKind
from cardfleet.kernel.reading import Unreadable
from cards.rules.identifiers import normalise_counterpart

Verdict = Literal["new", "known", "renews", "refused"]


class Said(Protocol):
    """A refusal or a consent; `expires_at` None: until withdrawn."""

    @property
    def kind(self) -> str:
        """A ListingKind."""

    @property
    def purpose(self) -> str:
        """A Purpose; blank for all."""

    @property
    def expires_at(self) -> datetime | None:
        """Until when it was given."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing a callee said. `number` is normalised; `purpose` blank: for all; `expires_at` None: until withdrawn."""

    kind: ListingKind
    number: str = field(repr=False)
    source: str
    given_at: datetime
    purpose: str = ""
    expires_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class CalleeStanding:
    """What holds for a number and a purpose at a moment."""

    do_not_call: bool
    consent: bool


def touches(one: str, other: str) -> bool:
    """Tell whether two purposes meet; blank is all."""
    return not one or not other or one == other


def covers(given: str, asked: str) -> bool:
    """Tell whether what was given for a purpose holds for the one asked; a blank one asked wants all."""
    return not given or given == asked


def judge(said: Said, in_force: Iterable[Said]) -> Verdict:
    """Return what becomes of something said beside what holds for the number already.

    It is known unless it holds for longer; a consent where the person refused is refused.
    """
    held = list(in_force)
    if said.kind == ListingKind.CONSENT and any(refusal_over(one, said) for one in held):
        return "refused"
    same = [one for one in held if one.kind == said.kind and one.purpose == said.purpose]
    if not same:
        return "new"
    return "renews" if same[0].expires_at and _later(said.expires_at, same[0].expires_at) else "known"


def refusal_over(one: Said, other: Said) -> bool:
    """Tell whether one is a refusal that ends, or stands against, the other, a consent."""
    kinds = (one.kind, other.kind)
    return kinds == (ListingKind.DO_NOT_CALL, ListingKind.CONSENT) and touches(one.purpose, other.purpose)


def _later(one: datetime | None, other: datetime) -> bool:
    return one is None or one > other


def standing(in_force: Iterable[Said], purpose: str) -> CalleeStanding:
    """Return what the listings of a number that are in force mean for a purpose; a refusal for any counts for blank."""
    held = list(in_force)
    refused = any(one.kind == ListingKind.DO_NOT_CALL and touches(one.purpose, purpose) for one in held)
    agreed = any(one.kind == ListingKind.CONSENT and covers(one.purpose, purpose) for one in held)
    return CalleeStanding(do_not_call=refused, consent=agreed and not refused)


def read_callee(text: str) -> str:
    """Return a whole number as call records hold it; the refusal never repeats what was written."""
    try:
        number = normalise_counterpart(text)
    except Unreadable as error:
        raise Unreadable(error.code, error.message, secret=True) from None
    if not number:
        raise Unreadable("missing", _("The phone number is missing."), secret=True)
    if "*" in number:
        message = _("The number is masked. Send a list with whole numbers.")
        raise Unreadable("number_masked", message, secret=True)
    if not number.startswith("+"):
        message = _("This is no whole phone number. Write a mobile number, or a fixed line with its area code.")
        raise Unreadable("number_too_short", message, secret=True)
    return number
