"""Traditional Chinese, made from the simplified catalogue: OpenCC's characters and words, our glossary before them.

Nobody writes the traditional catalogue. What OpenCC words wrongly goes into locale/zh_Hant/glossary.tsv.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import write_po
from opencc import OpenCC

from cardfleet.kernel.messages import Fault, key, originals, read, texts

LOCALE = "zh_Hant"
SOURCE = "zh_Hans"

Convert = Callable[[str], str]


def glossary(tsv: Path) -> dict[str, str]:
    """Return {simplified: traditional} of a glossary: two columns apart by a tab, `#` begins a remark.

    A term counts wherever it stands, the longest first; one that begins with `=` is a whole sentence.
    """
    lines = [line for line in tsv.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    rows = (line.split("\t") for line in lines)
    return {row[0]: row[1] for row in rows}


def converter(terms: dict[str, str]) -> Convert:
    """Return what turns a simplified sentence into a traditional one: our terms first, the rest by OpenCC."""
    rest = OpenCC("s2twp").convert
    parts = sorted((term for term in terms if not term.startswith("=")), key=len, reverse=True)
    cut = re.compile("(" + "|".join(map(re.escape, parts)) + ")") if parts else None

    def convert(text: str) -> str:
        whole = terms.get(f"={text}")
        if whole is not None:
            return whole
        pieces = cut.split(text) if cut else [text]
        return "".join(terms[piece] if piece in terms else rest(piece) for piece in pieces)

    return convert


def convert_of(locale: Path) -> Convert:
    """Return the converter with the glossary of a locale folder."""
    return converter(glossary(locale / LOCALE / "glossary.tsv"))


def update(simplified: Path, traditional: Path, convert: Convert) -> None:
    """Write the traditional catalogue anew from the simplified one."""
    catalog = read(simplified)
    catalog.locale = LOCALE
    for message in _sentences(catalog):
        made = tuple(convert(text) for text in texts(message))
        message.string = made[0] if isinstance(message.id, str) else made
    with traditional.open("wb") as handle:
        write_po(handle, catalog, sort_output=True, include_lineno=False, ignore_obsolete=True, width=110)


def faults(simplified: Path, traditional: Path, convert: Convert) -> Iterator[Fault]:
    """Yield the sentences that the traditional catalogue lacks, has too many, or words unlike what is made."""
    wanted = {key(message): [convert(text) for text in texts(message)] for message in _sentences(read(simplified))}
    known = {key(message): texts(message) for message in _sentences(read(traditional))}
    for name in sorted(wanted.keys() | known.keys()):
        if wanted.get(name) != known.get(name):
            yield Fault(name[1], "not as made from zh_Hans: check_translations --update")


def _sentences(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id and originals(message)[0])
