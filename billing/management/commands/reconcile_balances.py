"""`manage.py reconcile_balances`: prove balances, transfers and closed months by their entries."""

from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.selectors.month_proofs import wrong_months
from billing.selectors.proofs import wrong_balances, wrong_transfers


class Command(BaseCommand):
    """Exit 0 where all is proven, else 1 and what differs."""

    help = "Proves balances, transfers and closed months by their entries; exit 1 and what differs."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Compare, print, and end with 1 when anything differs."""
        found = 0
        for line in chain(wrong_balances(), wrong_transfers(), wrong_months()):
            found += 1
            self.stdout.write(line)
        if found:
            raise CommandError(f"{found} differences.")
        self.stdout.write("No difference.")
