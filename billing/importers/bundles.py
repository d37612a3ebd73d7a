"""Zip archives of call records: taken apart file by file, none of them believed."""

import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, BinaryIO

from django.conf import settings

from billing.errors import BundleRefused, BundleTooLarge, NestedBundle

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
WORKBOOK = "xl/workbook.xml"
LOCKED = 0x1
MAX_FILES = 500
CHUNK = 1 << 20
MAX_RATIO = 150  # as for workbooks: a file of equal rows compresses some 60 times, a bomb up to 1,032 times
RATIO_FROM = 10 << 20
# What Python's reader says of damaged archives; the last two of places before the beginning and of unreadable names.
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)
LITTER = ("__MACOSX/", "._", ".DS_Store", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Part:
    """A file of an archive: its path inside, and its content (binary, seekable, gone when closed)."""

    name: str
    content: IO[bytes]


def is_bundle(file: BinaryIO) -> bool:
    """Tell whether a file is an archive of files; a workbook is a zip, too, but one table."""
    file.seek(0)
    magic = file.read(4)
    file.seek(0)
    if magic not in MAGIC:
        return False
    try:
        with zipfile.ZipFile(file) as archive:
            return WORKBOOK not in archive.namelist()
    except BROKEN:
        return False
    finally:
        file.seek(0)


def parts(file: BinaryIO) -> Iterator[Part]:
    """Yield the files of an archive, each readable until the next one is asked for.

    The whole archive is counted before the first is given: BundleTooLarge, BundleRefused (damaged, or with a
    password), NestedBundle. Sizes an archive declares may lie, so what unfolds is counted.
    """
    try:
        archive = _opened(file)
        wanted = [entry for entry in archive.infolist() if not entry.is_dir() and not _is_litter(entry.filename)]
        _refuse(archive, wanted)
    except BROKEN as error:
        raise BundleRefused from error
    for entry in wanted:
        with archive.open(entry) as packed, tempfile.TemporaryFile() as content:
            while chunk := packed.read(CHUNK):
                content.write(chunk)
            content.seek(0)
            yield Part(entry.filename, content)


def _opened(file: BinaryIO) -> zipfile.ZipFile:
    """Return the archive; Windows in China writes names as GB 18030 without saying so."""
    try:
        return zipfile.ZipFile(file, metadata_encoding="gb18030")
    except UnicodeDecodeError:
        return zipfile.ZipFile(file)


def _is_litter(name: str) -> bool:
    return any(name.startswith(word) or f"/{word}" in f"/{name}" for word in LITTER)


def _refuse(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    if not entries or any(entry.flag_bits & LOCKED for entry in entries):
        raise BundleRefused
    if len(entries) > MAX_FILES:
        raise BundleTooLarge
    left = settings.UPLOAD_MAX_BYTES
    for entry in entries:
        left -= _size(archive, entry, left)


def _size(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> int:
    """Unfold one file, which also checks its sum, and stop where it grows beyond reason."""
    size = 0
    with archive.open(entry) as packed:
        while chunk := packed.read(CHUNK):
            if not size and chunk.startswith(MAGIC) and not entry.filename.lower().endswith(".xlsx"):
                raise NestedBundle
            size += len(chunk)
            if size > most or (size > RATIO_FROM and size > MAX_RATIO * entry.compress_size):
                raise BundleTooLarge
    return size
