"""What speaks against putting a card into another phone (R33, R37, R88)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cardfleet.kernel.clock import business_day, day_start
from cards.choices import RuleAction
from cards.models import Card, DeviceUse
from cards.rules.devices import phone_changes
from lifecycle.rules.facts import CardFacts
from lifecycle.rules.findings import Finding
from lifecycle.rules.kinds import KINDS, blocked, find
from lifecycle.selectors.approvals import latest_decisions
from lifecycle.selectors.rules import rule_book

BINDING = tuple(code for code, kind in KINDS.items() if "bind" in kind.blocks)
ANOTHER = "another"
WEEK, MONTH = timedelta(days=7), timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Counters:
    """How often a card changed its phone within 7 and 30 days."""

    week: int
    month: int


@dataclass(frozen=True, kw_only=True)
class NextChange:
    """What the card's next change of phone would meet: findings that forbid it, and the counters up to now."""

    counters: Counters
    forbidding: Sequence[Finding]

    @property
    def wanting_approval(self) -> Sequence[Finding]:
        """Those that an approval lets pass."""
        return [finding for finding in self.forbidding if finding.action == RuleAction.NEED_APPROVAL]


def next_change(card: Card, *, now: datetime, imei: str = "") -> NextChange:
    """Return what forbids putting a card into a device (by its IMEI; empty: any other) now, in a few queries.

    Each change counts as if it were made already. An approval holds for one change: the one after it was given.
    `contract` is joined, or asked for.
    """
    uses = list(DeviceUse.objects.filter(card=card).order_by("pk").values_list("imei", "since"))
    into = imei or ANOTHER
    facts = CardFacts(
        now=now,
        imei_changes_7d=_changes([*uses, (into, now)], now - WEEK),
        imei_changes_30d=_changes([*uses, (into, now)], now - MONTH),
        sims_in_device_today=_cards_today(imei, card, now) if imei else None,
        approved=_approved(card, uses[-1][1] if uses else None, now),
    )
    choices = rule_book(business_day(now), kinds=BINDING).choices(card)
    found = find(facts, (choice.terms for choice in choices.values()))
    counters = Counters(week=_changes(uses, now - WEEK), month=_changes(uses, now - MONTH))
    return NextChange(counters=counters, forbidding=blocked(found, "bind"))


def _changes(uses: Sequence[tuple[str, datetime]], since: datetime) -> int:
    """Return the changes after a moment; the phone the card was in until then counts as what it was changed from."""
    before = [imei for imei, at in uses if at <= since]
    return phone_changes([*before[-1:], *(imei for imei, at in uses if at > since)])


def _cards_today(imei: str, card: Card, now: datetime) -> int:
    """Return how many cards the device held today, with this one."""
    used = DeviceUse.objects.filter(imei=imei).exclude(until__lt=day_start(business_day(now))).exclude(card=card)
    return used.values("card").distinct().count() + 1


def _approved(card: Card, last_change: datetime | None, now: datetime) -> frozenset[int]:
    """Return the rule versions approved since the card's last change of phone, and for today still."""
    return frozenset(
        rule_id
        for rule_id, said in latest_decisions(card.pk).items()
        if said.is_granted
        and (said.until is None or said.until >= business_day(now))
        and (last_change is None or said.decided_at > last_change)
    )
