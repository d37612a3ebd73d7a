"""`manage.py verify_journal [--head POSITION:HASH]`: is the journal whole, unchanged and in order?"""

import argparse
import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from cardfleet.journal.proving import Kept, prove

HEAD = re.compile(r"(\d{1,18}):([0-9a-f]{64})")


class Command(BaseCommand):
    """Exit 0 where every entry is what was sealed at its place, else 1 and from which position on it does not hold."""

    help = "Proves the sealed journal: no entry edited, removed, added or moved; exit 1 and what differs."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a head that was kept."""
        parser.add_argument(
            "--head", type=_kept, default=None, metavar="POSITION:HASH", help="a head that journal_head printed"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Follow the chain, print what differs, and end with 1 when anything does."""
        proof = prove(options["head"])
        for sentence in proof.differences:
            self.stdout.write(sentence)
        if proof.broken_from is not None:
            said = _("The journal holds up to position {last} and not from position {position} on.")
            raise CommandError(said.format(last=proof.broken_from - 1, position=proof.broken_from))
        if proof.differences:
            raise CommandError(_("The chain holds, but there are entries outside it."))
        said = _("{places} places hold; of {redacted} of their entries words were taken out.")
        self.stdout.write(said.format(places=proof.places, redacted=proof.redacted))


def _kept(text: str) -> Kept:
    found = HEAD.fullmatch(text)
    if found is None:
        raise argparse.ArgumentTypeError(_("Give a head as journal_head printed it: POSITION:HASH."))
    return Kept(position=int(found[1]), hash=found[2])
