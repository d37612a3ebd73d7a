"""Where words about people are kept: each app says so for its own models in a module named `personal`.

    keeps("agents.absence", person=("agent__user",), blank=("note",))

Every column of text or JSON is named once, so that nobody's name stays anywhere when they are erased; a test walks
over all models and fails for a column that is named nowhere. Columns with choices need no line: they hold codes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext as _

GONE = "—"
"""What stands in place of a text that was taken out; some columns must not be empty."""
ERASED = "erased:"


@dataclass(frozen=True, kw_only=True)
class Keeps:
    """What the text columns of a model hold, and what becomes of them when a person is erased.

    `person`: the ways from a row to the person (accounts.User) it is about. `blank` is emptied in their rows. `says`
    is free text of any row, in which names and numbers of an erased person are replaced (so are they in `blank` of
    others' rows). `own` is written by a service of the app. `plain` is about nobody. `files`: stored files about the
    person, whose content goes. `goes`: their rows are deleted whole.
    """

    model: str
    person: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    goes: bool = False

    @property
    def named(self) -> frozenset[str]:
        """All columns that are named."""
        return frozenset((*self.blank, *self.says, *self.own, *self.plain))


_kept: dict[str, Keeps] = {}


def keeps(model: str, **columns: Any) -> None:
    """Say what a model (`agents.absence`) holds; the same model twice is a defect."""
    if model in _kept:
        raise ValueError(f"what {model} keeps of people is said twice")
    _kept[model] = Keeps(model=model, **columns)


def kept() -> Mapping[str, Keeps]:
    """Return what each model holds."""
    return _kept


def pseudonym(number: int | str) -> str:
    """Return what is stored in place of a name; `PersonNameField` words it in the reader's language."""
    return f"{ERASED}{number}"


class ErasedName(str):
    """The words for an erased person, which are stored as the pseudonym they came from."""

    stored: str

    def __new__(cls, stored: str) -> Self:
        """Return the words in the active language."""
        words = super().__new__(cls, _("Erased person %(number)s") % {"number": stored.removeprefix(ERASED)})
        words.stored = stored
        return words


class PersonNameField(models.CharField):  # type: ignore[type-arg]
    """A name of somebody; a pseudonym comes out of the database in words."""

    def from_db_value(self, value: str | None, *_args: Any) -> str | None:
        """Return the name, or the words for somebody who was erased."""
        return ErasedName(value) if value and value.startswith(ERASED) else value

    def get_prep_value(self, value: Any) -> Any:
        """Return what is stored."""
        return value.stored if isinstance(value, ErasedName) else super().get_prep_value(value)
