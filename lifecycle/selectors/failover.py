"""The spares that could take the place of a stopped card, weighed, in a fixed number of statements (R47, R55, R102)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models
from django.db.models import F, IntegerField, Q, QuerySet, Value, When

from agents.models import Assignment
from agents.rules.gates import Gate, judge
from agents.selectors.handout_many import handout_facts_of
from cardfleet.accounts.models import User
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Reason
from cardfleet.kernel.money import ZERO, to_fen
from cards.choices import ENDED, CustodyState, Payment, RealNameState, ServiceState, StopReason
from cards.models import Card, Inspection
from cards.querysets import CardQuerySet
from cards.rules.carrier_terms import recycle
from cards.rules.custody import ISSUABLE
from lifecycle.choices import CaseKind
from lifecycle.models import Case
from lifecycle.rules.failover import Ranked, StandbyFacts, StoppedFacts, needs_release, rank, why_not
from lifecycle.selectors.blocking import blocking_sentences_of
from lifecycle.selectors.cases.asking import holding
from lifecycle.selectors.facts import CardInputs, Ground, ground_at, inputs_of

LOOKED_AT, NOT_READY_LOOKED_AT = 40, 10
# Cases that say that a card cannot be used.
REPORTS = (CaseKind.SUSPENSION, CaseKind.REVERIFICATION, CaseKind.FAULT, CaseKind.LOSS)
NUMBER = IntegerField()
JOINED = ("carrier", "plan", "contract", "registrant", "actual_user", "team")


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a card stands that may have to be replaced: who holds it, since when it stands still, what forbids.

    `is_released`: whoever asks is compliance, and a switch releases the card.
    """

    card: Card
    assignment: Assignment | None
    since: datetime
    case: Case | None
    unmet: Sequence[Reason]
    is_released: bool = False


@dataclass(frozen=True)
class Spare:
    """A spare with its weight."""

    card: Card
    ranked: Ranked


@dataclass(frozen=True, kw_only=True)
class Spares:
    """The spares looked at: those that may be used, the best first, and those that may not, with what clears that.

    `more` are further ones in service that fit less by what is on record.
    """

    fit: Sequence[Spare]
    unfit: Sequence[Spare]
    more: int


def standing_of(card: Card, *, actor: User | None, now: datetime) -> Standing:
    """Return where a card stands, in three statements."""
    held = Assignment.objects.open().filter(card=card).select_related("agent__user__team").first()
    cases = list(Case.objects.open().filter(card=card, kind__in=REPORTS).order_by("opened_at"))
    facts = StoppedFacts(
        service_state=card.service_state,
        stop_reason=card.stop_reason,
        custody_state=card.custody_state,
        condition=card.condition,
        is_held_by_somebody=held is not None,
        reverification_over=card.reverify_due_at is not None and card.reverify_due_at <= now,
        is_held=card.pk in holding([card.pk]),
        is_reported=bool(cases),
        may_release=actor is None or actor.has_perm("cards.release_card"),
    )
    since = [card.service_since] if card.is_stopped else [one.opened_at for one in cases[:1]]
    return Standing(
        card=card,
        assignment=held,
        since=min(since, default=card.custody_since),
        case=cases[0] if cases else None,
        unmet=list(why_not(facts)),
        is_released=facts.may_release and needs_release(facts),
    )


def spares_for(
    standing: Standing, *, user: User, now: datetime, gates: Mapping[str, Gate], only: int | None = None
) -> Spares:
    """Return the spares in a person's scope, weighed for the holder of a card; `only` looks at that one alone.

    As many are looked at as people read, those first that fit by what is on record.
    """
    if standing.assignment is None:
        return Spares(fit=(), unfit=(), more=0)
    stopped, agent, today = standing.card, standing.assignment.agent, business_day(now)
    pool = _pool(Card.objects.visible_to(user), stopped)
    pool = pool.filter(pk=only) if only else pool
    ready = Q(service_state=ServiceState.ACTIVE, real_name_state=RealNameState.VALID)
    cards = [*pool.filter(ready)[:LOOKED_AT], *pool.exclude(ready)[:NOT_READY_LOOKED_AT]]
    count = pool.filter(ready).order_by().count()
    blocked = blocking_sentences_of(cards, now=now)
    asked = handout_facts_of(cards=cards, agent=agent, actor=user, today=today, blocked_by=blocked)
    inputs, ground = inputs_of([card.pk for card in cards], now=now), ground_at(now)
    looked = _looked_at(cards)
    facts = [
        _facts(
            card,
            stopped,
            today=today,
            agent_user=agent.user_id,
            known=inputs.get(card.pk),
            ground=ground,
            looked=looked.get(card.pk),
            unmet=judge(asked[card.pk], gates).unmet,
        )
        for card in cards
    ]
    by_id = {card.pk: card for card in cards}
    found = [Spare(by_id[one.card_id], one) for one in rank(facts)]
    return Spares(
        fit=[one for one in found if one.ranked.is_allowed],
        unfit=[one for one in found if not one.ranked.is_allowed],
        more=max(count - LOOKED_AT, 0),
    )


