"""How long a person under sanction gets no new number (联合惩戒办法 art. 3, in force since 2024-12-01)."""

from datetime import date

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason
from cards.choices.real_name import SanctionBasis

YEARS = {SanctionBasis.CONVICTED: 3, SanctionBasis.POLICE: 2}
LONGEST_YEARS = 5


def usual_end(basis: str, starts_on: date) -> date | None:
    """Return the last day by the basis: three years after a conviction, two after a finding; None where none is set."""
    years = YEARS.get(SanctionBasis(basis))
    return _years_later(starts_on, years) if years else None


def latest_end(starts_on: date) -> date:
    """Return the last day on which consecutive sanctions can end."""
    return _years_later(starts_on, LONGEST_YEARS)


def no_new_number(field: str, until: date) -> Reason:
    """Return why whoever a field names gets no number."""
    return Reason(
        code="sanctioned",
        field=field,
        message=format_lazy(_("Under sanction until {day}: no new number."), day=until.isoformat()),
        clears=_("Register somebody else, or have the sanction lifted first."),
    )


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
