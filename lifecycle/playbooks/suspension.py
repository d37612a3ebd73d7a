"""The stopped card: from the carrier's word to service again, by why it was stopped (R34-R39, R41, R44-R47, R53)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.kernel.errors import Reason
from cards.choices import ServiceState, StopReason
from lifecycle.choices import CaseKind, CaseOutcome, CaseReason, StepEvidence, StepStart, StopGroup
from lifecycle.forms import suspension as forms
from lifecycle.models import Case
from lifecycle.playbooks.registry import RELEASE, Act, Kind, Paper, Play, StepSpec, register
from lifecycle.rules.cases.contingency import ContingencyFacts, contingency_refusals
from lifecycle.rules.cases.facts import OpeningFacts, StepFacts
from lifecycle.rules.cases.suspension import GROUP_OF, cause_refusal, opening_refusals, replacement_refusal
from lifecycle.selectors.cases.letter import commitment, contingency_plan
from lifecycle.selectors.cases.stops import harm_of
from lifecycle.services.cases import suspension as deeds

STATES = "cards.change_service_state"
NOTE, FILE, EITHER = StepEvidence.NOTE, StepEvidence.FILE, StepEvidence.NOTE_OR_FILE

ASK = (
    StepSpec("contact", _("Ask the carrier for the reason"), evidence=NOTE, hours=4, help=_("Write who said what.")),
    StepSpec(
        "cause", _("The carrier confirms the cause"), evidence=EITHER, workdays=1, starts=StepStart.EXTERNAL,
        help=_("The steps that follow depend on it. A penalty becomes something else only in writing."),
    ),
    StepSpec(
        "contingency", _("How customers are reached meanwhile"), gate=False, workdays=1,
        help=_("Consented channels only; no calls that go on with what was stopped."),
    ),
    StepSpec("replace", _("Another card takes over"), gate=False, help=_("Only where the card cannot come back.")),
)  # fmt: skip
BACK = StepSpec(
    "resume", _("The carrier has restored the card"), who=STATES, evidence=EITHER, hours=48,
    starts=StepStart.EXTERNAL, awaits=ServiceState.ACTIVE,
)  # fmt: skip
TEST = StepSpec("test_call", _("Test call"), evidence=NOTE, hours=4, help=_("Call our own line, never a customer."))
FREE = StepSpec(
    "release", _("Compliance releases the card"), who=RELEASE, evidence=NOTE, holds=True, workdays=1,
    help=_("Looks at the measures, the training and the carrier's reply, and records that the card is in service."),
)  # fmt: skip
USE = StepSpec("back", _("Back in use"), evidence=NOTE, workdays=1, help=_("Who calls with it, within which limits."))
PAID = StepSpec("pay", _("Pay, and keep the proof"), who="billing.post_entry", evidence=FILE, workdays=1)
AMENDS = (
    StepSpec("rectify", _("Say what is changed"), evidence=NOTE, workdays=2, help=_("The plan of rectification.")),
    StepSpec("training", _("Train the agent again"), who="agents.add_trainingrecord", workdays=3),
    StepSpec(
        "apply", _("Hand in the application with the commitment letter"), evidence=FILE, workdays=1,
        help=_("Print the letter below, have it signed and sealed, and attach what was handed in."),
    ),
    StepSpec(
        "reply", _("The carrier agrees to restore the card"), evidence=FILE, workdays=5, starts=StepStart.EXTERNAL,
        awaits=ServiceState.ACTIVE,
    ),
)  # fmt: skip
PROVEN = StepSpec(
    "verify", _("The registrant has verified"), who="lifecycle.change_reverification", evidence=EITHER, hours=24,
    help=_("In person or with the carrier's own app; nobody can do it for them."),
)  # fmt: skip
MENDED = StepSpec("mend", _("Card re-issued or validity extended"), evidence=FILE, workdays=3)

STEPS: Mapping[StopGroup, tuple[StepSpec, ...]] = {
    StopGroup.MONEY: (*ASK, PAID, BACK, TEST),
    StopGroup.CONDUCT: (*ASK, *AMENDS, FREE, TEST, USE),
    StopGroup.IDENTITY: (*ASK, PROVEN, BACK, FREE, TEST),
    StopGroup.WORKS: (*ASK, BACK, TEST),
    StopGroup.PLASTIC: (*ASK, MENDED, BACK, TEST),
    StopGroup.LOST: (*ASK, MENDED, BACK, TEST),
    StopGroup.UNKNOWN: (*ASK, BACK, TEST),
}


def may_open(facts: OpeningFacts) -> Iterator[Reason]:
    """Yield why a card's stop is no suspension, or not for this reason."""
    card = facts.card
    yield from opening_refusals(service_state=card.service_state, stop_reason=card.stop_reason, reason=facts.reason)


