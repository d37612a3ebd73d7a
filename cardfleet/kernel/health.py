"""Is everything set up: the checks that `manage.py doctor` runs and of which `/readyz` runs some.

Each app registers its checks in a module named `doctor`. A check returns nothing or raises `Unwell`.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from cardfleet.kernel.errors import Text


class Unwell(Exception):
    """What is wrong, and what to do about it, in one sentence or two."""

    def __init__(self, advice: Text) -> None:
        super().__init__(advice)
        self.advice = advice


@dataclass(frozen=True)
class Check:
    """A thing to look at. `ready` ones decide whether `/readyz` says yes."""

    name: str
    run: Callable[[], None]
    ready: bool


@dataclass(frozen=True)
class Result:
    """What a check found; `advice` is empty when all is well."""

    name: str
    advice: Text = ""


_checks: dict[str, Check] = {}


def register(name: str, run: Callable[[], None], *, ready: bool = False) -> None:
    """Make a check known; the same name twice is a defect."""
    if name in _checks:
        raise ValueError(f"check {name} is registered twice")
    _checks[name] = Check(name, run, ready)


def names() -> list[str]:
    """Return the names of all checks."""
    return list(_checks)


def readiness() -> list[Result]:
    """Run the checks without which no request can be served well."""
    return [_result(check) for check in _checks.values() if check.ready]


def examine(wanted: Collection[str] = ()) -> list[Result]:
    """Run the wanted checks, all when none is named."""
    return [_result(check) for check in _checks.values() if not wanted or check.name in wanted]


def _result(check: Check) -> Result:
    try:
        check.run()
    except Unwell as problem:
        return Result(check.name, problem.advice)
    return Result(check.name)
