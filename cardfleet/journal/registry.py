"""The action codes a journal entry may carry. Each app lists its own in a module named `journal_actions`."""

from dataclasses import dataclass

from cardfleet.kernel.errors import Text


@dataclass(frozen=True)
class Action:
    """A kind of deed: its code `<app>.<noun>_<verb in the past>`, its words and the icon of the timeline."""

    code: str
    label: Text
    icon: str = "point"


_actions: dict[str, Action] = {}


def register(code: str, label: Text, *, icon: str = "point") -> str:
    """Make an action code known and return it; the same code twice is a defect."""
    if code in _actions:
        raise ValueError(f"journal action {code} is registered twice")
    _actions[code] = Action(code, label, icon)
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