def _pool(cards: CardQuerySet, stopped: Card) -> QuerySet[Card]:
    """Return cards in stock in the order of how they fit by what is on record."""
    team = stopped.team
    alike = (
        (Q(registrant=stopped.registrant_id) & Q(registrant__isnull=False), 8),
        (Q(team=team) & Q(team__isnull=False), 4),
        (Q(carrier=stopped.carrier_id), 2),
        (Q(plan=stopped.plan_id) & Q(plan__isnull=False), 1),
        (Q(region=stopped.region) & ~Q(region=""), 1),
        (Q(purpose=stopped.purpose), 2),
    )
    weight = sum(
        (models.Case(When(same, then=Value(points)), default=Value(0), output_field=NUMBER) for same, points in alike),
        start=Value(0, output_field=NUMBER),
    )
    stock = cards.filter(custody_state__in=ISSUABLE, holder=None).exclude(pk=stopped.pk)
    stock = stock.exclude(service_state__in=ENDED)
    return stock.annotate(weight=weight).select_related(*JOINED).order_by(F("weight").desc(), "-custody_state", "pk")


def _looked_at(cards: Sequence[Card]) -> dict[int, Inspection]:
    last = Inspection.objects.filter(card__in=[card.pk for card in cards]).order_by("card_id", "-at")
    return {one.card_id: one for one in last.distinct("card_id")}


def _facts(
    card: Card,
    stopped: Card,
    *,
    today: date,
    agent_user: int,
    known: CardInputs | None,
    ground: Ground,
    looked: Inspection | None,
    unmet: Sequence[Reason],
) -> StandbyFacts:
    same_trouble = stopped.stop_reason == StopReason.MAINTENANCE and card.carrier_id == stopped.carrier_id
    both = bool(card.registrant_id and stopped.registrant_id)
    terms = ground.terms[card.carrier_id]
    topped_up = business_day(known.topped_up_at) if known and known.topped_up_at else None
    last_call = known.last_call_on if known else None
    recycled = recycle(terms, last_call_on=last_call or card.activated_on, last_topup_on=topped_up)
    return StandbyFacts(
        card_id=card.pk,
        today=today,
        unmet=unmet,
        registrant=str(card.registrant or ""),
        same_registrant=card.registrant_id == stopped.registrant_id if both else None,
        user_is_agent=card.actual_user_id == agent_user if card.actual_user_id else None,
        carrier=str(card.carrier),
        same_carrier=card.carrier_id == stopped.carrier_id,
        works_at_carrier=same_trouble,
        same_plan=bool(card.plan_id) and card.plan_id == stopped.plan_id,
        region=card.region,
        same_region=card.region == stopped.region if card.region and stopped.region else None,
        same_purpose=card.purpose == stopped.purpose,
        direction=card.direction,
        is_spare=card.custody_state == CustodyState.SPARE,
        condition=card.condition,
        balance=known.balance if known else None,
        stop_below=terms.stop_below if known and known.payment == Payment.PREPAID else None,
        runway_days=_runway(known),
        recycled_on=recycled.on if recycled else None,
        expires_on=card.expires_on,
        inspected_on=business_day(looked.at) if looked else None,
        signal=looked.signal if looked else "",
        decision=looked.decision if looked else "",
        is_marked=card.is_marked,
        is_customer_facing=card.is_customer_facing,
        complaints=(known.complaints or 0) if known else 0,
    )


def _runway(known: CardInputs | None) -> int | None:
    if known is None or known.balance is None or not known.daily_burn or known.daily_burn <= ZERO:
        return None
    return int(to_fen(known.balance) / known.daily_burn)
