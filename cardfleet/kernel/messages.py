"""The sentences people read: which ones the code holds, and which of them a catalogue translates.

GNU gettext is not needed: Django turns templates into what babel can read.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from cardfleet.kernel.signs import half_width, widened

SOURCES = ("cardfleet", "cards", "agents", "billing", "lifecycle", "templates")
KEYWORDS = {
    name: spec
    for base, spec in {
        "gettext": None,
        "ngettext": (1, 2),
        "pgettext": ((1, "c"), 2),
        "npgettext": ((1, "c"), 2, 3),
    }.items()
    for name in (base, f"{base}_lazy", f"{base}_noop")
} | {"_": None}

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")

Key = tuple[str, str]


@dataclass(frozen=True)
class Fault:
    """One sentence that a catalogue does not translate well, and why."""

    sentence: str
    why: str


def key(message: Message) -> Key:
    """Return (context, singular) by which a message is found."""
    return (message.context or "", originals(message)[0])


def originals(message: Message) -> list[str]:
    """Return the sentence itself: one, or its singular and plural."""
    return [message.id] if isinstance(message.id, str) else list(message.id)


def texts(message: Message) -> list[str]:
    """Return the translations of a message: one, or one a plural form."""
    string = message.string or ""
    return [string] if isinstance(string, str) else list(string)


def collect(root: Path) -> Catalog:
    """Return a catalogue of every sentence in the code and the templates below a root."""
    catalog = Catalog(fuzzy=False)
    for path in _files(root):
        for line, message, _comments, context in _extracted(path):
            catalog.add(message, locations=[(str(path.relative_to(root)), line)], context=context)
    return catalog


def faults(wanted: Catalog, po: Path) -> Iterator[Fault]:
    """Yield what is missing, fuzzy, untranslated, no longer used or has other placeholders or signs of half width."""
    known = read(po)
    wanted_keys = {key(message): message for message in wanted if message.id}
    known_keys = {key(message): message for message in known if message.id}
    for missing in wanted_keys.keys() - known_keys.keys():
        yield Fault(missing[1], "missing")
    for unused in known_keys.keys() - wanted_keys.keys():
        yield Fault(unused[1], "not in the code any more")
    for found in wanted_keys.keys() & known_keys.keys():
        yield from _message_faults(known_keys[found])


def read(po: Path) -> Catalog:
    """Return the catalogue of a .po file."""
    with po.open("rb") as handle:
        return read_po(handle)


def update(wanted: Catalog, po: Path, translations: Mapping[str, str]) -> None:
    """Bring a .po file to the wanted sentences: new ones in, unused ones out, empty ones filled from translations,
    full-width signs between Chinese characters.

    A plural sentence is keyed `one<EOT>many`, one with a context `context<EOT>sentence`.
    """
    known = read(po)
    known.update(wanted, no_fuzzy_matching=True)
    known.obsolete.clear()
    for message in known:
        if message.id and not any(texts(message)):
            _fill(known, message, translations)
        if message.id and message.string:
            _widen(message)
    with po.open("wb") as handle:
        write_po(handle, known, sort_output=True, include_lineno=False, ignore_obsolete=True, width=110)


def _fill(catalog: Catalog, message: Message, translations: Mapping[str, str]) -> None:
    ids = originals(message)
    names = ["\4".join(ids), f"{message.context}\4{ids[0]}", ids[0]]
    found = next((translations[name] for name in names if name in translations), "")
    if found:
        message.string = found if isinstance(message.id, str) else (found,) * catalog.num_plurals


def _widen(message: Message) -> None:
    """Set full-width signs, as the sentence would be printed."""
    wide = tuple(map(widened, texts(message)))
    message.string = wide[0] if isinstance(message.string, str) else wide


def _message_faults(message: Message) -> Iterator[Fault]:
    sentence = key(message)[1]
    if message.fuzzy:
        yield Fault(sentence, "fuzzy")
    if not all(texts(message)):
        yield Fault(sentence, "not translated")
        return
    if _placeholders(texts(message)[-1]) != _placeholders(originals(message)[-1]):
        yield Fault(sentence, "other placeholders")
    for text in dict.fromkeys(texts(message)):
        for place in half_width(text):
            yield Fault(sentence, f"half-width sign in “{place}”")


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def _files(root: Path) -> Iterator[Path]:
    for source in SOURCES:
        for path in sorted((root / source).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts:
                yield path


def _extracted(path: Path) -> Iterable[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    code = path.read_text("utf-8")
    if path.suffix != ".py":
        # A template's indentation means nothing, but Python's tokenizer would refuse it.
        code = "\n".join(line.lstrip() for line in templatize(code, origin=str(path)).split("\n"))
    return extract("python", BytesIO(code.encode()), KEYWORDS, options={"encoding": "utf-8"})
