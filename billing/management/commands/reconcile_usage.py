"""`manage.py reconcile_usage`: prove rollups, charges and postings equal to the call records."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.selectors.proofs import wrong_usage


class Command(BaseCommand):
    """Exit 0 where all is proven, else 1 and what differs."""

    help = "Proves rollups, charges and postings equal to the call records; exit 1 and what differs."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Compare, print, and end with 1 when anything differs."""
        found = 0
        for line in wrong_usage():
            found += 1
            self.stdout.write(line)
        if found:
            raise CommandError(f"{found} differences.")
        self.stdout.write("No difference.")
