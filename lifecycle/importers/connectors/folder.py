"""Files that others lay into a folder, the oldest first, one a run: read by the importers that read uploads."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings as house
from django.core.files.base import File

from agents.importers.agents import AgentSheet, read_agents
from billing.importers.reading_lines import Readings
from billing.importers.readings import read_readings
from cardfleet.kernel.dropped import DONE, REFUSED, SETTLED, move, put_aside, settled
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.tabular import open_table
from lifecycle.errors import FolderLocked, FolderMissing
from lifecycle.importers.connectors.interface import Ask, CallFile
from lifecycle.rules.connections.folder import FolderSettings

KEPT = timedelta(days=30)


class FolderConnector:
    """One run over one folder. None where no file lies there; a trial moves nothing."""

    def __init__(self, ask: Ask) -> None:
        self.ask = ask
        self.settings: FolderSettings = ask.settings
        self.path: Path | None = None
        self.file: File[bytes] | None = None

    def fetch_balances(self) -> Readings | None:
        """Return what a file says of balances, and of states where it has such a column."""
        with self._opened() as file:
            return read_readings(file, self._name, now=self.ask.now) if file else None

    def fetch_states(self) -> Readings | None:
        """Return the same: carriers' lists say both."""
        return self.fetch_balances()

    def fetch_usage(self) -> CallFile | None:
        """Return a file of calls, or an archive of such, as it lies there."""
        path = self._oldest()
        if path is None:
            return None
        self.file = File(path.open("rb"), name=path.name)
        return CallFile(content=self.file, name=path.name, source=self.settings.source)

    def fetch_agents(self) -> AgentSheet | None:
        """Return the agents that a file of HR names."""
        with self._opened() as file:
            return read_agents(open_table(file, self._name)) if file else None

    def settle(self, refusal: Refusal | None) -> None:
        """Move the file to the done or the refused ones, and delete those of more than thirty days ago."""
        if self.file:
            self.file.close()
        if self.path is None or self.ask.is_trial:
            return
        if refusal is None:
            move(self.path, DONE, self.ask.now)
        else:
            sentences = [str(refusal.message), *(str(reason.message) for reason in refusal.reasons)]
            put_aside(self.path, " ".join(dict.fromkeys(sentences)), self.ask.now)
        _delete_old(self._folder, self.ask.now)

    @property
    def _folder(self) -> Path:
        folder = Path(house.CONNECTIONS_DIR) / self.settings.folder
        if not house.CONNECTIONS_DIR or not folder.is_dir() or folder.is_symlink():
            raise FolderMissing
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            raise FolderLocked
        return folder

    @property
    def _name(self) -> str:
        return self.path.name if self.path else ""

    @contextmanager
    def _opened(self) -> Iterator[BinaryIO | None]:
        """Yield the content of the oldest file that nobody writes to."""
        path = self._oldest()
        yield io.BytesIO(path.read_bytes()) if path else None

    def _oldest(self) -> Path | None:
        # Who tries it has just laid a file there, and need not wait.
        at = self.ask.now + SETTLED if self.ask.is_trial else self.ask.now
        found = sorted(settled(self._folder, at), key=lambda path: (path.stat().st_mtime, path.name))
        self.path = found[0] if found else None
        return self.path


def _delete_old(folder: Path, now: datetime) -> None:
    for aside in (folder / DONE, folder / REFUSED):
        for path in aside.iterdir() if aside.is_dir() else ():
            if path.is_file() and path.stat().st_ctime < (now - KEPT).timestamp():
                path.unlink(missing_ok=True)
