"""What kinds of long work there are. Each app decorates its own handlers in its `tasks` module.

    @handler("cards.import", label=_("Card import"))
    def import_cards(job: Job, progress: Progress) -> Outcome: ...

A handler may run twice (a worker that died is replaced), so it does nothing twice. A kind that can be undone names the
kind that does so (`undo`), which reads the job's items; `right` is the permission that undoing needs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cardfleet.files.models import StoredFile
from cardfleet.jobs.models import Job
from cardfleet.jobs.progress import Progress
from cardfleet.kernel.errors import Text


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a job ended: `summary` is shown as it is, `result_file` is offered for download."""

    summary: Mapping[str, Any] = field(default_factory=dict)
    result_file: StoredFile | None = None


Handler = Callable[[Job, Progress], Outcome]


@dataclass(frozen=True)
class Kind:
    """A kind of long work: its code `<app>.<noun>`, its words, what does it, and how it is undone."""

    code: str
    label: Text
    run: Handler
    undo: str = ""
    right: str = ""


_kinds: dict[str, Kind] = {}


def handler(code: str, *, label: Text, undo: str = "", right: str = "") -> Callable[[Handler], Handler]:
    """Make the decorated function do the jobs of this kind; the same code twice is a defect."""

    def register(run: Handler) -> Handler:
        if code in _kinds:
            raise ValueError(f"jobs of kind {code} have a handler already")
        _kinds[code] = Kind(code, label, run, undo, right)
        return run

    return register


def kind(code: str) -> Kind:
    """Return a kind; KeyError when no app handles it."""
    return _kinds[code]


def label(code: str) -> Text:
    """Return a kind in words, its code where its app is gone."""
    found = _kinds.get(code)
    return found.label if found else code


def undo_of(code: str) -> str:
    """Return the kind that undoes a kind, empty where none does."""
    found = _kinds.get(code)
    return found.undo if found else ""


def labels() -> dict[str, Text]:
    """Return the words of all kinds."""
    return {code: _kinds[code].label for code in sorted(_kinds)}
