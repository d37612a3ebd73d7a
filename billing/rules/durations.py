"""Call durations as carriers, exchanges and phones write them (formats.md 4.4; domain.md section 6).

The reference for the set-based import, which has the same rules in SQL; the same table tests both.
"""

import re
from decimal import ROUND_CEILING, Decimal

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.reading import Unreadable, refuse_mangled, tidy
from cardfleet.kernel.simplified import simplified

LONGEST = 24 * 3600

PLAIN = re.compile(r"^(\d+(?:\.\d+)?)(?:秒钟?|s(?:ecs?)?|''|\")?$", re.IGNORECASE)
CLOCK = re.compile(r"^(?:(\d{1,3}):)?(\d{1,4}):(\d{1,2})$")
WORDS = re.compile(r"^(?:(\d+)(?:小时|时|h))?(?:(\d+)(?:分钟?|m(?:in)?))?(?:(\d+)(?:秒钟?|s(?:ec)?))?$", re.IGNORECASE)
PRIMES = re.compile(r"^(?:(\d+)')?(\d+)'(\d+)(?:'|\"|'')?$")
PRIME_MARKS = str.maketrans("′’‘″”“", "'''\"\"\"")


def read_duration(text: str) -> int:
    """Return whole seconds, a started second counted, from any of the known spellings.

    192, 192秒, 192", 3:12, 00:03:12, 3分12秒, 1小时3分12秒, 3分钟, 3m12s, 0'3'12 (hours, minutes, seconds), 3'12".
    A call longer than a day is refused: it is a total row or another unit.
    """
    plain = simplified(re.sub(r"\s", "", tidy(text))).translate(PRIME_MARKS)
    if not plain:
        raise Unreadable("missing", _("The duration is missing."))
    refuse_mangled(plain)
    seconds = _seconds(plain)
    if seconds is None:
        raise Unreadable(
            "duration_unreadable",
            _("This is not a duration. Write seconds or 00:03:12, without letters."),
        )
    if seconds > LONGEST:
        raise Unreadable(
            "duration_too_long", _("No call lasts longer than a day. Is this a total row or another unit?")
        )
    return seconds


def _seconds(plain: str) -> int | None:
    if parts := PLAIN.match(plain):
        return int(Decimal(parts[1]).to_integral_value(rounding=ROUND_CEILING))
    for pattern in (CLOCK, PRIMES, WORDS):
        if (parts := pattern.match(plain)) and (found := _from_parts(*parts.groups(default="0"))) is not None:
            return found
    return None


def _from_parts(hours: str, minutes: str, seconds: str) -> int | None:
    """Return the sum, or None where a part runs over: 0:61 and 1:75:00 are misprints, 75:10 is not."""
    if int(seconds) > 59 or (int(hours) and int(minutes) > 59):
        return None
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds)