def may_cause(facts: StepFacts) -> Iterable[Reason]:
    """Return why the cause cannot be taken as confirmed."""
    reasons = (facts.case.reason, facts.card.stop_reason)
    unmet = cause_refusal(reasons=reasons, cause=facts.given.get("cause", ""), has_file=facts.has_file)
    return [unmet] if unmet else []


def may_replace(facts: StepFacts) -> Iterable[Reason]:
    """Return why no other card may take over."""
    unmet = replacement_refusal(reasons=_reasons(facts), is_released="release" in facts.case.done)
    return [unmet] if unmet else []


def may_reach(facts: StepFacts) -> Iterable[Reason]:
    """Return what the plan for customers may not do."""
    plan = ContingencyFacts(
        channels=frozenset(facts.given.get("channels", ())),
        basis=facts.given.get("basis", ""),
        reasons=frozenset(_reasons(facts)),
        is_released="release" in facts.case.done,
    )
    return contingency_refusals(plan)


def _reasons(facts: StepFacts) -> tuple[str, ...]:
    """Return all that is said of why the card stopped; the carrier's word alone once it is there."""
    cause = facts.case.facts.get("cause", "")
    return (cause,) if cause else (facts.case.reason, facts.card.stop_reason)


def letter_facts(case: Case) -> Mapping[str, Any]:
    """Return what the letter of commitment says, as of today."""
    return commitment(case, now=timezone.now())


def panel_facts(case: Case, _user: User) -> Mapping[str, Any]:
    """Return the harm of the stop up to now, and what is known of it."""
    return harm_of(case, now=timezone.now())


ACTS = {
    "contact": Act(form=forms.ContactStep, perform=deeds.ask_carrier),
    "cause": Act(form=forms.CauseStep, check=may_cause, perform=deeds.confirm_cause),
    "contingency": Act(form=forms.ContingencyStep, check=may_reach),
    "pay": Act(form=forms.PayStep, perform=deeds.pay),
    "rectify": Act(form=forms.RectifyStep),
    "training": Act(form=forms.TrainingStep, perform=deeds.train),
    "apply": Act(form=forms.ApplyStep, perform=deeds.apply),
    "verify": Act(perform=deeds.verify),
    "release": Act(perform=deeds.restore),
    "resume": Act(perform=deeds.restore),
    "test_call": Act(form=forms.TestCallStep),
    "replace": Act(form=forms.ReplaceStep, check=may_replace, perform=deeds.replace),
}

SUSPENSION = register(
    Kind(
        name=CaseKind.SUSPENSION,
        label=_("Suspension"),
        icon="phone-off",
        note=_("A card that its carrier stopped, or is about to."),
        is_reported=True,
        reasons=(*(StopReason(reason) for reason in StopReason.values if reason in GROUP_OF), CaseReason.UNKNOWN),
        outcomes=(
            CaseOutcome.RESTORED,
            CaseOutcome.REPLACED,
            CaseOutcome.CANCELLED,
            CaseOutcome.CORRECTED,
            CaseOutcome.REFUSED,
            CaseOutcome.WITHDRAWN,
        ),
        may_open=may_open,
        play=(
            *(Play(reason=reason, steps=STEPS[group]) for reason, group in GROUP_OF.items()),
            Play(steps=STEPS[StopGroup.UNKNOWN]),
        ),
        acts=ACTS,
        on_close=deeds.keep_harm,
        early=frozenset({CaseOutcome.REPLACED, CaseOutcome.CANCELLED, CaseOutcome.CORRECTED}),
        needs_before={CaseOutcome.REPLACED: ("replace",)},
        fits={CaseOutcome.CORRECTED: frozenset({ServiceState.ACTIVE})},
        panel="lifecycle/cases/parts/suspension.html",
        panel_facts=panel_facts,
        papers=(
            Paper(
                code="commitment",
                label=_("Letter of commitment"),
                template="lifecycle/cases/papers/commitment.html",
                facts=letter_facts,
            ),
            Paper(
                code="contingency",
                label=_("Plan for customers meanwhile"),
                template="lifecycle/cases/papers/contingency.html",
                facts=lambda case: contingency_plan(case, now=timezone.now()),
            ),
        ),
        order=10,
    )
)
