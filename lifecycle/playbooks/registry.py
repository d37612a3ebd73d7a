"""The registry of kinds of cases. A new kind is a file beside this one (docs/cases.md):

    register(
        Kind(name=CaseKind.DRILL, label=_("Switch-over drill"), icon="refresh", outcomes=(CaseOutcome.KEPT,),
             play=(Play(steps=(StepSpec("call", _("Test call made"), hours=24),)),))
    )

`acts` do something when their step is done: `perform` makes the domain calls in the step's transaction and returns
plain data to keep with the step; a Refusal from it refuses the step. A step that was put right is performed again, so
an act finds what is so already and leaves it.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Choices

from cardfleet.accounts.models import User
from cardfleet.files.models import StoredFile
from cardfleet.kernel.errors import Reason, Text
from lifecycle.choices import CaseKind, CaseOutcome, ClockUnit, StepEvidence, StepStart
from lifecycle.models import Case, CaseStep
from lifecycle.rules.cases.closing import EndingTerms
from lifecycle.rules.cases.facts import OpeningFacts, StepFacts

FUTURE = "future"  # the track of the kinds that decide what becomes of a card
WORK, CLOSE, RELEASE, APPROVE = (f"lifecycle.{name}_case" for name in ("work", "close", "release", "approve"))
OPEN, REPORT, VIEW = (f"lifecycle.{name}_case" for name in ("open", "report", "view"))
OF_EVERY_STEP = frozenset({"note", "files", "done_at", "deed"})


class StepForm(forms.Form):
    """What a step asks for beside note, files and time; page and API fill it with the same values as text."""

    def __init__(self, *args: Any, step: CaseStep, person: User | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.step, self.case, self.person = step, step.case, person
        self.offer()

    def offer(self) -> None:
        """Limit the choices to the case and the person's scope."""


@dataclass(frozen=True)
class Asked:
    """Who does something with a case (None: CardFleet), now, and when it happened; `files` are its stored proofs."""

    actor: User | None
    now: datetime
    at: datetime
    files: Sequence[StoredFile] = ()
    note: str = ""


@dataclass(frozen=True)
class StepSpec:
    """A step as the code ships it; the fields are those of `lifecycle.models.playbook.StepTerms`."""

    code: str
    label: Text
    _: KW_ONLY
    who: str = WORK
    evidence: str = StepEvidence.NONE
    people: int = 1
    gate: bool = True
    holds: bool = False
    starts: str = StepStart.PREVIOUS
    awaits: str = ""
    hours: int = 0
    workdays: int = 0
    help: Text = ""

    def terms(self) -> dict[str, Any]:
        """Return it as the fields of a step."""
        return {
            "code": self.code,
            "who": self.who,
            "evidence": str(self.evidence),
            "people": self.people,
            "is_gate": self.gate,
            "holds": self.holds,
            "starts": str(self.starts),
            "awaits": str(self.awaits),
            "clock_amount": self.workdays or self.hours,
            "clock_unit": str(ClockUnit.WORKDAYS if self.workdays else ClockUnit.HOURS),
        }


