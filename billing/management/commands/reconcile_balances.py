"""`manage.py reconcile_balances`: prove every balance equal to the sum of its entries."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.selectors.proofs import wrong_balances


class Command(BaseCommand):
    """Exit 0 where all is proven, else 1 and what differs."""

    help = "Proves every balance equal to the sum of its entries; exit 1 and what differs."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Compare, print, and end with 1 when anything differs."""
        found = 0
        for line in wrong_balances():
            found += 1
            self.stdout.write(line)
        if found:
            raise CommandError(f"{found} differences.")
        self.stdout.write("No difference.")
