"""`manage.py reconcile_custody`: prove that cards say of their holders what the open assignments say."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from agents.selectors.custody import custody_differences
from cards.models import Card


class Command(BaseCommand):
    """Exit 0 where all is proven, else 1 and one line for each fact that differs."""

    help = "Proves each card's holder, team and custody equal to the open assignments; exit 1 and what differs."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Compare, print, and end with 1 when anything differs."""
        found = 0
        for row in custody_differences():
            found += 1
            self.stdout.write(f"card {row.card_id}: {row.field} is {row.stored}, by its assignment {row.expected}")
        if found:
            raise CommandError(f"{found} facts differ. Take the cards back and hand them out again to mend them.")
        self.stdout.write(f"{Card.objects.count()} cards: holder, team and custody are what the assignments say.")
