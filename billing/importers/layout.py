"""What a format says of a file: where each value stands."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from billing.choices import SourceRole
from billing.rules.numbers import Direction
from billing.rules.times import Period
from cardfleet.kernel.errors import Text
from cardfleet.kernel.tabular import Row

# Joins texts that belong together in one staged column; it stands in no file.
JOINT = "\x1f"
NO_CODES: Mapping[str, Direction] = {}


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The first rows of a file, its name, the own number given with it, and the year up to which it may reach.

    `chosen` says that a person named the format: then rows need only its width, where it has no header to go by.
    """

    rows: Sequence[Row]
    name: str
    own_number: str
    period: Period
    chosen: bool = False


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How the rows of one file are read.

    `values` holds SQL over the staged columns c1, c2, ... for each value: started, direction, counterpart, duration
    and, where the file has them, own, iccid, imsi, fee, uid, answered, trunk, call (what the legs of one call share),
    internal (a condition: no call of a card), failure and failure_text (why a call failed), place (where the
    card was). `titles` are the columns' names for people, `least` the cells without which a row was cut.
    """

    format: str
    role: SourceRole
    width: int
    least: int
    first_line: int
    values: Mapping[str, str]
    titles: Mapping[str, str]
    header: Sequence[str] = ()
    own_number: str = ""
    period: Period | None = None
    codes: Mapping[str, Direction] = field(default_factory=lambda: NO_CODES)
    fen: bool = False
    rough: bool = False


@dataclass(frozen=True, kw_only=True)
class Format:
    """A format of call records. `recognise` returns None for a file that is none, and raises BadInput for one that
    is almost one, naming the column that lacks."""

    name: str
    label: Text
    recognise: Callable[[Sample], Layout | None]


def column(index: int) -> str:
    """Return the staged column of a zero-based index, never NULL."""
    return f"coalesce(c{index + 1}, '')"


def constant(text: str) -> str:
    """Return a text as SQL."""
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"
