"""Lists in XML: a root whose children are the rows, and their attributes the cells, as phones back up their calls.

Parsed as it streams, by expat alone: nothing is fetched, and a file that declares a document type is refused, so that
no entity unfolds.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO
from xml.parsers import expat

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.tabular.refusals import damaged, empty, unreadable
from cardfleet.kernel.tabular.rows import Rows

Child = tuple[int, dict[str, str]]  # the line it begins in, and its attributes

LISTS = (b"calls",)  # the root elements of the lists that are known
CHUNK = 1 << 16
MAX_COLUMNS = 100
MAX_DEPTH = 8
REFERENCE = 8  # bytes of the longest one that is mended, such as &#55357;
FIRST_ELEMENT = re.compile(rb"<([A-Za-z][\w.:-]*)")
NOT_ELEMENTS = re.compile(rb"<!--.*?-->|<\?.*?\?>", re.DOTALL)
# Half a character beyond the basic plane, such as an emoji in a name: phones write both halves, XML allows neither.
HALF_CHARACTER = re.compile(rb"&#5(?:529[6-9]|5[3-9]\d\d|6\d{3}|7[0-2]\d\d|73[0-3]\d|734[0-3]);")
# What expat says of damage; the others of an encoding that it does not know or cannot read.
UNREADABLE = (expat.ExpatError, LookupError, ValueError)
UNKNOWN_CHARACTER = b"&#65533;"


def is_list(head: bytes) -> bool:
    """Tell from a file's first bytes whether it is one of the lists that are known."""
    plain = NOT_ELEMENTS.sub(b"", head.removeprefix(b"\xef\xbb\xbf")).lstrip()
    first = FIRST_ELEMENT.search(plain)
    return plain.startswith(b"<") and first is not None and first[1] in LISTS


def read(file: BinaryIO) -> Rows:
    """Yield the attributes' names, then a row of their values for each child; UnreadableFile at a damaged place.

    The names are those of all children, in the order of their first use, so that the file is read twice. Children
    that share a line of the file are counted on, so that each has its own.
    """
    names: dict[str, None] = {}
    for _line, attributes in _children(file):
        names |= dict.fromkeys(attributes)
        if len(names) > MAX_COLUMNS:
            raise damaged()
    if not names:
        raise empty()
    line = 1
    yield line, list(names)
    for found, attributes in _children(file):
        line = max(line + 1, found)
        yield line, [attributes.get(name, "") for name in names]


class _Listener:
    """Keeps the children that the parser met since they were last taken."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self.parser = parser
        self.depth = 0
        self.found: list[Child] = []
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.StartDoctypeDeclHandler = self.refuse
        parser.EntityDeclHandler = self.refuse

    def start(self, _name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise damaged()
        if self.depth == 2:
            self.found.append((self.parser.CurrentLineNumber, attributes))

    def end(self, _name: str) -> None:
        self.depth -= 1

    def refuse(self, *_declared: object) -> None:
        raise unreadable(
            "file_declares_entities",
            _("This XML file declares a document type, which no phone writes. Export the calls once more."),
        )


def _children(file: BinaryIO) -> Iterator[Child]:
    parser = expat.ParserCreate()
    listener = _Listener(parser)
    try:
        for chunk in _mended(file):
            parser.Parse(chunk, False)  # noqa: FBT003 - expat takes it by place
            yield from listener.found
            listener.found.clear()
        parser.Parse(b"", True)  # noqa: FBT003
    except UNREADABLE as error:
        raise damaged() from error


def _mended(file: BinaryIO) -> Iterator[bytes]:
    """Yield the file in pieces that cut no character reference, half characters replaced."""
    file.seek(0)
    rest = b""
    while chunk := file.read(CHUNK):
        chunk = rest + chunk
        cut = chunk.rfind(b"&", len(chunk) - REFERENCE)
        whole = chunk if cut < 0 else chunk[:cut]
        rest = chunk[len(whole) :]
        yield HALF_CHARACTER.sub(UNKNOWN_CHARACTER, whole)
    yield HALF_CHARACTER.sub(UNKNOWN_CHARACTER, rest)
