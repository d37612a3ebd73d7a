"""Which encoding a text file has, found by reading it whole: a wrong guess would store wrong names."""

import codecs
from collections.abc import Iterator
from typing import BinaryIO

import charset_normalizer
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.tabular.refusals import damaged, nul, unreadable

CHUNK = 1 << 20
SAMPLE = 1 << 16
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CHINESE = ["gb18030", "big5hkscs", "big5"]  # a single-byte code page would "read" anything
COMMON_LEADS = range(0xB0, 0xD8)  # the 3,755 characters of daily use, in GB 2312 and all that followed
SURE = 0.6


def detect(file: BinaryIO) -> str:
    """Return a codec's name that reads the whole file; UnreadableFile when none does, or when it is damaged."""
    file.seek(0)
    head = file.read(SAMPLE)
    marked = next((name for mark, name in MARKS if head.startswith(mark)), None) or _unmarked_utf16(head)
    if marked:
        if not _decodes(file, marked):
            raise damaged()
        return marked
    _refuse_nul(file)
    if _decodes(file, "utf-8"):
        return "utf-8"
    if _decodes(file, "gb18030") and _share_of_common_characters(head) > SURE:
        return "gb18030"
    return _likeliest(file, head)


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    return iter(lambda: file.read(CHUNK), b"")


def _decodes(file: BinaryIO, name: str) -> bool:
    """Tell whether the whole file decodes. One that only breaks off in its last character is cut off; no text holds
    NUL, which UTF-16 and UTF-32 can spell.
    """
    decoder = codecs.getincrementaldecoder(name)()
    try:
        for chunk in _chunks(file):
            if "\0" in decoder.decode(chunk):
                raise damaged()
    except UnicodeError:
        return False
    try:
        decoder.decode(b"", final=True)
    except UnicodeError as error:
        raise damaged() from error
    return True


def _unmarked_utf16(head: bytes) -> str | None:
    """Return the byte order when every other byte of the plain characters is NUL, as in UTF-16 without a mark."""
    low, high = head[1::2].count(0), head[0::2].count(0)
    half = len(head) // 2
    if low > half * 0.3 and high < half * 0.05:
        return "utf-16-le"
    if high > half * 0.3 and low < half * 0.05:
        return "utf-16-be"
    return None


def _refuse_nul(file: BinaryIO) -> None:
    line = 1
    for chunk in _chunks(file):
        at = chunk.find(0)
        if at >= 0:
            raise nul(line + chunk.count(b"\n", 0, at))
        line += chunk.count(b"\n")


def _share_of_common_characters(head: bytes) -> float:
    """Return the share of daily characters when read as GB18030, which also reads Big5, as rubbish."""
    foreign = [letter.encode("gb18030") for letter in head.decode("gb18030", "ignore") if not letter.isascii()]
    common = sum(len(code) == 2 and code[0] in COMMON_LEADS for code in foreign)
    return common / len(foreign) if foreign else 1.0


def _likeliest(file: BinaryIO, head: bytes) -> str:
    whole_lines = head[: head.rfind(b"\n") + 1] or head
    best = charset_normalizer.from_bytes(whole_lines, cp_isolation=CHINESE).best()
    if best is None or not _decodes(file, best.encoding):
        raise unreadable(
            "encoding_unknown",
            _("The characters of this file cannot be read. Save it as XLSX, or as CSV in UTF-8, and send it again."),
        )
    return best.encoding