@dataclass(frozen=True, kw_only=True)
class Play:
    """The steps of a kind for a reason (empty: any), as shipped; administrators add those of a carrier."""

    steps: Sequence[StepSpec]
    reason: str = ""
    carrier_id: int | None = None

    @property
    def digest(self) -> str:
        """The hash of what it ships, which changes when the code's steps do."""
        told = json.dumps([step.terms() for step in self.steps], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()


Perform = Callable[[CaseStep, Mapping[str, Any], Asked], Mapping[str, Any] | None]


def _no_reason(_facts: Any) -> Iterable[Reason]:
    return ()


def _goes_on(_data: Any) -> str:
    return ""


@dataclass(frozen=True, kw_only=True)
class Act:
    """What a step asks for and does beside being recorded. `check` and `ends` are pure.

    `ends` says from what the step kept with which outcome the case ends at once, empty where it goes on.
    """

    form: type[StepForm] = StepForm
    check: Callable[[StepFacts], Iterable[Reason]] = _no_reason
    perform: Perform | None = None
    ends: Callable[[Mapping[str, Any]], str] = _goes_on


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A letter or form that is printed from a case; `facts` fill its template, once the step `after` is done."""

    code: str
    label: Text
    template: str
    facts: Callable[[Case], Mapping[str, Any]]
    after: str = ""

    def has_its_facts(self, done: Collection[str]) -> bool:
        """Tell whether it says something yet; `done` are the codes of the steps done."""
        return not self.after or self.after in done


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of case. Everything but name, label, icon, outcomes and play may be left out.

    `right` opens it; with `is_reported` agents do so, too, on their own cards. `track`: kinds of one track contradict
    one another. `irreversible`: codes of steps after which the case can be neither withdrawn nor refused. `early`,
    `needs_before` and `fits` are those of `EndingTerms`. `may_open` is pure; what needs the books is `on_open`'s to
    refuse. `on_close` runs when the case may be closed, `after_close` when it is, both in the same transaction.
    """

    name: CaseKind
    label: Text
    icon: str
    outcomes: Sequence[CaseOutcome]
    play: Sequence[Play]
    note: Text = ""
    right: str = OPEN
    is_reported: bool = False
    track: str = ""
    reasons: Sequence[Choices] = ()
    may_open: Callable[[OpeningFacts], Iterable[Reason]] = _no_reason
    acts: Mapping[str, Act] = field(default_factory=dict)
    on_open: Callable[[Case, Asked], None] | None = None
    on_close: Callable[[Case, str, Asked], None] | None = None
    after_close: Callable[[Case, str, Asked], None] | None = None
    irreversible: frozenset[str] = frozenset()
    early: frozenset[CaseOutcome] = frozenset()
    needs_before: Mapping[str, Sequence[str]] = field(default_factory=dict)
    fits: Mapping[str, frozenset[str]] = field(default_factory=dict)
    panel: str = ""
    panel_facts: Callable[[Case, User], Mapping[str, Any]] | None = None
    papers: Sequence[Paper] = ()
    order: int = 100

    @property
    def terms(self) -> EndingTerms:
        """How its cases may end."""
        return EndingTerms(
            outcomes=tuple(map(str, self.outcomes)),
            early=frozenset(map(str, self.early)),
            needs=self.needs_before,
            fits=self.fits,
        )

    @property
    def reason_values(self) -> tuple[str, ...]:
        """The values of its reasons."""
        return tuple(str(reason.value) for reason in self.reasons)

    def reason_label(self, value: str) -> Text:
        """Return a reason in words."""
        return next((reason.label for reason in self.reasons if reason.value == value), value)

    def reason_beside(self, value: str) -> Text:
        """Return a reason as it stands beside the kind's name: nothing where all of the kind have the one reason."""
        return self.reason_label(value) if value and len(self.reasons) > 1 else ""

    def specs(self) -> Iterator[StepSpec]:
        """Yield the steps of all its plays."""
        for play in self.play:
            yield from play.steps

    def spec(self, code: str) -> StepSpec | None:
        """Return a shipped step by its code; None for one an administrator added."""
        return next((spec for spec in self.specs() if spec.code == code), None)

    def act(self, code: str) -> Act:
        """Return what a step asks for and does."""
        return self.acts.get(code, PLAIN)


PLAIN = Act()
_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind known and return it; what contradicts itself is a defect."""
    codes = {spec.code for spec in kind.specs()}
    named = {*kind.acts, *kind.irreversible, *(code for needed in kind.needs_before.values() for code in needed)}
    if kind.name in _kinds:
        raise ValueError(f"case kind {kind.name} is registered twice")
    if unknown := named - codes:
        raise ValueError(f"case kind {kind.name} has no steps {sorted(unknown)}")
    if taken := {name for act in kind.acts.values() for name in act.form.base_fields} & OF_EVERY_STEP:
        raise ValueError(f"the forms of case kind {kind.name} may not have fields {sorted(taken)}")
    if any(spec.holds and not spec.gate for spec in kind.specs()):
        raise ValueError(f"a step of case kind {kind.name} holds the card back and is no gate")
    if any(spec.awaits and spec.people > 1 for spec in kind.specs()):
        raise ValueError(f"a step of case kind {kind.name} is done by the card's state and by two people")
    _kinds[kind.name] = kind
    return kind


def kinds() -> list[Kind]:
    """Return all kinds in the order of their menu."""
    return sorted(_kinds.values(), key=lambda kind: (kind.order, kind.name))


def kind_of(name: str) -> Kind:
    """Return a kind by its name; KeyError for one there is not."""
    return _kinds[name]


def kinds_opened_by(person: User) -> list[Kind]:
    """Return the kinds a person may open: by the right of each, agents what is reported."""
    reports = person.has_perm(REPORT)
    return [kind for kind in kinds() if person.has_perm(kind.right) or (kind.is_reported and reports)]


def step_label(step: CaseStep) -> Text:
    """Return what a step is called: as an administrator named it, else as the code does."""
    spec = kind_of(step.case.kind).spec(step.code)
    return step.title or (spec.label if spec else step.code)


def step_help(step: CaseStep) -> Text:
    """Return what the code says about a step."""
    spec = kind_of(step.case.kind).spec(step.code)
    return spec.help if spec else ""


def step_words(code: str) -> Text:
    """Return what the code calls a step, whatever the kind; its code where no kind has it any more."""
    return next((spec.label for kind in kinds() for spec in kind.specs() if spec.code == code), code)


def reason_words(value: str) -> Text:
    """Return a reason of a case in words, whatever the kind."""
    return next((reason.label for kind in kinds() for reason in kind.reasons if reason.value == value), value)
