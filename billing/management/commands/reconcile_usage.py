"""`manage.py reconcile_usage [--repair]`: prove rollups, charges and postings equal to the call records."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from billing.selectors.proofs import wrong_usage
from billing.services.rollup_repair import repair_rollups


class Command(BaseCommand):
    """Exit 0 where all is proven, else 1 and what differs."""

    help = "Proves rollups, charges and postings equal to the call records; exit 1 and what differs."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --repair."""
        parser.add_argument("--repair", action="store_true", help="reckon what differs anew, and prove again")

    def handle(self, *_args: Any, repair: bool, **_options: Any) -> None:
        """Compare, print, repair where that is asked for, and end with 1 when anything differs still."""
        found = self._told()
        if found and repair:
            repair_rollups(differences=found, actor=None, now=timezone.now())
            found = self._told()
        if found:
            raise CommandError(f"{len(found)} differences.")
        self.stdout.write("No difference.")

    def _told(self) -> list[Any]:
        found = list(wrong_usage())
        for difference in found:
            self.stdout.write(str(difference))
        return found
