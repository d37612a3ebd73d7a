"""`manage.py run_job NAME [--on DATE]`: run a scheduled job now."""

import argparse
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cardfleet.jobs import scheduling
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.reading import Unreadable, read_day


class Command(BaseCommand):
    """Run a scheduled job now, for today or another business day."""

    help = "Runs a scheduled job now: " + ", ".join(scheduling.names())

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the name and the day."""
        parser.add_argument("name", metavar="NAME")
        parser.add_argument("--on", type=_day, default=None, metavar="DATE", help="the business day, 2026-11-20")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it and print what it did."""
        now = timezone.now()
        if options["name"] not in scheduling.names():
            raise CommandError(f"There is no job {options['name']}. Choose one of: {', '.join(scheduling.names())}")
        summary = scheduling.run_now(options["name"], on=options["on"] or business_day(now), now=now)
        self.stdout.write(", ".join(f"{what} {count}" for what, count in summary.items()) or "done")


def _day(text: str) -> date:
    try:
        return read_day(text)
    except Unreadable as error:
        raise argparse.ArgumentTypeError(str(error.message)) from error
