"""Files near the valid ones: what people, spreadsheets, mail and disks do to them, and what nobody does by chance."""

import io
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "big5", "latin-1")
# Pieces that mean something to one of the readers, or are too much of anything.
PIECES: Sequence[bytes] = (
    b'"', b'""', b'",', b"'", b",", b"\t", b";", b"|", b"\n", b"\r", b"\r\n", b"\x00", b"\x1f", b"\x1a", b"\\",
    b"\xef\xbb\xbf", b"\xff\xfe", b"\xff\xfe\x00\x00", b"\xa3\xac", b"\xed\xa0\xbd", b"\xc3", b"\x81", b"\xe2\x80\xae",
    b"=1+1", b'="13812345678"', b"@SUM(A1)", b"#REF!", b"-", b"--", b"NaN", b"Infinity", b"-0", b"1e999999",
    b"1E+400", b"8.98601E+19", b"9" * 30, b"9" * 5000, b"0." + b"9" * 60, b"-99999999999.99", b"1,2,3", b"1970-01-01",
    b"0001-01-01 00:00:00", b"9999-12-31 23:59:59+14:00", b"2026-02-30", b"253402300800", b"99999999999999999999",
    "２０２６年１３月".encode(), "٣".encode(), "²".encode(), "½".encode(), "〇".encode(), "合计".encode(),
    "1分".encode(), "人民币".encode(), b"x" * 140_000, b"[" * 3000,
    b"{" * 50, b"]", b"}", b'{"rows":', b"\\u0000", b"\\ud800", b"null",
    b"- &a [*a]", b"rules:\n", b"? ", b"!!python/object:os.system", b"!!timestamp", b"0x1F", b"0o17", b"1:30:00",
    b'<?xml version="1.0" encoding="gbk"?>', b'<?xml version="1.0" encoding="nothing"?>', b"<calls>", b"<call ",
    b"&#0;", b"&#55357;", b"&lol;", b"<!DOCTYPE calls>", b"_x0000_", b"_xD800_", b"PK\x03\x04", b"PK\x05\x06",
    b"PK\x01\x02", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF", b"\xff" * 4, b"\x00" * 8, b"\x80\x00\x00\x00",
)  # fmt: skip

SHARE = st.integers(0, 999)  # where in a file, in thousandths


@dataclass(frozen=True)
class Damage:
    """One deed to a file: which, where (thousandths of it), how much, and with what."""

    deed: str
    where: int
    size: int
    piece: int

    def to(self, data: bytes) -> bytes:
        """Return the file damaged."""
        at = len(data) * self.where // 1000
        return DEEDS[self.deed](data, at, self)


def _flipped(data: bytes, at: int, damage: Damage) -> bytes:
    return data[:at] + bytes([damage.piece % 256]) + data[at + 1 :]


def _inserted(data: bytes, at: int, damage: Damage) -> bytes:
    return data[:at] + PIECES[damage.piece % len(PIECES)] + data[at:]


def _replaced(data: bytes, at: int, damage: Damage) -> bytes:
    return data[:at] + PIECES[damage.piece % len(PIECES)] + data[at + damage.size :]


def _in_cell(data: bytes, at: int, damage: Damage) -> bytes:
    """Put a piece where a whole cell stood."""
    begin = max(data.rfind(b",", 0, at), data.rfind(b"\n", 0, at)) + 1
    ends = [end for end in (data.find(b",", at), data.find(b"\n", at)) if end >= 0]
    return data[:begin] + PIECES[damage.piece % len(PIECES)] + data[min(ends, default=len(data)) :]


def _moved(data: bytes, at: int, damage: Damage) -> bytes:
    """Exchange two columns or lines, roughly: a piece of the file goes elsewhere."""
    piece, rest = data[at : at + damage.size], data[:at] + data[at + damage.size :]
    to = len(rest) * damage.piece // 1000
    return rest[:to] + piece + rest[to:]


def _recoded(data: bytes, _at: int, damage: Damage) -> bytes:
    try:
        return data.decode().encode(ENCODINGS[damage.piece % len(ENCODINGS)], "replace")
    except UnicodeError:
        return data


def _inside(data: bytes, _at: int, damage: Damage) -> bytes:
    """Damage a part of an archive and pack it again, so that its sums are right."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [(entry.filename, archive.read(entry)) for entry in archive.infolist()]
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, OSError, EOFError):
        return data
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for place, (name, part) in enumerate(parts):
            hit = place == damage.piece % len(parts)
            inner = Damage(("flip", "insert", "replace", "cut")[damage.size % 4], damage.where, 8, damage.piece)
            archive.writestr(zipfile.ZipInfo(name), inner.to(part) if hit else part)
    return target.getvalue()


DEEDS: dict[str, Callable[[bytes, int, Damage], bytes]] = {
    "flip": _flipped,
    "insert": _inserted,
    "replace": _replaced,
    "cell": _in_cell,
    "cut": lambda data, at, _damage: data[:at],
    "behead": lambda data, at, _damage: data[at:],
    "delete": lambda data, at, damage: data[:at] + data[at + damage.size :],
    "double": lambda data, at, damage: data[: at + damage.size] + data[at:],
    "move": _moved,
    "recode": _recoded,
    "inside": _inside,
}
DAMAGE = st.builds(Damage, st.sampled_from(sorted(DEEDS)), SHARE, st.integers(1, 64), st.integers(0, 999))


def damaged(files: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """Draw one of the valid files, and what happens to it: nothing, or up to five deeds one after the other."""
    return st.builds(_after, st.sampled_from(files), st.lists(DAMAGE, max_size=5))


def bad_cells(file: bytes) -> st.SearchStrategy[bytes]:
    """Draw a text with a cell or two that nobody expects, below its first line."""
    below = 1000 * (file.find(b"\n") + 1) // len(file) + 1
    cell = st.builds(Damage, st.just("cell"), st.integers(below, 999), st.just(0), st.integers(0, 999))
    return st.builds(_after, st.just(file), st.lists(cell, min_size=1, max_size=2))


def _after(data: bytes, deeds: Sequence[Damage]) -> bytes:
    for deed in deeds:
        data = deed.to(data)
    return data
