"""`manage.py export_rules [--on DATE] [--output FILE]`: the rules in force as YAML."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from cardfleet.kernel.clock import business_day
from lifecycle.services.rule_sets import export_rule_set


class Command(BaseCommand):
    """Write the rules in force on a day to a file, or to the screen."""

    help = "Writes the carrier rules in force on a day as YAML; import_rules reads it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the day and the file."""
        parser.add_argument("--on", type=date.fromisoformat, default=None, help="a day, as 2026-12-01; else today")
        parser.add_argument("--output", type=Path, default=None, metavar="FILE", help="else it is printed")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write them."""
        text = export_rule_set(day=options["on"] or business_day(timezone.now()))
        if options["output"]:
            options["output"].write_text(text, encoding="utf-8")
        else:
            self.stdout.write(text, ending="")
