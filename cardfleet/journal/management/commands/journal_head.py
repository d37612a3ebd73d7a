"""`manage.py journal_head`: the last place of the sealed journal, to be kept where nobody here can change it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from cardfleet.journal.models import Seal


class Command(BaseCommand):
    """Print `POSITION:HASH TIME` (`12:ab34… 2026-11-20T02:30:00+00:00`); `verify_journal --head` takes the first."""

    help = "Prints position, hash and time of the last place of the sealed journal."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print it."""
        head = Seal.objects.head()
        if head is None:
            raise CommandError(_("Nothing is sealed yet. Run: manage.py run_job seal_journal."))
        self.stdout.write(f"{head.position}:{head.hash} {head.at.isoformat()}")
