"""`manage.py backup DIR|FILE`: database and files in one archive, the keys beside it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cardfleet.kernel import backup


class Command(BaseCommand):
    """Make a backup while CardFleet runs."""

    help = "Writes database and files into one encrypted archive, and the keys into a file of their own beside it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take where to write."""
        parser.add_argument("target", type=Path, metavar="DIR|FILE")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Say where both files are."""
        try:
            archive, keys = backup.back_up(options["target"], now=timezone.now())
        except backup.BackupRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{archive}\n{keys} (keep it elsewhere)")
