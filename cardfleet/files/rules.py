"""Which type a file is, by its first bytes. Pure."""

from pathlib import PurePath

from cardfleet.kernel.tabular import is_list

OLE = "application/vnd.ms-excel"
OF_NAME = {
    (OLE, ".doc"): "application/msword",
    ("application/zip", ".xlsx"): "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ("application/zip", ".docx"): "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ("text/plain", ".csv"): "text/csv",
}
MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
)
ZIPPED, LISTED, PLAIN = "application/zip", "application/xml", "text/plain"
# Every type that a file is stored as.
TYPES = (*(kind for _magic, kind in MAGIC), *OF_NAME.values(), ZIPPED, LISTED, PLAIN)
# What CardFleet makes by itself.
MADE_HERE = {".csv": OF_NAME["text/plain", ".csv"], ".xlsx": OF_NAME["application/zip", ".xlsx"], ".zip": ZIPPED}
LARGEST_PHOTO_MB = 20
PHOTO = "image/"
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")
MARKUP = (b"<", b"\xef\xbb\xbf<")
TEXT_CONTROLS = frozenset(b"\t\n\r\f\x1a\x1b")


def content_type(head: bytes, name: str) -> str | None:
    """Return the type of a file from its first bytes; None for one that is not accepted.

    The name only tells apart what is equal inside: XLSX and DOCX from ZIP, DOC from XLS, CSV from plain text.
    """
    kind = _family(head)
    return OF_NAME.get((kind, PurePath(name).suffix.lower()), kind) if kind else None


def _family(head: bytes) -> str | None:
    for magic, kind in MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith(ZIP):
        return ZIPPED
    if is_list(head):
        return LISTED
    return PLAIN if is_text(head) else None


def is_text(head: bytes) -> bool:
    """Tell whether the bytes may be text of any encoding, and no markup that a browser would run."""
    if head.lstrip().startswith(MARKUP):
        return False
    if head.startswith(BYTE_ORDER_MARKS):
        return True
    return not any(byte < 0x20 and byte not in TEXT_CONTROLS for byte in head)
