"""`manage.py grant_rights ROLE`: what the application's role may do in the database; run by the owner of the tables."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import ProgrammingError

from cardfleet.kernel.owning import grant_rights


class Command(BaseCommand):
    """Grant the rights; safe to run again, and to be run after every `migrate`."""

    help = "Gives the application's role its rights on the tables, for the owner of the tables, after each migrate."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the role."""
        parser.add_argument("role", help="the role of the application's DATABASE_URL")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Grant, or say why the database refuses."""
        try:
            grant_rights(options["role"])
        except ProgrammingError as refused:
            raise CommandError(f"The database refuses: {refused}".strip()) from refused
        self.stdout.write(f"{options['role']} may add to every table, and change what may change.")
