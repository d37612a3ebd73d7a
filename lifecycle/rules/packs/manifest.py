"""What a pack says of itself, sealed, and how what is found differs from it (docs/evidence.md). Pure."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Text

PRODUCT, KIND, FORMAT = "CardFleet", "evidence_pack", 1
MANIFEST, SUMS, INDEX = "manifest.json", "SHA256SUMS", "index.html"
ALGORITHM = "Ed25519"
WORDS: Mapping[str, Text] = {
    "no_file": _("There is no such file."),
    "not_a_zip": _("This is no ZIP file."),
    "truncated": _("The end of the ZIP file is missing: it was not copied whole."),
    "unreadable": _("It cannot be read: it was damaged."),
    "bytes_around": _("There is something before or after the ZIP file's own content."),
    "unsafe_path": _("The name leads out of the pack, or is no plain name."),
    "not_plain": _("It is no plain file: a link, encrypted, or packed in an unknown way."),
    "duplicate": _("The name is there more than once."),
    "too_much": _("It unpacks to far more than a pack holds; nothing was unpacked."),
    "manifest_missing": _("There is no manifest: this is no evidence pack, or it was taken out."),
    "manifest_unreadable": _("The manifest cannot be read."),
    "not_ours": _("The manifest is of another product or another kind of file."),
    "format_unknown": _("The manifest is of a format that this version does not know."),
    "missing": _("The manifest names it, but it is not in the pack."),
    "additional": _("It is in the pack, but the manifest does not name it."),
    "size": _("It has another size than the manifest says."),
    "hash": _("Its content is not the one the manifest says."),
    "seal_missing": _("The manifest bears no seal."),
    "seal_broken": _("The manifest was changed after it was sealed."),
    "seal_of_another": _("It was sealed by another installation, or with a key that is no longer used."),
}


@dataclass(frozen=True, kw_only=True)
class PackedFile:
    """A file of a pack: its path in it, size in bytes, SHA-256 in hex; for tables the number of their rows."""

    path: str
    size: int
    sha256: str
    rows: int | None = None


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing that is not as it should be: what (a key of WORDS), and the path it is about."""

    code: str
    path: str = ""
    said: str = ""
    found: str = ""

    @property
    def words(self) -> Text:
        """The sentence for people."""
        return WORDS[self.code]


class UnusableManifest(ValueError):
    """A manifest that says nothing of use; its argument is a key of WORDS."""


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """A manifest that was read: all it says, its files by path, and its seal."""

    facts: Mapping[str, Any]
    files: Mapping[str, PackedFile]
    key: bytes
    signature: bytes


def canonical(facts: Mapping[str, Any]) -> bytes:
    """Return what is signed: all but the seal, as JSON without blanks, keys in order, in UTF-8."""
    told = {name: value for name, value in facts.items() if name != "seal"}
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def manifest_facts(about: Mapping[str, Any], files: Sequence[PackedFile]) -> dict[str, Any]:
    """Return a manifest without its seal; `about` is what it says beside its files."""
    listed = [{name: value for name, value in asdict(file).items() if value is not None} for file in files]
    return {"product": PRODUCT, "kind": KIND, "format": FORMAT, **about, "files": listed}


def sealed(facts: Mapping[str, Any], *, signature: bytes, key: bytes) -> bytes:
    """Return the manifest as it is written: with its seal, for people to read too."""
    seal = {"algorithm": ALGORITHM, "public_key": key.hex(), "signature": signature.hex()}
    return json.dumps({**facts, "seal": seal}, ensure_ascii=False, indent=1).encode()


def sums(files: Sequence[PackedFile]) -> bytes:
    """Return the list that `sha256sum -c` reads."""
    return "".join(f"{file.sha256}  {file.path}\n" for file in files).encode()


def read_manifest(text: bytes) -> Manifest:
    """Return a manifest. UnusableManifest."""
    try:
        facts = json.loads(text)
        _check_format(facts)
        files = [_file(told) for told in facts["files"]]
        seal = facts.get("seal") or {}
        key, signature = bytes.fromhex(seal.get("public_key", "")), bytes.fromhex(seal.get("signature", ""))
    except UnusableManifest:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as fault:
        raise UnusableManifest("manifest_unreadable") from fault
    if len({file.path for file in files}) != len(files):
        raise UnusableManifest("manifest_unreadable")
    return Manifest(facts=facts, files={file.path: file for file in files}, key=key, signature=signature)


def _check_format(facts: Mapping[str, Any]) -> None:
    if (facts["product"], facts["kind"]) != (PRODUCT, KIND):
        raise UnusableManifest("not_ours")
    if facts["format"] != FORMAT:
        raise UnusableManifest("format_unknown")


def _file(told: Mapping[str, Any]) -> PackedFile:
    path, size, sha256 = told["path"], told["size"], told["sha256"]
    if not (isinstance(path, str) and isinstance(size, int) and isinstance(sha256, str) and size >= 0):
        raise UnusableManifest("manifest_unreadable")
    return PackedFile(path=path, size=size, sha256=sha256)


def is_safe(path: str) -> bool:
    """Tell whether a name in a ZIP file is a plain path inside it."""
    is_plain = path.isprintable() and not set(path) & set("\\:")
    return is_plain and not {"", ".", ".."} & set(path.split("/"))


def unfit_names(names: Sequence[str]) -> Iterator[Difference]:
    """Yield the names of a ZIP file that no pack has."""
    for path, times in Counter(names).items():
        if not is_safe(path):
            yield Difference(code="unsafe_path", path=path)
        if times > 1:
            yield Difference(code="duplicate", path=path)


def differences(manifest: Manifest, found: Mapping[str, PackedFile]) -> Iterator[Difference]:
    """Yield how the files that were found differ from what the manifest says of them, in the order of their paths."""
    for path in sorted({*manifest.files, *found} - {MANIFEST}):
        said, seen = manifest.files.get(path), found.get(path)
        if seen is None:
            yield Difference(code="missing", path=path)
        elif said is None:
            yield Difference(code="additional", path=path)
        elif seen.size != said.size:
            yield Difference(code="size", path=path, said=str(said.size), found=str(seen.size))
        elif seen.sha256 != said.sha256:
            yield Difference(code="hash", path=path, said=said.sha256, found=seen.sha256)


def seal_fault(manifest: Manifest, *, key: bytes, holds: bool) -> Difference | None:
    """Return what is wrong with the seal: `holds` says whether it is one of the manifest's own key; ours is `key`."""
    if not (manifest.key and manifest.signature):
        return Difference(code="seal_missing", path=MANIFEST)
    if not holds:
        return Difference(code="seal_broken", path=MANIFEST)
    if manifest.key != key:
        return Difference(code="seal_of_another", path=MANIFEST, said=manifest.key.hex(), found=key.hex())
    return None
