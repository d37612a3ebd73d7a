"""`manage.py load_reference`: roles, rule kinds and the other data every CardFleet needs."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from cardfleet.kernel import reference


class Command(BaseCommand):
    """Load the reference data of all apps; a second run changes nothing."""

    help = "Loads the reference data of all apps. Run it after every migrate; a second run changes nothing."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Run the loaders and say which."""
        names = reference.load(now=timezone.now())
        self.stdout.write(f"reference data: {', '.join(names) or '-'}")
