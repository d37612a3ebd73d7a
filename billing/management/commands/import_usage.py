"""`manage.py import_usage FILE --source SLUG`: call records, as the page imports them."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.choices import SourceRole
from billing.importers.registry import names
from billing.models import UsageBatch, UsageReject
from billing.services.usage_requests import Delivery, Imported, import_now
from cardfleet.kernel.errors import Reason, Refusal


class Command(BaseCommand):
    """Import a file; exit 1 when rows were refused, with the file that holds them."""

    help = "Imports a file of call records; exit 1 and a reject file when rows were refused."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and what it does not say itself."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--source", required=True, metavar="SLUG", help="usage source, made on first use")
        parser.add_argument("--role", choices=SourceRole.values, help="what a new source is worth; else by the format")
        parser.add_argument("--card", default="", metavar="MSISDN", help="own number of a detail that names none")
        parser.add_argument("--format", default="", choices=["", *names()], help="else it is recognised")
        parser.add_argument("--dry-run", action="store_true", help="look at every row and store nothing")
        parser.add_argument("--rejects", type=Path, default=None, metavar="FILE", help="where refused rows go")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Import and say what became of the rows."""
        path: Path = options["file"]
        rejects: Path = options["rejects"] or path.with_name(f"{path.stem}-rejected.csv")
        try:
            with path.open("rb") as content:
                delivery = Delivery(
                    content=File(content, name=path.name),
                    name=path.name,
                    source=options["source"],
                    role=SourceRole(options["role"]) if options["role"] else None,
                    own_number=options["card"],
                    wanted=options["format"],
                )
                done = import_now(
                    delivery=delivery, rejects_to=rejects, dry_run=options["dry_run"], actor=None, now=timezone.now()
                )
        except FileNotFoundError as error:
            raise CommandError(_("There is no file {path}.").format(path=path)) from error
        except Refusal as refusal:
            raise CommandError("\n".join([str(refusal), *map(_reason, refusal.reasons)])) from refusal
        self._report(done, rejects, dry_run=options["dry_run"])

    def _report(self, done: Imported, rejects: Path, *, dry_run: bool) -> None:
        if dry_run:
            self.stdout.write(_("Dry run: nothing was written."))
        self.stdout.write(_counts(done.batch))
        if done.batch.rows_refused:
            for reject in done.refused:
                self.stderr.write(_reject(reject))
            self.stderr.write(
                _("{count} rows were refused, see {path}.").format(count=done.batch.rows_refused, path=rejects)
            )
            raise SystemExit(1)


def _counts(batch: UsageBatch) -> str:
    return _(
        "{format}: {read} rows read, {stored} stored, {duplicate} known already, {refused} refused, "
        "{skipped} no calls, {flagged} outside a card's life"
    ).format(
        format=batch.format,
        read=batch.rows_read,
        stored=batch.rows_stored,
        duplicate=batch.rows_duplicate,
        refused=batch.rows_refused,
        skipped=batch.rows_skipped,
        flagged=batch.rows_flagged,
    )


def _reject(reject: UsageReject) -> str:
    return f"{reject.line} {reject.column} {reject.value}: {reject.message}"


def _reason(reason: Reason) -> str:
    place = " ".join(filter(None, [str(reason.line or ""), reason.column, reason.value]))
    return f"{place}: {reason.message}".strip(": ")
