"""Limits on what all cards of an agent, team, campaign or legal entity call together (domain.md section 7; R84, R86).

Splitting calls over more cards gains nothing: the total is found on each of them, with whose total it is. Where one
card made all of the calls its own rules judge them. A campaign is what one legal entity calls for one purpose in one
industry.
"""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Text
from cards.rules.scope import RuleTerms
from lifecycle.rules.facts import CardFacts, GroupTotal
from lifecycle.rules.findings import Finding, Said, ceiling
from lifecycle.rules.registry import LEADS_TO, Check, rule_kind

CALLS: dict[str, Text] = {
    "agent": _("Outgoing calls a day, all cards of an agent"),
    "team": _("Outgoing calls a day, all cards of a team"),
    "campaign": _("Outgoing calls a day, all cards of a campaign"),
    "entity": _("Outgoing calls a day, all cards of a legal entity"),
}
IN_HOUR: dict[str, Text] = {
    "agent": _("Outgoing calls within an hour, all cards of an agent"),
    "team": _("Outgoing calls within an hour, all cards of a team"),
    "campaign": _("Outgoing calls within an hour, all cards of a campaign"),
    "entity": _("Outgoing calls within an hour, all cards of a legal entity"),
}
MINUTES: dict[str, Text] = {
    "agent": _("Minutes called a day, all cards of an agent"),
    "team": _("Minutes called a day, all cards of a team"),
    "campaign": _("Minutes called a day, all cards of a campaign"),
    "entity": _("Minutes called a day, all cards of a legal entity"),
}


def _total(facts: CardFacts, per: str) -> GroupTotal | None:
    total = (facts.totals or {}).get(per)
    return total if total and total.cards > 1 else None


def _calls(per: str) -> Check:
    def check(facts: CardFacts, rule: RuleTerms) -> Finding | None:
        total = _total(facts, per)
        if total is None:
            return None
        at = _reached_at(facts, total, rule.limit)
        return ceiling(rule, total.calls, Said(advice="share_out", params={"cards": total.cards}, limit_at=at))

    return check


def _in_hour(per: str) -> Check:
    def check(facts: CardFacts, rule: RuleTerms) -> Finding | None:
        total = _total(facts, per)
        if total is None:
            return None
        return ceiling(rule, total.most_in_hour, Said(advice="slow_down", params={"cards": total.cards}))

    return check


def _minutes(per: str) -> Check:
    def check(facts: CardFacts, rule: RuleTerms) -> Finding | None:
        total = _total(facts, per)
        if total is None:
            return None
        minutes = total.minutes.quantize(Decimal("0.1"))
        return ceiling(rule, minutes, Said(advice="share_out", params={"cards": total.cards}))

    return check


def _reached_at(facts: CardFacts, total: GroupTotal, limit: Decimal | None) -> datetime | None:
    """Return when the group's calls come to the limit at the pace of its last hour; None when not today."""
    if limit is None or not total.last_hour or total.calls >= limit:
        return None
    hours = (limit - total.calls) / total.last_hour
    moment = facts.local_now + timedelta(seconds=int(min(hours, Decimal(48)) * 3600))
    return moment if moment.date() == facts.today else None


for _per in CALLS:
    rule_kind(
        f"{_per}_out_calls",
        label=CALLS[_per],
        unit="calls",
        window="day",
        facts=("totals",),
        weight=LEADS_TO,
        blocks=("call",),
        per=_per,
    )(_calls(_per))
    rule_kind(
        f"{_per}_hour_calls",
        label=IN_HOUR[_per],
        unit="calls",
        window="60min",
        facts=("totals",),
        weight=LEADS_TO,
        blocks=("call",),
        per=_per,
    )(_in_hour(_per))
    rule_kind(
        f"{_per}_minutes",
        label=MINUTES[_per],
        unit="minutes",
        window="day",
        facts=("totals",),
        weight=LEADS_TO,
        blocks=("call",),
        per=_per,
    )(_minutes(_per))
