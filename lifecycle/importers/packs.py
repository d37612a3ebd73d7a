"""Reading a pack that came back: what is in the ZIP, and whether it is what the manifest says (docs/evidence.md).

Nothing is unpacked onto the disk, no name is followed, and no more is read of a file than the manifest says it has,
so that neither links, paths outside nor bombs do anything.
"""

import hashlib
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cardfleet.kernel.crypto import is_signed, public_key
from lifecycle.rules.packs.manifest import (
    MANIFEST,
    Difference,
    Manifest,
    PackedFile,
    UnusableManifest,
    canonical,
    differences,
    is_safe,
    read_manifest,
    seal_fault,
    unfit_names,
)

BEGIN, END = b"PK\x03\x04", b"PK\x05\x06"
END_BYTES = 22
CHUNK = 64 * 1024
MANIFEST_MOST = 64 * 1024 * 1024
# A pack of tables shrinks to a tenth, one of a single value repeated to a thousandth: no pack is that.
UNPACKS_TO, SMALL = 200, 256 * 1024 * 1024
PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a pack says of itself (None where it says nothing of use), and all that is not as it should be."""

    manifest: Manifest | None
    differences: Sequence[Difference]


def verify(path: Path) -> Verdict:
    """Compare a pack with its manifest, and the seal with this installation's key."""
    fault = _fault_of(path)
    if fault:
        return Verdict(manifest=None, differences=[Difference(code=fault)])
    try:
        with zipfile.ZipFile(path) as archive:
            return _verify(archive, path)
    except BROKEN:
        return Verdict(manifest=None, differences=[Difference(code="unreadable")])


def _fault_of(path: Path) -> str:
    """Return why a file is no whole ZIP file, empty where it is one."""
    if not path.is_file():
        return "no_file"
    with path.open("rb") as file:
        begins = file.read(len(BEGIN))
    if zipfile.is_zipfile(path):
        return ""
    return "truncated" if begins == BEGIN else "not_a_zip"


def _verify(archive: zipfile.ZipFile, path: Path) -> Verdict:
    entries = archive.infolist()
    faults = [*_around(path), *unfit_names([entry.orig_filename for entry in entries])]
    plain = {entry.filename: entry for entry in entries if is_safe(entry.orig_filename)}
    faults += [Difference(code="not_plain", path=name) for name, entry in plain.items() if not _is_plain(entry)]
    known = {name: entry for name, entry in plain.items() if _is_plain(entry)}
    try:
        manifest = _manifest(archive, known)
    except UnusableManifest as fault:
        return Verdict(manifest=None, differences=[*faults, Difference(code=str(fault), path=MANIFEST)])
    if sum(file.size for file in manifest.files.values()) > max(SMALL, UNPACKS_TO * path.stat().st_size):
        return Verdict(manifest=manifest, differences=[*faults, Difference(code="too_much")])
    found = dict(_found(archive, known, manifest))
    signed = is_signed(canonical(manifest.facts), signature=manifest.signature, key=manifest.key)
    seal = seal_fault(manifest, key=public_key(), holds=signed)
    return Verdict(manifest=manifest, differences=[*faults, *differences(manifest, found), *([seal] if seal else [])])


def _around(path: Path) -> Iterator[Difference]:
    """Yield a difference where the file holds more than the ZIP's own entries and their list."""
    with path.open("rb") as file:
        begins = file.read(len(BEGIN))
        file.seek(-END_BYTES, 2)
        ends = file.read(len(END))
    if (begins, ends) != (BEGIN, END):
        yield Difference(code="bytes_around")


def _is_plain(entry: zipfile.ZipInfo) -> bool:
    """Tell whether an entry is a file that can be read: no link, no folder, not encrypted, packed in a known way."""
    mode = entry.external_attr >> 16
    is_file = not mode or stat.S_IFMT(mode) in (0, stat.S_IFREG)
    return is_file and not entry.is_dir() and not entry.flag_bits & 0x1 and entry.compress_type in PLAIN


def _manifest(archive: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo]) -> Manifest:
    if MANIFEST not in entries:
        raise UnusableManifest("manifest_missing")
    if entries[MANIFEST].file_size > MANIFEST_MOST:
        raise UnusableManifest("manifest_unreadable")
    try:
        with archive.open(entries[MANIFEST]) as file:
            text = file.read(MANIFEST_MOST)
    except BROKEN as fault:
        raise UnusableManifest("manifest_unreadable") from fault
    return read_manifest(text)


def _found(
    archive: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo], manifest: Manifest
) -> Iterator[tuple[str, PackedFile]]:
    """Yield each file of the pack; those the manifest does not name are not read."""
    for path, entry in entries.items():
        said = manifest.files.get(path)
        if said is None:
            yield path, PackedFile(path=path, size=entry.file_size, sha256="")
        else:
            yield path, _read(archive, entry, most=said.size)


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, *, most: int) -> PackedFile:
    """Return what a file is, read up to one byte more than it should have; what cannot be read has no hash."""
    digest, size = hashlib.sha256(), 0
    try:
        with archive.open(entry) as file:
            while size <= most and (chunk := file.read(min(CHUNK, most + 1 - size))):
                digest.update(chunk)
                size += len(chunk)
    except BROKEN:
        return PackedFile(path=entry.filename, size=most, sha256="")
    return PackedFile(path=entry.filename, size=size, sha256=digest.hexdigest())
