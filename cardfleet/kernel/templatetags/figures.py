"""How figures, money, numbers and times are written: `{% load figures %}`."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from cardfleet.kernel.clock import SHANGHAI
from cardfleet.kernel.masking import mask_iccid, mask_msisdn
from cardfleet.kernel.money import to_fen

register = template.Library()

NOTHING = "—"
MINUS = "−"


@register.filter
def money(amount: Decimal | int | None) -> str:
    """Write CNY as ¥1,234.50, the minus before the sign."""
    if amount is None:
        return NOTHING
    rounded = to_fen(amount)
    return f"{MINUS if rounded < 0 else ''}¥{abs(rounded):,.2f}"


@register.filter
def amount(value: Decimal | int | None) -> str:
    """Write CNY as 1,234.50 for a column whose head names the unit."""
    return money(value).replace("¥", "")


@register.filter
def figure(value: Decimal | float | None) -> str:
    """Write a number with a comma at every thousand, whatever the language."""
    return NOTHING if value is None else f"{value:,}".replace("-", MINUS)


@register.filter
def lasting(minutes: int | str | None) -> str:
    """Write minutes by their two largest units: 12 d 4 h, 5 h 12 min, 12 min; of what is not known, a dash."""
    if not isinstance(minutes, int):
        return NOTHING
    hours, left = divmod(minutes, 60)
    days, rest = divmod(hours, 24)
    if days:
        return _("%(days)s d %(hours)s h") % {"days": days, "hours": rest}
    if hours:
        return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": left}
    return _("%(minutes)s min") % {"minutes": left}


@register.filter
def masked(msisdn: str, whole: object = False) -> str:  # noqa: FBT002 - a filter takes its argument by position
    """Write a phone number as 138****1234, or whole without +86 where the person may see it.

    `{{ card.msisdn|masked:perms.cards.view_full_number }}`
    """
    return msisdn.removeprefix("+86") if whole else mask_msisdn(msisdn)


@register.filter
def masked_iccid(iccid: str) -> str:
    """Write the first and last four characters of an ICCID."""
    return mask_iccid(iccid)


@register.filter
def day(value: date | datetime | None) -> str:
    """Write a day as 2026-11-20; of a moment, its day in Shanghai."""
    if value is None:
        return NOTHING
    return f"{value.astimezone(SHANGHAI) if isinstance(value, datetime) else value:%Y-%m-%d}"


@register.filter
def moment(value: datetime | None) -> str:
    """Write a moment in Shanghai: 13:55 today, 11-19 13:55 this year, else 2025-11-19 13:55."""
    if value is None:
        return NOTHING
    local, today = value.astimezone(SHANGHAI), timezone.now().astimezone(SHANGHAI).date()
    if local.date() == today:
        return f"{local:%H:%M}"
    return f"{local:%m-%d %H:%M}" if local.year == today.year else f"{local:%Y-%m-%d %H:%M}"


@register.filter
def deadline(value: datetime | None) -> str:
    """Write the moment until which something may be done: midnight is 24:00 of the day that ends."""
    if value is None or value.astimezone(SHANGHAI).time() != time():
        return moment(value)
    ends = value.astimezone(SHANGHAI).date() - timedelta(days=1)
    today = timezone.now().astimezone(SHANGHAI).date()
    if ends == today:
        return "24:00"
    return f"{ends:%m-%d} 24:00" if ends.year == today.year else f"{ends:%Y-%m-%d} 24:00"


@register.filter
def second(value: datetime | None) -> str:
    """Write a moment in Shanghai to the second: 2026-11-19 13:55:07."""
    return NOTHING if value is None else f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
