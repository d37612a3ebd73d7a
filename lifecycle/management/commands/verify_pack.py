"""`manage.py verify_pack FILE`: is an evidence pack whole, unchanged, and of this installation (docs/evidence.md)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lifecycle.importers.packs import verify
from lifecycle.rules.packs.manifest import Difference, Manifest


class Command(BaseCommand):
    """Exit 0 where every file is there with its hash and none beside, and the seal is ours; else 1 and what differs."""

    help = "Check an evidence pack: its files against the manifest, the manifest against the seal."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, file: Path, **_options: Any) -> None:
        """Check it."""
        verdict = verify(file)
        if verdict.manifest:
            self.stdout.write(_about(verdict.manifest))
        for difference in verdict.differences:
            self.stdout.write(_line(difference))
        if verdict.differences:
            many = len(verdict.differences)
            said = ngettext(
                "{many} difference: do not rely on this pack.", "{many} differences: do not rely on this pack.", many
            )
            raise CommandError(said.format(many=many))
        self.stdout.write(_("Every file is there and unchanged, and the seal is this installation’s."))


def _about(manifest: Manifest) -> str:
    facts = manifest.facts
    said = _("Evidence pack {pack}, asked for at {at}, {files} files")
    return said.format(pack=facts.get("pack"), at=facts.get("asked_at"), files=len(manifest.files))


def _line(difference: Difference) -> str:
    where = f"{difference.path}: " if difference.path else ""
    values = f" ({difference.said} / {difference.found})" if difference.said else ""
    return f"{difference.code}  {where}{difference.words}{values}"
