"""`manage.py rotate_field_keys`: seal everything under the first of FIELD_KEYS, and say which keys may go."""

from collections import Counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from cardfleet.kernel import rotation


class Command(BaseCommand):
    """Exit 1 while an earlier key opens anything, or none of the keys does."""

    help = "Seals every secret under the first of FIELD_KEYS. May be killed and run again, beside people at work."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how many at a time, and whether to look only."""
        parser.add_argument("--batch", type=int, default=rotation.BATCH, help="how many values at a time")
        parser.add_argument("--check", action="store_true", help="change nothing; say which key opens how much")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Seal, then count anew: somebody may have written with an old key meanwhile."""
        places = rotation.places()
        if not options["check"]:
            for place in places:
                if changed := rotation.seal_anew(place, size=options["batch"]):
                    self.stdout.write(f"{place.name}: {changed}")
        opened = {place.name: rotation.opened_by(place, size=options["batch"]) for place in places}
        needed = [self._told(number, opened) for number in range(1, len(settings.FIELD_KEYS) + 1)]
        if unread := _where(None, opened):
            raise CommandError(
                _("No key of FIELD_KEYS opens: %(places)s. Put the key back under which they were stored.")
                % {"places": unread}
            )
        if any(needed[1:]):
            raise CommandError(
                _("Earlier keys are still needed. Start web, worker and beat anew with the new key first, and repeat.")
            )

    def _told(self, number: int, opened: "dict[str, Counter[int | None]]") -> bool:
        """Say what a key still opens, by its number: a key itself is never shown."""
        where = _where(number, opened)
        if where:
            sentence = _("Key %(number)s opens %(places)s.") % {"number": number, "places": where}
        else:
            sentence = _("Key %(number)s opens nothing: it may leave FIELD_KEYS.") % {"number": number}
        self.stdout.write(sentence)
        return bool(where)


def _where(number: int | None, opened: "dict[str, Counter[int | None]]") -> str:
    return ", ".join(f"{name} ({counts[number]})" for name, counts in opened.items() if counts[number])
