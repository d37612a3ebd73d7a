"""`manage.py rate_month 2026-10 [--every-call]`: rate a month for all cards, and post what changed since."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from billing.services.rating import rate_month
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.months import month_argument


class Command(BaseCommand):
    """Say how many entries it took; a second run takes none. The journal keeps what was posted."""

    help = "Rates a month for all cards and posts what changed since it was rated last."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the month."""
        parser.add_argument("month", type=month_argument, metavar="YYYY-MM")
        parser.add_argument(
            "--every-call",
            action="store_true",
            help="read every call that no carrier charged, as after a price was set for days that had passed",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Rate it."""
        now = timezone.now()
        if options["month"] > business_day(now):
            raise CommandError("That month has not begun. Rate one that has.")
        posted = rate_month(month=options["month"], every_call=options["every_call"], actor=None, now=now)
        self.stdout.write(f"{options['month']:%Y-%m}: {posted.entries} entries, {posted.amount} CNY.")
