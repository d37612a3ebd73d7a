"""`manage.py check_migrations`: can the database be upgraded while people work (`cardfleet.kernel.migrating`).

Migrations up to those named in deploy/released.txt only ever made an empty database; every later one is held to the
rules.
"""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from cardfleet.kernel.migrating import faults

RELEASED = "deploy/released.txt"
Key = tuple[str, str]


class Command(BaseCommand):
    """Look at the SQL of every migration that an installation at work would run; exit 1 and what to do instead."""

    help = "Says which migrations would lock tables for long or break the version that is running."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --release."""
        parser.add_argument("--release", action="store_true", help=f"write the present state to {RELEASED}")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the faults."""
        loader = MigrationLoader(connection, replace_migrations=False)
        page = Path(settings.BASE_DIR, RELEASED)
        if options["release"]:
            ends = [f"{app}.{name}" for app, name in sorted(loader.graph.leaf_nodes()) if app in ours()]
            page.write_text("".join(f"{end}\n" for end in ends), "utf-8")
        found = list(self._faults(loader, page.read_text("utf-8").split()))
        for fault in found:
            self.stderr.write(fault)
        if found:
            raise CommandError(f"{len(found)} faults in migrations.")

    def _faults(self, loader: MigrationLoader, ends: list[str]) -> Iterator[str]:
        done: set[Key] = set()
        for end in ends:
            app, _dot, name = end.partition(".")
            if (app, name) not in loader.graph.nodes:
                yield f"{RELEASED}: {end} does not exist; write the file anew with --release"
                continue
            done.update(key for key in loader.graph.forwards_plan((app, name)) if key[0] == app)
        for app, name in sorted(loader.graph.nodes):
            if app in ours() and (app, name) not in done:
                before = loader.project_state((app, name), at_end=False)
                for fault in faults(loader.graph.nodes[app, name], before):
                    yield f"{app}.{name}: {fault}"


def ours() -> set[str]:
    """Return the labels of the apps whose code is in this repository."""
    roots = {path.parent.name for path in Path(settings.BASE_DIR).glob("*/__init__.py")}
    return {app.label for app in apps.get_app_configs() if app.name.partition(".")[0] in roots}
