"""One input to one parser: read or refused by name, within a bound of time; anything else is a defect."""

import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.reading import Unreadable
from tests.fuzz.parsers import Parser

# No input is larger than some hundred kilobytes; what takes this long on a busy machine does not end.
SECONDS = 20


def tried(parser: Parser, data: bytes, counts: Counter[str]) -> None:
    """Let a parser read an input, and count what came of it. Raises what is no refusal."""
    counts["inputs"] += 1
    with _within(SECONDS):
        try:
            parser.read(data)
        except (Refusal, Unreadable):
            counts["refused"] += 1
        else:
            counts["read"] += 1


@contextmanager
def _within(seconds: int) -> Iterator[None]:
    previous = signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)


def _too_long(*_given: object) -> None:
    raise TimeoutError(f"took more than {SECONDS} seconds")
