"""Names as people type them to find somebody: pinyin whole, and its initials."""

from pypinyin import Style, lazy_pinyin

from cardfleet.accounts.models import User


def set_name(person: User, name: str) -> list[str]:
    """Set the name and what is derived from it, unsaved; return the names of the fields set."""
    person.name = name.strip()
    person.name_pinyin = "".join(lazy_pinyin(person.name)).lower().replace(" ", "")[:200]
    person.name_initials = "".join(lazy_pinyin(person.name, style=Style.FIRST_LETTER)).lower().replace(" ", "")[:40]
    return ["name", "name_pinyin", "name_initials"]
