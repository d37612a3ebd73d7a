"""Terms of a contract that renews itself, and the last day to give notice (R15, R103; peers.md section 3).

A contract runs for its first term (say 60 months) and then for further ones (say 12 months each), until somebody gives
notice in time. All days are counted from the day it started, so that month ends and leap years do not drift: a year
from 29 February is 1 March of a common year and 29 February again of the next leap year.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cards.choices import NoticeUnit
from cards.rules.carrier_terms import Dated

DAY = timedelta(days=1)
YEAR_MONTHS = 12


@dataclass(frozen=True, kw_only=True)
class ContractTerms:
    """A contract's days: `ends_on` is the last day of a term already known.

    `renewal_months` is 0 where it ends by itself; `notice` is how many `notice_unit` before a term's end notice must
    have been given, 0 until the last day.
    """

    starts_on: date
    ends_on: date | None
    renewal_months: int = 0
    notice: int = 0
    notice_unit: str = NoticeUnit.DAYS
    notice_given_on: date | None = None

    @property
    def renews(self) -> bool:
        """Whether it goes on by itself when its term is over."""
        return self.renewal_months > 0 and self.ends_on is not None


@dataclass(frozen=True, kw_only=True)
class Bound:
    """How long a contract binds: `until` its last day, `notice_by` the last day of notice for that term.

    `is_late`: the notice day of the term that is running has passed, so that the next one is bound, too.
    """

    until: Dated
    notice_by: date | None
    is_late: bool = False


def add_months(day: date, months: int) -> date:
    """Return the same day of another month; of a month without it, the first day of the next (民法典 art. 202)."""
    year, month = divmod(day.year * YEAR_MONTHS + day.month - 1 + months, YEAR_MONTHS)
    last = monthrange(year, month + 1)[1]
    if day.day > last:
        return date(year, month + 1, last) + DAY
    return date(year, month + 1, day.day)


def last_day(starts_on: date, months: int) -> date:
    """Return the last day of a term of so many months: the day before the one on which the next begins."""
    return add_months(starts_on, months) - DAY


def next_end(terms: ContractTerms, ends_on: date) -> date:
    """Return the last day of the term after the one that ends on a day."""
    anchor, months = _anchor(terms, ends_on)
    return last_day(anchor, months + terms.renewal_months)


def _anchor(terms: ContractTerms, ends_on: date) -> tuple[date, int]:
    """Return from where months are counted: the start, where the term is of whole months, else its own end."""
    months = (ends_on.year - terms.starts_on.year) * YEAR_MONTHS + ends_on.month - terms.starts_on.month
    for whole in (months, months + 1):
        if whole > 0 and last_day(terms.starts_on, whole) == ends_on:
            return terms.starts_on, whole
    return ends_on + DAY, 0


def running_end(terms: ContractTerms, *, on: date) -> date | None:
    """Return the last day of the term that runs on a day; a contract that does not renew has one term only."""
    ends_on = terms.ends_on
    while ends_on and ends_on < on and terms.renews and terms.notice_given_on is None:
        ends_on = next_end(terms, ends_on)
    return ends_on


def notice_by(terms: ContractTerms, ends_on: date) -> date:
    """Return the last day to give notice for the end of a term: the whole notice period lies after it."""
    over = ends_on + DAY
    if terms.notice_unit == NoticeUnit.MONTHS:
        return _months_before(over, terms.notice) - DAY
    return over - timedelta(days=terms.notice) - DAY


def _months_before(day: date, months: int) -> date:
    """Return the day so many months earlier; of a month without it the last day, so that notice is never late."""
    year, month = divmod(day.year * YEAR_MONTHS + day.month - 1 - months, YEAR_MONTHS)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def bound(terms: ContractTerms, *, on: date) -> Bound | None:
    """Return how long a contract binds if notice is given on a day; None of one without an end."""
    running = running_end(terms, on=on)
    if running is None:
        return None
    if not terms.renews:
        return Bound(until=Dated(running, _("It ends on this day by itself; no notice is needed.")), notice_by=None)
    given = terms.notice_given_on
    if given is not None:
        return Bound(until=_given(running, given), notice_by=notice_by(terms, running))
    latest = notice_by(terms, running)
    if on <= latest:
        return Bound(until=_in_time(running, latest), notice_by=latest)
    following = next_end(terms, running)
    while on > notice_by(terms, following):
        following = next_end(terms, following)
    return Bound(until=_too_late(running, latest, following), notice_by=notice_by(terms, following), is_late=True)


def ends_if_given(terms: ContractTerms, *, on: date) -> Dated | None:
    """Return the day on which notice given on a day ends the contract, and which term that is."""
    found = bound(terms, on=on)
    return found.until if found else None


def _given(ends_on: date, given: date) -> Dated:
    return Dated(ends_on, format_lazy(_("Notice was given on {day}; it is not renewed."), day=given.isoformat()))


def _in_time(ends_on: date, latest: date) -> Dated:
    why = _("Notice until {latest} ends it with the term that is running, on {end}.")
    return Dated(ends_on, format_lazy(why, latest=latest.isoformat(), end=ends_on.isoformat()))


def _too_late(ends_on: date, latest: date, following: date) -> Dated:
    why = _("The notice day of the term until {end} was {latest}. It is renewed: notice now binds until {following}.")
    return Dated(
        following,
        format_lazy(why, end=ends_on.isoformat(), latest=latest.isoformat(), following=following.isoformat()),
    )
