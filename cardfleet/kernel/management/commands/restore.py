"""`manage.py restore FILE`: bring a backup back into an empty installation."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from cardfleet.kernel import backup


class Command(BaseCommand):
    """Restore database and files; the keys are for the environment."""

    help = "Brings a backup back. Refuses a database or folder that holds something, unless forced."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the archive."""
        parser.add_argument("archive", type=Path, metavar="FILE")
        parser.add_argument(
            "--keys", type=Path, metavar="FILE", help="the .keys file, or one with the secret key (FILE.keys at first)"
        )
        parser.add_argument("--force", action="store_true", help="empty the database first, put present files aside")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Say what is left to do."""
        try:
            archive: Path = options["archive"]
            keys = options["keys"] or archive.with_name(archive.name + ".keys")
            same_keys = backup.restore(archive, keys=keys, force=options["force"], now=timezone.now())
        except backup.BackupRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        if not same_keys:
            self.stderr.write(
                _("Set SECRET_KEY and FIELD_KEYS as the .keys file of this backup says, then run doctor.")
            )
        self.stdout.write(_("Restored. Run: manage.py migrate, then manage.py doctor."))
