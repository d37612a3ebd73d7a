"""What an article may hold: everybody in the office reads it (R20; PIPL art. 6)."""

import re

PERSONAL = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")
BETWEEN = re.compile(r"[,，、;；\s]+")
MOST_TAGS, LONGEST = 8, 20


def holds_personal(text: str) -> bool:
    """Tell whether a text holds a mobile number or an ID number."""
    return PERSONAL.search(text) is not None


def tags_of(text: str) -> list[str]:
    """Return the tags of a line, each once, in their order."""
    return list(dict.fromkeys(tag[:LONGEST] for tag in BETWEEN.split(text) if tag))[:MOST_TAGS]
