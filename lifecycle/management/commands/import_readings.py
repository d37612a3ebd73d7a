"""`manage.py import_readings FILE`: balances and states from a carrier's list or from pasted messages."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from cardfleet.kernel.errors import Reason, Refusal
from lifecycle.services.readings import import_readings


class Command(BaseCommand):
    """Record readings; exit 1 when lines were refused."""

    help = "Records balances and states: msisdn, read_at, balance, service_state, stop_reason; or pasted messages."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Record and say what became of the lines."""
        path: Path = options["file"]
        try:
            with path.open("rb") as file:
                done = import_readings(file=file, name=path.name, actor=None, now=timezone.now())
        except FileNotFoundError as error:
            raise CommandError(_("There is no file {path}.").format(path=path)) from error
        except Refusal as refusal:
            raise CommandError("\n".join([str(refusal), *map(_said, refusal.reasons)])) from refusal
        self.stdout.write(", ".join(f"{name} {count}" for name, count in done.counts().items()))
        for balance in done.differing:
            self.stdout.write(
                _("card {card}: the carrier says {reading}, we reckoned {computed}").format(
                    card=balance.card_id, reading=balance.reading, computed=balance.computed_then
                )
            )
        if done.refused:
            for reason in done.refused:
                self.stderr.write(_said(reason))
            raise SystemExit(1)


def _said(reason: Reason) -> str:
    place = " ".join(filter(None, [str(reason.line or ""), reason.column, reason.value]))
    return f"{place}: {reason.message}".strip(": ")
