"""A file of 200 MB: read in a stream, refused with a sentence, in memory that does not grow with it (bad input)."""

import io
from collections import deque
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest

from billing.importers import registry, staging
from billing.importers.layout import Sample
from billing.rules.times import Period
from cardfleet.kernel.errors import BadInput
from cardfleet.kernel.tabular import open_table
from cards.importers.cards import read_cards
from tests.conftest import FRIDAY

MEGA = 1 << 20
LARGE = 200 * MEGA
LESS = 12 * MEGA  # where every row has to be parsed first
CALL = b"13800000001,2026-11-02 09:00:00,out,13900000001,60,0.15\n"
GOOD = b"msisdn,started_at,direction,counterpart,duration_s,fee\n"


def written(path: Path, *, size: int, head: bytes, end: bytes = b"") -> Path:
    """Write a file of about so many bytes."""
    block = CALL * (MEGA // len(CALL))
    with path.open("wb") as file:
        file.write(head)
        for _number in range(size // len(block)):
            file.write(block)
        file.write(end)
    return path


def grown(deed: Callable[[], object]) -> int:
    """Return by how many bytes of memory this process grew at most while it did something."""
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins at what is used now
    before = status("VmRSS")
    deed()
    return status("VmHWM") - before


def status(name: str) -> int:
    """Return a figure of this process in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) * 1024


def refused(deed: Callable[[], object], code: str) -> None:
    with pytest.raises(BadInput) as refusal:
        deed()
    assert code in {refusal.value.code, *(reason.code for reason in refusal.value.reasons)}


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="tells memory by /proc")
@pytest.mark.parametrize("kind", ["cards", "calls"])
def test_a_wrong_header_is_said_at_once_and_in_little_memory(tmp_path, kind):
    """Bad input: 200 MB of text."""
    path = written(tmp_path / "large.csv", size=LARGE, head=b"a,b,c,d,e,f\n")

    def read() -> None:
        with path.open("rb") as file:
            table = open_table(file, path.name)
            if kind == "cards":
                read_cards(table)
            rows = tuple(islice(table.rows(), staging.SAMPLE_ROWS))
            registry.find(Sample(rows=rows, name=path.name, own_number="", period=Period.year_up_to(FRIDAY.date())))

    assert grown(lambda: refused(read, "header_missing" if kind == "cards" else "unknown_format")) < LARGE // 4


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="tells memory by /proc")
@pytest.mark.parametrize(
    ("size", "end", "code"),
    [
        (LESS, b'"13800000001', "quote_unclosed"),
        (LARGE, b"13800000001\x00,", "nul_byte"),
        (LARGE, b"\xe4\xb8", "file_cut_off"),
    ],
)
def test_a_fault_at_its_end_is_found_in_little_memory(tmp_path, size, end, code):
    """Bad input: a file cut in the middle, and one with rubbish."""
    path = written(tmp_path / "large.csv", size=size, head=GOOD, end=end)

    def read() -> None:
        with path.open("rb") as file:
            deque(open_table(file, path.name).rows(), maxlen=0)

    assert grown(lambda: refused(read, code)) < size // 4


def test_the_measure_can_fail():
    """A file read whole would be seen."""
    assert grown(lambda: len(io.BytesIO(b"x" * LARGE).read())) > LARGE // 4
