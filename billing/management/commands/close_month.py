"""`manage.py close_month 2026-10 [--seen]`: close a month, or say what stands against it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from billing.services.closing import close_month
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.months import month_argument


class Command(BaseCommand):
    """Exit 0 when it is closed, else 1 and why not."""

    help = "Closes a month: its ledger takes no entries any more, and its cost report stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the month."""
        parser.add_argument("month", type=month_argument, metavar="YYYY-MM")
        parser.add_argument("--seen", action="store_true", help="close it though something in it is still open")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Close it."""
        try:
            closed = close_month(month=options["month"], is_seen=options["seen"], actor=None, now=timezone.now())
        except Refusal as refusal:
            reasons = [f"- {reason.message}" for reason in refusal.reasons]
            raise CommandError("\n".join([str(refusal), *reasons])) from refusal
        figures = closed.figures
        self.stdout.write(f"{closed}: {figures['entries']} entries of {figures['cards']} cards, {figures['cost']} CNY.")
