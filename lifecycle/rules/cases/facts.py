"""What the rules of cases read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from cardfleet.kernel.errors import Text
from lifecycle.choices import StepEvidence, StepState


@dataclass(frozen=True, kw_only=True)
class CardNow:
    """What a card is at the moment a case asks; empty texts and None where nothing is recorded."""

    card_id: int
    service_state: str
    stop_reason: str = ""
    service_since: datetime | None = None
    custody_state: str = ""
    holder_id: int | None = None
    real_name_state: str = ""
    carrier_kind: str = ""
    registrant_kind: str = ""
    purpose: str = ""
    expires_on: date | None = None
    contract_ends_on: date | None = None
    activated_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class OpeningFacts:
    """A case somebody wants to open, and what is open on its card already."""

    kind: str
    track: str
    reason: str
    card: CardNow
    open_kinds: frozenset[str]
    open_tracks: Mapping[str, str]
    today: date


@dataclass(frozen=True, kw_only=True)
class StepView:
    """A standing step of a case as the rules see it. `is_irreversible`: what it did cannot be undone."""

    code: str
    state: str
    label: Text = ""
    is_gate: bool = True
    people: int = 1
    evidence: str = StepEvidence.NONE
    holds: bool = False
    done_at: datetime | None = None
    done_by: int | None = None
    is_irreversible: bool = False

    @property
    def is_settled(self) -> bool:
        """Whether nothing has to be done there any more."""
        return self.state in (StepState.DONE, StepState.SKIPPED)


@dataclass(frozen=True, kw_only=True)
class CaseView:
    """A case as the rules see it: its standing steps in their order."""

    kind: str
    reason: str
    opened_at: datetime
    is_open: bool
    steps: Sequence[StepView]
    facts: Mapping[str, Any] = field(default_factory=dict)

    def step(self, code: str) -> StepView:
        """Return a step by its code; KeyError where it has none such."""
        return next((step for step in self.steps if step.code == code), None) or _missing(code)

    @property
    def done(self) -> frozenset[str]:
        """The codes of the steps that are done."""
        return frozenset(step.code for step in self.steps if step.state == StepState.DONE)


@dataclass(frozen=True, kw_only=True)
class StepFacts:
    """A step somebody wants to record: what the case and the card are, what was entered, by whom (None: CardFleet)."""

    case: CaseView
    code: str
    card: CardNow
    actor_id: int | None
    has_note: bool
    has_file: bool
    done_at: datetime
    now: datetime
    given: Mapping[str, Any] = field(default_factory=dict)


def _missing(code: str) -> StepView:
    raise KeyError(code)
