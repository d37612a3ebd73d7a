"""`manage.py import_agents FILE`: agents from a table, with sign-ins by staff number and one-time passwords."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from agents.exporters.import_results import rejects_csv, sign_ins_csv
from agents.importers.agents import read_agents
from agents.services.agent_import import AgentImportOutcome, import_agents
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.tabular import open_table


class Command(BaseCommand):
    """Exit 0 when every row landed; else 1 with a file of the refused rows."""

    help = "Imports agents by staff number; writes one-time passwords of new sign-ins to a file of mode 600."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe what may be asked."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="tell what would happen and store nothing")
        parser.add_argument("--create-missing", action="store_true", help="make teams that do not exist yet")
        parser.add_argument("--passwords", type=Path, help="where one-time passwords go (FILE.passwords.csv)")
        parser.add_argument("--rejects", type=Path, help="where refused rows go (FILE.rejects.csv)")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Import, write the files, print what became of the rows."""
        path: Path = options["file"]
        passwords: Path = options["passwords"] or path.with_suffix(".passwords.csv")
        if passwords.exists():
            raise CommandError(f"{passwords} exists. Move it away first: passwords are never overwritten.")
        try:
            outcome, rejects = self._import(
                path, passwords, dry_run=options["dry_run"], create_missing=options["create_missing"]
            )
        except FileNotFoundError as error:
            raise CommandError(f"There is no file {path}.") from error
        except Refusal as refusal:
            sentences = [str(refusal), *(str(reason.message) for reason in refusal.reasons)]
            raise CommandError("\n".join(sentences)) from None
        self.stdout.write(
            f"{len(outcome.sign_ins)} new, {outcome.updated} changed, {outcome.unchanged} as they were, "
            f"{outcome.skipped} leavers skipped, {len(outcome.refused)} refused"
        )
        if outcome.refused:
            target = options["rejects"] or path.with_suffix(".rejects.csv")
            target.write_bytes(rejects)
            raise CommandError(f"{len(outcome.refused)} rows were refused; see {target}.")

    @transaction.atomic
    def _import(
        self, path: Path, passwords: Path, *, dry_run: bool, create_missing: bool
    ) -> tuple[AgentImportOutcome, bytes]:
        """Import and write the passwords: when they cannot be written, nobody is entered."""
        with path.open("rb") as file:
            sheet = read_agents(open_table(file, path.name))
        outcome = import_agents(
            sheet=sheet, actor=None, now=timezone.now(), dry_run=dry_run, create_missing=create_missing
        )
        if outcome.sign_ins and not dry_run:
            self._write_passwords(outcome, passwords)
        return outcome, rejects_csv(sheet.header, outcome.refused)

    def _write_passwords(self, outcome: AgentImportOutcome, target: Path) -> None:
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(sign_ins_csv([(row.staff_no, row.name, row.password) for row in outcome.sign_ins]))
        self.stdout.write(f"One-time passwords are in {target}: hand them out and delete the file.")
