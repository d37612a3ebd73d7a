"""`manage.py import_rules FILE --reason TEXT`: a rule set as YAML; each difference becomes a new version."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Reason, Refusal
from lifecycle.services.rule_sets import import_rule_set, plan_rule_set


class Command(BaseCommand):
    """Import a rule set; exit 1 with line, field and value of every fault when it cannot be used."""

    help = "Imports carrier rules from YAML (see export_rules); what differs becomes a new version."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file, the first day and the reason."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--from", dest="start", type=date.fromisoformat, default=None, help="first day; else today")
        parser.add_argument("--reason", required=True, help="why the rules change")
        parser.add_argument("--dry-run", action="store_true", help="say what would change and write nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Import it, and say how many rules are new, changed and the same."""
        now = timezone.now()
        start = options["start"] or business_day(now)
        try:
            content = options["file"].read_bytes()
            if options["dry_run"]:
                self._tell(content, start)
            else:
                counts = import_rule_set(
                    content=content, effective_from=start, reason=options["reason"], actor=None, now=now
                )
                self.stdout.write(", ".join(f"{name} {count}" for name, count in counts.items()))
        except FileNotFoundError as error:
            raise CommandError(_("There is no file {path}.").format(path=options["file"])) from error
        except Refusal as refusal:
            raise CommandError("\n".join([str(refusal), *map(_said, refusal.reasons)])) from refusal

    def _tell(self, content: bytes, start: date) -> None:
        self.stdout.write(_("Dry run: nothing was written."))
        for planned in plan_rule_set(content=content, effective_from=start):
            self.stdout.write(f"{planned.line}: {planned.kind} {planned.state} {', '.join(planned.changes)}".rstrip())


def _said(reason: Reason) -> str:
    """Return a fault with its place."""
    place = ": ".join(part for part in (str(reason.line or ""), reason.column, reason.value) if part)
    return f"{place}: {reason.message} {reason.clears}".strip()
