"""`manage.py check_translations`: is every sentence of the code translated, in every catalogue."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cardfleet.kernel import messages, traditional


class Command(BaseCommand):
    """Compare the code with the simplified catalogue and that with the traditional one; exit 1 and the faults."""

    help = "Says which sentences no catalogue translates well; --update brings the catalogues to the code."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whether to write."""
        parser.add_argument("--update", action="store_true", help="write new sentences in and unused ones out")
        parser.add_argument(
            "--from", nargs="*", default=[], metavar="JSON", dest="sources", help="translations {sentence: translation}"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Check, after updating where that was asked."""
        wanted = messages.collect(settings.BASE_DIR)
        count = 0
        locale = settings.BASE_DIR / "locale"
        source, made = (locale / name / "LC_MESSAGES/django.po" for name in (traditional.SOURCE, traditional.LOCALE))
        convert = traditional.convert_of(locale)
        if options["update"]:
            messages.update(wanted, source, self._translations(options["sources"]))
            traditional.update(source, made, convert)
        for po, faults in (
            (source, messages.faults(wanted, source)),
            (made, traditional.faults(source, made, convert)),
        ):
            for fault in faults:
                count += 1
                self.stderr.write(f"{po.relative_to(settings.BASE_DIR)}: {fault.why}: {fault.sentence!r}")
        if count:
            raise CommandError(f"{count} sentences are not translated well.")
        self.stdout.write(f"{len(wanted)} sentences, all translated")

    def _translations(self, sources: list[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for source in sources:
            with open(source, encoding="utf-8") as handle:  # noqa: PTH123
                found |= json.load(handle)
        return found
