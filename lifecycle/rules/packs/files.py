"""Which stored files go into a pack: what proves something, never what bears an ID (PIPL art. 28, 29). Pure.

A file is told from others by where it was attached; what is inside a picture cannot be known, so that everything
attached where papers of people are asked for stays out and is listed with its hash only.
"""

from lifecycle.choices import CaseKind, PackedAs, WhyNotPacked
from lifecycle.rules.packs.shown import holds_id

# Papers of people are handed in with these.
KINDS_WITH_IDS = frozenset({CaseKind.TRANSFER, CaseKind.USER_CHANGE, CaseKind.REVERIFICATION, CaseKind.PORT_OUT})
STEPS_WITH_IDS = frozenset({"papers", "submit", "verify", "mend", "reissue", "applied"})
ENDINGS = {
    "application/pdf": "pdf",
    "image/png": "png",
    "image/jpeg": "jpg",
    "text/plain": "txt",
    "text/csv": "csv",
    "application/xml": "xml",
    "application/msword": "doc",
    "application/vnd.ms-excel": "xls",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}
READABLE = frozenset({"text/plain", "text/csv", "application/xml"})
NAMES_INSIDE = frozenset({PackedAs.TRAINING})


def why_not(packed_as: str, *, content_type: str, names: bool, kind: str = "", step: str = "") -> WhyNotPacked | None:
    """Return why a file stays out, by where it was attached; None where it goes in.

    `kind` and `step` are those of the case it belongs to; `names` says whether names of people are shown.
    """
    if packed_as == PackedAs.CARD or kind in KINDS_WITH_IDS or step in STEPS_WITH_IDS:
        return WhyNotPacked.MAY_BEAR_IDS
    if content_type not in ENDINGS:
        return WhyNotPacked.UNREADABLE
    if packed_as in NAMES_INSIDE and not names:
        return WhyNotPacked.NAMES_INSIDE
    return None


def why_not_inside(content: bytes, content_type: str) -> WhyNotPacked | None:
    """Return why a file that can be read as text stays out, by what is in it."""
    if content_type not in READABLE:
        return None
    texts = (content.decode(encoding, errors="replace") for encoding in ("utf-8", "gb18030", "utf-16"))
    return WhyNotPacked.HOLDS_ID if any(holds_id(text) for text in texts) else None


def path_of(file_id: str, content_type: str) -> str:
    """Return where a file stands in a pack: named by its id, so that its own name tells nobody's."""
    return f"documents/{file_id}.{ENDINGS[content_type]}"
