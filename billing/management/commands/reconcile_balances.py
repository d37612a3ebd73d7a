"""`manage.py reconcile_balances`: prove balances by their entries, and closed months by their figures."""

from itertools import chain
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from billing.selectors.month_proofs import wrong_months
from billing.selectors.proofs import wrong_balances


class Command(BaseCommand):
    """Exit 0 where all is proven, else 1 and what differs."""

    help = "Proves balances by their entries and closed months by their figures; exit 1 and what differs."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Compare, print, and end with 1 when anything differs."""
        found = 0
        for line in chain(wrong_balances(), wrong_months()):
            found += 1
            self.stdout.write(line)
        if found:
            raise CommandError(f"{found} differences.")
        self.stdout.write("No difference.")
