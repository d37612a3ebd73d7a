"""Opening cases: by hand, by an import, by a signal, by a job; one card or many (R16, R18, R32, R34, R52)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.journal.recording import Deed, record_many
from cardfleet.kernel.bulk import insert_many
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import NotVisible, Reason, Refusal
from cards.models import Card
from lifecycle.choices import CaseSource, StepState
from lifecycle.errors import CaseRefused
from lifecycle.messages import CASE_REPORTED
from lifecycle.models import Case, CaseStep
from lifecycle.playbooks.registry import Asked, Kind, kind_of
from lifecycle.rules.cases.clocks import WorkingDays
from lifecycle.rules.cases.facts import OpeningFacts
from lifecycle.rules.cases.opening import unmet_to_open
from lifecycle.selectors.cases.calendar import working_days
from lifecycle.selectors.cases.facts import OF_CARD, card_now
from lifecycle.selectors.cases.playbooks import Plan, plans_of
from lifecycle.services.cases.telling import tell_in_charge
from lifecycle.services.cases.writing import nearest, start_clock, store_proofs


@dataclass(frozen=True, kw_only=True)
class OpenedCases:
    """What became of many cards: the cases opened, and by card why none was."""

    cases: list[Case] = field(default_factory=list)
    refused: dict[int, list[Reason]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class _Order:
    """A case to be opened on each of some cards."""

    kind: Kind
    reason: str
    source: str
    note: str
    parent: Case | None
    at: datetime
    actor: User | None
    now: datetime


@transaction.atomic
def open_case(
    *,
    card_id: int,
    kind: str,
    reason: str,
    source: str = CaseSource.PERSON,
    note: str = "",
    parent: Case | None = None,
    evidence: Sequence["File[bytes]"] = (),
    at: datetime | None = None,
    actor: User | None,
    now: datetime,
) -> Case:
    """Open a case on a card and return it. CaseRefused says everything in the way; NotVisible without such a card.

    `at` is when the matter began where it is reported late; the clocks of steps run from it. `evidence` are uploads,
    kept as documents of the case.
    """
    opened = open_cases(
        card_ids=[card_id],
        kind=kind,
        reason=reason,
        source=source,
        note=note,
        parent=parent,
        at=at,
        actor=actor,
        now=now,
    )
    if opened.refused:
        raise CaseRefused(reasons=opened.refused[card_id])
    case = opened.cases[0]
    if source == CaseSource.AGENT:
        tell_in_charge(case, CASE_REPORTED, now=now)
    store_proofs(case, evidence, step=None, actor=actor, now=now)
    return case


@transaction.atomic
def open_cases(
    *,
    card_ids: Sequence[int],
    kind: str,
    reason: str,
    source: str = CaseSource.PERSON,
    note: str = "",
    parent: Case | None = None,
    at: datetime | None = None,
    actor: User | None,
    now: datetime,
) -> OpenedCases:
    """Open a case on each card that may have one; the others come back with their reasons.

    The number of statements does not depend on the number of cards, unless the kind looks into its books (`on_open`).
    """
    cards = {card.pk: card for card in Card.objects.filter(pk__in=card_ids).select_related(*OF_CARD).locked()}
    if len(cards) < len(set(card_ids)):
        raise NotVisible
    order = _Order(
        kind=kind_of(kind),
        reason=reason,
        source=source,
        note=note,
        parent=parent,
        at=at or now,
        actor=actor,
        now=now,
    )
    refused = dict(_unmet(cards.values(), order))
    fit = [card for pk, card in cards.items() if pk not in refused]
    if order.kind.on_open is None:
        return OpenedCases(cases=_store(fit, order), refused=refused)
    outcome = OpenedCases(refused=refused)
    for card in fit:
        try:
            with transaction.atomic():
                outcome.cases.extend(_store([card], order))
        except Refusal as refusal:
            outcome.refused[card.pk] = list(refusal.reasons) or [Reason(code=refusal.code, message=str(refusal))]
    return outcome


def _unmet(cards: Iterable[Card], order: _Order) -> Iterator[tuple[int, list[Reason]]]:
    known = list(cards)
    open_ones: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for card_id, kind, track in Case.objects.open().filter(card__in=known).values_list("card_id", "kind", "track"):
        open_ones[card_id].append((kind, track))
    for card in known:
        if reasons := list(_reasons(card, open_ones[card.pk], order)):
            yield card.pk, reasons


def _reasons(card: Card, open_ones: Sequence[tuple[str, str]], order: _Order) -> Iterator[Reason]:
    if order.at > order.now:
        yield Reason(code="in_the_future", message=_("This has not happened yet. Correct the time."), field="at")
    facts = OpeningFacts(
        kind=order.kind.name,
        track=order.kind.track,
        reason=order.reason,
        card=card_now(card),
        open_kinds=frozenset(kind for kind, _track in open_ones),
        open_tracks={track: kind for kind, track in open_ones if track},
        today=business_day(order.now),
    )
    yield from unmet_to_open(facts, reasons=order.kind.reason_values)
    yield from order.kind.may_open(facts)


def _store(cards: Sequence[Card], order: _Order) -> list[Case]:
    if not cards:
        return []
    plans = plans_of(order.kind, reason=order.reason, cards=cards, day=business_day(order.now))
    cases = [_case(card, plans[card.carrier_id], order) for card in cards]
    days = working_days()
    steps_of = {id(case): _steps(case, plans[case.card.carrier_id], order, days) for case in cases}
    for case in cases:
        case.due_at = nearest(steps_of[id(case)])
    insert_many(cases)
    for case in cases:
        for step in steps_of[id(case)]:
            step.case = case
    insert_many([step for case in cases for step in steps_of[id(case)]])
    record_many([_deed(case) for case in cases], actor=order.actor, now=order.now)
    if order.kind.on_open is not None:
        for case in cases:
            order.kind.on_open(case, Asked(actor=order.actor, now=order.now, at=order.at, note=order.note))
    return cases


def _case(card: Card, plan: Plan, order: _Order) -> Case:
    return Case(
        card=card,
        kind=order.kind.name,
        reason=order.reason,
        source=order.source,
        track=order.kind.track,
        note=order.note,
        opened_at=order.at,
        opened_by=order.actor,
        playbook_id=plan.playbook_id,
        parent=order.parent,
    )


def _steps(case: Case, plan: Plan, order: _Order, days: WorkingDays) -> list[CaseStep]:
    """Return the steps of a new case: those up to the first gate are open."""
    steps, is_open = [], True
    for position, terms in enumerate(plan.steps, start=1):
        step = CaseStep(case=case, position=position, state=StepState.OPEN if is_open else StepState.WAITING, **terms)
        start_clock(step, case, now=order.now, days=days)
        steps.append(step)
        is_open = is_open and not step.is_gate
    return steps


def _deed(case: Case) -> Deed:
    data = {"kind": case.kind, "reason": case.reason, "source": case.source}
    return Deed(action="lifecycle.case_opened", subject=case, related=(case.card,), data=data)
