"""The action codes a journal entry may carry. Each app lists its own in a module named `journal_actions`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Choices

from cardfleet.kernel.errors import Text

Meaning = Callable[[Any], Text] | str
# The meaning of a value that the subject's name says already, or that programs alone read.
SAID_BY_SUBJECT = ""


@dataclass(frozen=True)
class Action:
    """A kind of deed: its code `<app>.<noun>_<verb in the past>`, its words and the icon of the timeline.

    `values` says what the values of its data mean that are no words themselves: `one_of` some choices, whatever else
    finds the words, the ids of a model by its label (`accounts.team`), or SAID_BY_SUBJECT.
    """

    code: str
    label: Text
    icon: str = "point"
    values: Mapping[str, Meaning] = field(default_factory=dict)


_actions: dict[str, Action] = {}


def one_of(choices: type[Choices]) -> Callable[[Any], Text]:
    """Return what finds the words of a choice; a value that is none stays as it is."""
    return words_of(dict(choices.choices))


def words_of(words: Mapping[Any, Any]) -> Callable[[Any], Text]:
    """Return what finds the words of a value in a table; a value that is not in it stays as it is."""
    return lambda value: words.get(value, value)


def register(code: str, label: Text, *, icon: str = "point", values: Mapping[str, Meaning] | None = None) -> str:
    """Make an action code known and return it; the same code twice is a defect."""
    if code in _actions:
        raise ValueError(f"journal action {code} is registered twice")
    _actions[code] = Action(code, label, icon, values or {})
    return code


def action(code: str) -> Action:
    """Return the action of a code; KeyError when nobody registered it."""
    return _actions[code]


def actions() -> list[Action]:
    """Return all actions by code."""
    return [_actions[code] for code in sorted(_actions)]


def describe(code: str) -> Action:
    """Return the action of a code, the bare code where nothing registers it any more."""
    return _actions.get(code) or Action(code, code)
