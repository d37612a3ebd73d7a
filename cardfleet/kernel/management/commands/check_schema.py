"""`manage.py check_schema`: is docs/openapi.json the API as it is, and what would break those who hold on to it."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator

from cardfleet.kernel.api.contract import changes

SCHEMA = "docs/openapi.json"


class Command(BaseCommand):
    """Compare; exit 1 and what changed where they differ."""

    help = "Says how the API differs from docs/openapi.json, and what of it breaks clients."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --write."""
        parser.add_argument("--write", action="store_true", help=f"Write {SCHEMA} anew.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the changes; write the file where that was asked."""
        page = settings.BASE_DIR / SCHEMA
        known = page.read_text("utf-8") if page.exists() else ""
        present = schema_text()
        if known == present:
            self.stdout.write(f"{SCHEMA} is the API as it is")
            return
        found = changes(json.loads(known), json.loads(present)) if known else []
        for change in found:
            self.stdout.write(str(change))
        if not found:
            self.stdout.write("Texts or examples differ; nothing that a client depends on.")
        if not options["write"]:
            raise CommandError(
                f"{SCHEMA} is not the API as it is; see the above, then run manage.py check_schema --write"
            )
        page.write_text(present, "utf-8")


def schema_text() -> str:
    """Return the API's schema as it is kept: English, a property a line. CommandError for what it cannot tell."""
    with translation.override("en"):
        schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    if GENERATOR_STATS:
        raise CommandError("The schema cannot say all that the API does; see the warnings above.")
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"
