"""What a kind of connection has to do: fetch, and say what it read.

A connector only reads. It keeps every answer as it came by `Ask.keep`, also the one it then refuses, and raises a
`Refusal` for an answer of which nothing may be stored. What was fetched is stored by `lifecycle.services.connections`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from agents.importers.agents import AgentSheet
from billing.importers.reading_lines import Readings
from cardfleet.kernel.errors import Refusal

if TYPE_CHECKING:
    from django.core.files.base import File

Keep = Callable[[str, bytes], None]


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What is wanted: by which settings, with which secret, from when (None: whatever there is) until now.

    `numbers` are those of the cards it is about, in E.164; `keep` takes the name and the bytes of each answer. One
    who only tries (`is_trial`) wants the first page.
    """

    settings: Any = field(repr=False)
    secret: str = field(repr=False)
    since: datetime | None
    now: datetime
    numbers: Sequence[str] = field(repr=False)
    keep: Keep
    is_trial: bool = False


@dataclass(frozen=True, kw_only=True)
class CallFile:
    """Calls as a file that the import of call records reads; `rows` where they were counted.

    `source` is the short name of the usage source whose they are.
    """

    content: "File[Any]" = field(repr=False)
    name: str
    source: str
    rows: int | None = None


class Connector(Protocol):
    """A kind of connection, made for one run. Each raises a Refusal where nothing may be stored, and returns None where
    nothing is there. It is asked only for the subjects that its entry in the registry names."""

    def __init__(self, ask: Ask) -> None: ...

    def fetch_balances(self) -> Readings | None:
        """Return what is said of balances: rows in CNY, each as of a moment, and those that cannot be read."""

    def fetch_states(self) -> Readings | None:
        """Return what is said of the states of cards, each as of a moment, and what cannot be read."""

    def fetch_usage(self) -> CallFile | None:
        """Return the calls that were since, as a file."""

    def fetch_agents(self) -> AgentSheet | None:
        """Return the agents and teams that HR names."""

    def settle(self, refusal: Refusal | None) -> None:
        """Put away what was fetched, after it was stored or refused; what was only tried is left as it was."""
