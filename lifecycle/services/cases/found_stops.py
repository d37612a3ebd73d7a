"""Cases of stops that nobody reported: found in an import, spoken of by failed calls, told by an agent (R34, R38)."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from cardfleet.accounts.models import User
from cardfleet.kernel.errors import NotVisible
from cards.choices import Axis, ChangeSource
from cards.models import Card, CardChange
from lifecycle.choices import AlertKind, CaseKind, CaseReason, CaseSource
from lifecycle.models import CarrierNotice, Case
from lifecycle.rules.cases.suspension import BY_CARRIER, GROUP_OF, FoundStop, worth_opening
from lifecycle.rules.notices import GRACE, Announced, explains
from lifecycle.selectors.notices import announced
from lifecycle.selectors.policy import policy_now
from lifecycle.services.cases.log import comment
from lifecycle.services.cases.opening import open_case, open_cases

# Sources that bring the states of many cards at once, so that nobody has looked at each stop.
TOLD_OF = frozenset({ChangeSource.IMPORT, ChangeSource.CARRIER, ChangeSource.CARRIER_SMS})


@transaction.atomic
def open_found(*, changes: Sequence[CardChange], actor: User | None, now: datetime) -> list[Case]:
    """Open a case on each card that these stored changes stopped, where the administrators want it.

    Works of a carrier open none: what a notice explains and what befalls a crowd is one matter, told as one. A card
    that has a case keeps it. The number of statements does not depend on the number of cards.
    """
    policy = policy_now()
    stopped = [change for change in changes if _is_new_stop(change)] if policy.opens_from_import else []
    found = _explained([_found(change) for change in stopped], now=now) if stopped else []
    return _open(worth_opening(found, storm_at=policy.storm_at), source=CaseSource.IMPORT, actor=actor, now=now)


@transaction.atomic
def open_spoken(*, card_ids: Collection[int], now: datetime) -> list[Case]:
    """Open a case on each card whose failed calls say that it is stopped, where the administrators want it."""
    policy = policy_now()
    if not policy.opens_from_signal or not card_ids:
        return []
    cards = Card.objects.filter(pk__in=card_ids).order_by("pk")
    found = [FoundStop(card_id=card.pk, carrier_id=card.carrier_id, reason="", at=now) for card in cards]
    opened = worth_opening(_explained(found, now=now), storm_at=policy.storm_at)
    return _open(opened, source=CaseSource.SIGNAL, actor=None, now=now)


@transaction.atomic
def report_stop(*, card_id: int, said: str, actor: User, now: datetime) -> Case:
    """Open a case because an agent says that the own card is stopped; said again, it is a comment on the open case.

    NotVisible for a card that is not in the agent's hands; CaseRefused.
    """
    card = Card.objects.filter(pk=card_id, holder=actor).locked().first()
    if card is None:
        raise NotVisible
    known = Case.objects.open().filter(card=card, kind=CaseKind.SUSPENSION).first()
    if known:
        comment(case_id=known.pk, text=said, actor=actor, now=now)
        return known
    return open_case(
        card_id=card_id,
        kind=CaseKind.SUSPENSION,
        reason=_reason(card.stop_reason),
        source=CaseSource.AGENT,
        note=said,
        actor=actor,
        now=now,
    )


@transaction.atomic
def open_left(*, now: datetime) -> dict[str, int]:
    """Open a case on each held card that a file or message told to be stopped and that nothing explains any more.

    So what came during works of the carrier and outlasted them is seen to after all; a crowd that is still one stays
    one matter. For a job; a card whose stop had a case already has no second one.
    """
    policy = policy_now()
    if not policy.opens_from_import:
        return {"opened": 0}
    held = Card.objects.filter(service_state__in=BY_CARRIER, holder__isnull=False, service_since__lte=now - GRACE)
    told = CardChange.objects.standing().filter(card=OuterRef("pk"), axis=Axis.SERVICE, source__in=TOLD_OF)
    since = Q(closed_at=None) | Q(closed_at__gte=OuterRef("service_since"))
    seen_to = Case.objects.filter(since, card=OuterRef("pk"), kind=CaseKind.SUSPENSION)
    begun = told.filter(at=OuterRef("service_since")).exclude(from_state="")
    left = held.filter(Exists(begun), ~Exists(seen_to))
    found = [
        FoundStop(card_id=card.pk, carrier_id=card.carrier_id, reason=card.stop_reason, at=card.service_since)
        for card in left.order_by("pk")
    ]
    alone = worth_opening(_explained(found, now=now), storm_at=policy.storm_at)
    return {"opened": len(_open(alone, source=CaseSource.SYSTEM, actor=None, now=now))}


def _is_new_stop(change: CardChange) -> bool:
    return change.to_state in BY_CARRIER and change.from_state not in (*BY_CARRIER, "")


def _found(change: CardChange) -> FoundStop:
    card = change.card
    return FoundStop(card_id=card.pk, carrier_id=card.carrier_id, reason=change.reason, at=change.at)


def _explained(found: Sequence[FoundStop], *, now: datetime) -> list[FoundStop]:
    """Return stops with whether a carrier's notice explains them, in three queries."""
    in_force = CarrierNotice.objects.filter(withdrawn_at=None, starts_at__lte=now, ends_at__gte=now - GRACE)
    notices = [said for _notice, said in announced(in_force)]
    regions = dict(Card.objects.filter(pk__in=[stop.card_id for stop in found]).values_list("pk", "region"))
    return [
        replace(stop, is_explained=any(_explains(said, stop, regions[stop.card_id]) for said in notices))
        for stop in found
    ]


def _explains(said: Announced, stop: FoundStop, region: str) -> bool:
    return explains(
        said,
        carrier_id=stop.carrier_id,
        region=region,
        kind=AlertKind.STOPPED,
        reason=stop.reason,
        opened_at=stop.at,
    )


def _open(found: Sequence[FoundStop], *, source: str, actor: User | None, now: datetime) -> list[Case]:
    by_reason: defaultdict[str, list[int]] = defaultdict(list)
    for stop in found:
        by_reason[_reason(stop.reason)].append(stop.card_id)
    opened: list[Case] = []
    for reason, card_ids in sorted(by_reason.items()):
        outcome = open_cases(
            card_ids=card_ids, kind=CaseKind.SUSPENSION, reason=reason, source=source, actor=actor, now=now
        )
        opened += outcome.cases
    return opened


def _reason(stop_reason: str) -> str:
    return stop_reason if stop_reason in GROUP_OF else CaseReason.UNKNOWN
