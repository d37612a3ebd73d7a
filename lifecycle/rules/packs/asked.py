"""What a pack may be asked for. Pure."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason

LONGEST_DAYS = 3 * 366


def unmet_period(first: date | None, last: date | None, *, today: date, of_card: bool) -> list[Reason]:
    """Return what is wrong with a period: both days are included; of a card it may be its whole life (no days)."""
    if first is None or last is None:
        if of_card and first is last is None:
            return []
        message = _("Say from which day until which. Only of a single card may both be left out.")
        return [Reason(code="period_missing", field="last" if first else "first", message=message)]
    if first > last:
        message = _("The period ends before it begins.")
        return [Reason(code="runs_backwards", field="last", message=message, clears=_("Exchange the two days."))]
    if last > today:
        message = _("The period is not over: nothing can be proven of days to come.")
        return [Reason(code="in_the_future", field="last", message=message, clears=_("End it today at the latest."))]
    if (last - first).days >= LONGEST_DAYS:
        message = _("The period is longer than three years, which is as long as most of it is kept.")
        return [Reason(code="too_long", field="first", message=message, clears=_("Make several packs."))]
    return []


def unmet_reason(reason: str) -> list[Reason]:
    """Return what is wrong with the reason given."""
    if len(reason.strip()) >= 4:
        return []
    return [Reason(code="reason_missing", field="reason", message=_("Say who asked for the pack, and why."))]
