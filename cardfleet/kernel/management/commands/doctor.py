"""`manage.py doctor [NAME ...]`: is everything set up, and if not, what to do."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from cardfleet.kernel import health


class Command(BaseCommand):
    """Run the checks; exit 1 when one is not well."""

    help = "Looks whether everything is set up and says what to do; exit 1 when something is not."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the checks to run."""
        parser.add_argument("checks", nargs="*", metavar="NAME", help="checks to run; all when none is named")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print one line a check."""
        unknown = set(options["checks"]) - set(health.names())
        if unknown:
            raise SystemExit(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(health.names())}")
        results = health.examine(options["checks"])
        for result in results:
            self.stdout.write(f"{'!!' if result.advice else 'ok'}  {result.name:<12} {result.advice}".rstrip())
        if any(result.advice for result in results):
            raise SystemExit(1)
