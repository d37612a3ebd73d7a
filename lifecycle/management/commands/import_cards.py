"""`manage.py import_cards FILE`: the same import as the page's."""

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from cardfleet.accounts.models import Team
from cardfleet.kernel.errors import BadInput, Reason, Refusal
from cardfleet.kernel.tabular import open_table
from cards.exporters.rejects import suffix, write_rejects
from cards.importers.cards import CardSheet, read_cards
from cards.importers.rows import Line
from lifecycle.services.takeover import FleetImport, import_card_file

SHOWN = 20


class Command(BaseCommand):
    """Import a card file; exit 1 and a reject file when lines were refused."""

    help = "Imports a card file (CSV, XLS, XLSX) with what it says of states, holders and balances."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and the choices of the page."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and write nothing")
        parser.add_argument("--create-missing", action="store_true", help="record unknown carriers, plans, contracts")
        parser.add_argument("--reason", default="", help="who attests states, holders and balances, from what record")
        parser.add_argument("--team", default="", help="name of the team of new cards; else the only company there is")
        parser.add_argument("--rejects", type=Path, default=None, metavar="FILE", help="where refused lines go")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Import, print what became of the lines, exit 1 when any was refused."""
        path: Path = options["file"]
        try:
            with path.open("rb") as file:
                sheet = read_cards(open_table(file, path.name))
            done = import_card_file(
                sheet=sheet,
                create_missing=options["create_missing"],
                team=_team(options["team"]),
                reason=options["reason"] or _("Taken over from the file {name}").format(name=path.name),
                dry_run=options["dry_run"],
                actor=None,
                now=timezone.now(),
            )
        except FileNotFoundError as error:
            raise CommandError(_("There is no file {path}.").format(path=path)) from error
        except Refusal as refusal:
            raise CommandError("\n".join([str(refusal), *map(_said, refusal.reasons)])) from refusal
        self._report(done, dry_run=options["dry_run"])
        if done.cards.refused:
            rejects = options["rejects"] or path.with_name(f"{path.stem}-rejected{suffix(sheet)}")
            self._keep(sheet, done.cards.refused, rejects)
            raise SystemExit(1)

    def _report(self, done: FleetImport, *, dry_run: bool) -> None:
        if dry_run:
            self.stdout.write(_("Dry run: nothing was written."))
        self.stdout.write(", ".join(f"{name} {count}" for name, count in done.counts().items()))
        for line in done.cards.refused[:SHOWN]:
            for reason in line.reasons:
                self.stderr.write(_said(reason))
        for warning in done.cards.warnings[:SHOWN]:
            self.stdout.write(_said(warning))

    def _keep(self, sheet: CardSheet, refused: Sequence[Line], path: Path) -> None:
        with path.open("wb") as target:
            write_rejects(target, sheet, refused)
        self.stderr.write(_("{count} lines were refused, see {path}.").format(count=len(refused), path=path))


def _team(name: str) -> Team | None:
    """Return the team of a name, else the one root of the tree if there is but one."""
    found = Team.objects.filter(name=name) if name else Team.objects.filter(parent=None)
    if name and found.count() != 1:
        raise BadInput(message=_("There is no one team of this name."), reasons=[])
    return found.first() if found.count() == 1 else None


def _said(reason: Reason) -> str:
    place = " ".join(filter(None, [str(reason.line or ""), reason.column, reason.value]))
    return f"{place}: {reason.message} {reason.clears}".strip(": ")
