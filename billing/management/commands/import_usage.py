"""`manage.py import_usage FILE --source SLUG`: call records, as the page imports them."""

from argparse import ArgumentParser
from pathlib import Path, PurePath
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.choices import SourceRole
from billing.importers.registry import names
from billing.models import UsageBatch, UsageReject
from billing.services.usage_bundles import unpacked
from billing.services.usage_requests import Delivery, Imported, import_now
from cardfleet.kernel.errors import Reason, Refusal


class Command(BaseCommand):
    """Import a file, or those in an archive; exit 1 when rows were refused, with the file that holds them."""

    help = "Imports a file of call records, or the files of a zip; exit 1 and a reject file when rows were refused."

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
                wholly = [self._one(one, rejects, dry_run=options["dry_run"]) for one in unpacked(delivery)]
        except FileNotFoundError as error:
            raise CommandError(_("There is no file {path}.").format(path=path)) from error
        except Refusal as refusal:
            raise CommandError(_whole(refusal)) from refusal
        if not all(wholly):
            raise SystemExit(1)

    def _one(self, delivery: Delivery, rejects: Path, *, dry_run: bool) -> bool:
        """Import a file, and tell whether every row was taken. Of an archive each file is taken or refused alone."""
        if delivery.archive:
            self.stdout.write(delivery.name)
            rejects = rejects.with_name(f"{rejects.stem}-{PurePath(delivery.name).stem}{rejects.suffix}")
        try:
            done = import_now(delivery=delivery, rejects_to=rejects, dry_run=dry_run, actor=None, now=timezone.now())
        except Refusal as refusal:
            if not delivery.archive:
                raise
            self.stderr.write(_whole(refusal))
            return False
        return self._report(done, rejects, dry_run=dry_run)

    def _report(self, done: Imported, rejects: Path, *, dry_run: bool) -> bool:
        if dry_run:
            self.stdout.write(_("Dry run: nothing was written."))
        self.stdout.write(_counts(done.batch))
        if done.batch.rows_refused:
            for reject in done.refused:
                self.stderr.write(_reject(reject))
            self.stderr.write(
                _("{count} rows were refused, see {path}.").format(count=done.batch.rows_refused, path=rejects)
            )
        return not done.batch.rows_refused


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


def _whole(refusal: Refusal) -> str:
    return "\n".join([str(refusal), *map(_reason, refusal.reasons)])


def _reason(reason: Reason) -> str:
    place = " ".join(filter(None, [str(reason.line or ""), reason.column, reason.value]))
    return f"{place}: {reason.message}".strip(": ")
