"""Facts that few rules ask for, read only of the cards a page shows or a rule may hit: what a card was given for, its
contract's confirmations, its phone and codes, how it called, its groups' totals, what was approved for it.

Each is one row at most, found by key, so that a page pays a few look-ups and a fleet only for the cards it reads.
"""

import json
from collections.abc import Collection, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from billing.rules.regions import PROVINCES
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.money import ZERO
from cards.choices import ServiceState
from cards.rules.carrier_terms import penalty
from lifecycle.choices import GroupKind
from lifecycle.rules.facts import GroupTotal
from lifecycle.selectors.conduct_stops import CONDUCT_STOP, STOP_DAYS, USUAL_DAYS
from lifecycle.selectors.groups import ENTITY_OF, total_of

if TYPE_CHECKING:
    from lifecycle.selectors.facts import CardInputs

PIN_TRIES, PUK_TRIES = 3, 10


class MoreInputs(NamedTuple):
    """The further inputs of a card, in the order of `COLUMNS`; totals are (cards, calls, seconds, hours) as JSON.

    A card that is to be returned is in use by nobody, so nothing is said of its holder.
    """

    purpose: str
    direction: str
    hours_from: time | None
    hours_to: time | None
    may_roam: bool
    may_long_distance: bool
    is_staff: bool | None
    purposes: str | None
    industries: str | None
    penalty_fixed: Decimal | None
    penalty_share: Decimal | None
    monthly_fee: Decimal | None
    minimum_spend: Decimal | None
    pin_tries_left: int | None
    puk_tries_left: int | None
    imei_changes_7d: int | None
    imei_changes_30d: int | None
    sims_in_device: int | None
    days_outside: int | None
    incoming: int | None
    is_gathered: bool
    short_gap_s: int | None
    to_do_not_call: int | None
    without_consent: int | None
    abroad: int | None
    vacant: int | None
    most_to_one_24h: int | None
    most_to_one_30d: int | None
    agent: str | None
    team: str | None
    campaign: str | None
    entity: str | None
    in_service: int | None
    idle: int | None
    stops_90d: int
    usual_calls: Decimal | None
    usual_hour: Decimal | None
    last_complaint_at: datetime | None
    approved: list[int] | None
    refused: list[int] | None


def _total(per: str) -> str:
    figures = ", ".join(f"of_{per}.{name}" for name in ("cards", "calls", "seconds", "hours"))
    return f"CASE WHEN of_{per}.calls > 0 THEN json_build_array({figures})::text END"


# A card's first phone is no change of phone, nor is its last phone again.
CHANGES = """CASE WHEN own.device_imei <> '' THEN (
    SELECT count(*) FROM cards_deviceuse used
    WHERE used.card_id = own.id AND used.since > %(now)s - interval '{days} days' AND used.imei <> (
        SELECT earlier.imei FROM cards_deviceuse earlier
        WHERE earlier.card_id = own.id AND earlier.id < used.id ORDER BY earlier.id DESC LIMIT 1)) END"""
LATELY = "place.day > %(today)s - 7 AND place.day <= %(today)s"
DECIDED = """(
    SELECT DISTINCT ON (rule_id) rule_id, is_granted, until FROM lifecycle_approval
    WHERE card_id = own.id ORDER BY rule_id, id DESC)"""
STOPS = f"""(
    SELECT count(*) FROM cards_cardchange change
    WHERE change.card_id = own.id AND {CONDUCT_STOP} AND change.at > %(now)s - interval '{STOP_DAYS} days'
        AND change.at <= %(now)s)"""  # noqa: S608 - our own words
LAST_COMPLAINT = """(
    SELECT max(said.received_at) FROM lifecycle_complaint said
    WHERE said.card_id = own.id AND said.is_valid AND said.kind = 'complaint' AND said.reverses_id IS NULL
        AND NOT EXISTS (SELECT FROM lifecycle_complaint back WHERE back.reverses_id = said.id)
        AND said.received_at <= %(now)s)"""
USUAL = f"""
LEFT JOIN LATERAL (
    SELECT avg(calls) AS calls, avg(hour) AS hour FROM (
        SELECT max(calls) AS calls, max(most_in_60) AS hour FROM billing_usagedaily
        WHERE card_id = own.id AND day >= %(today)s - {USUAL_DAYS} AND day < %(today)s
        GROUP BY day HAVING max(calls) > 0) called) usual ON true"""  # noqa: S608 - our own words
COLUMNS = f"""own.purpose, own.direction, own.hours_from, own.hours_to, own.may_roam, own.may_long_distance,
    CASE WHEN own.holder_id IS NOT NULL AND own.custody_state <> 'return_due'
        THEN person.is_active AND (person.left_on IS NULL OR person.left_on > %(today)s) END,
    agreement.purposes::text, agreement.industries::text, agreement.penalty_fixed, agreement.penalty_share,
    paid.monthly_fee, paid.minimum_spend, secret.pin_tries_left, secret.puk_tries_left,
    {CHANGES.format(days=7)}, {CHANGES.format(days=30)},
    CASE WHEN own.device_imei <> '' THEN (
        SELECT count(DISTINCT used.card_id) FROM cards_deviceuse used
        WHERE used.imei = own.device_imei AND (used.until IS NULL OR used.until >= %(day_start)s)) END,
    CASE WHEN own.region ~ '{"|".join(PROVINCES)}' AND EXISTS (
        SELECT 1 FROM billing_usageplace place WHERE place.card_id = own.id AND {LATELY}) THEN (
        SELECT count(DISTINCT place.day) FROM billing_usageplace place
        WHERE place.card_id = own.id AND {LATELY} AND position(place.province IN own.region) = 0) END,
    (SELECT max(incoming) FROM billing_usagedaily WHERE card_id = own.id AND day = %(today)s),
    conduct.card_id IS NOT NULL, conduct.short_gap_s, conduct.to_do_not_call, conduct.without_consent, conduct.abroad,
    (SELECT nullif(count(*), 0) FROM billing_usagesignal failed
     WHERE failed.card_id = own.id AND failed.meaning = 'vacant' AND failed.at BETWEEN %(day_start)s AND %(now)s),
    conduct.most_to_one_24h, conduct.most_to_one_30d,
    {_total("agent")}, {_total("team")}, {_total("campaign")}, {_total("entity")},
    of_entity.in_service, of_entity.idle, {STOPS}, usual.calls, usual.hour, {LAST_COMPLAINT},
    (SELECT array_agg(rule_id) FROM {DECIDED} said
     WHERE said.is_granted AND (said.until IS NULL OR said.until >= %(today)s)),
    (SELECT array_agg(rule_id) FROM {DECIDED} said WHERE NOT said.is_granted)"""  # noqa: S608 - our own words
OF_GROUP = (
    "LEFT JOIN lifecycle_groupday of_{per} ON of_{per}.day = %(today)s AND of_{per}.per = '{per}' AND of_{per}.key"
)
JOINS = f"""
JOIN cards_card own ON own.id = input.card_id
LEFT JOIN accounts_user person ON person.id = own.holder_id
LEFT JOIN cards_contract agreement ON agreement.id = own.contract_id
LEFT JOIN cards_planprice paid ON paid.plan_id = own.plan_id AND paid.effective_from <= %(today)s
    AND (paid.effective_to IS NULL OR paid.effective_to > %(today)s)
LEFT JOIN cards_cardsecret secret ON secret.card_id = own.id
LEFT JOIN lifecycle_cardconduct conduct ON conduct.card_id = own.id AND conduct.day = %(today)s
LEFT JOIN (SELECT team.id, {ENTITY_OF} AS entity_id FROM accounts_team team) team ON team.id = own.team_id
{OF_GROUP.format(per="agent")} = own.holder_id::text
{OF_GROUP.format(per="team")} = own.team_id::text
{OF_GROUP.format(per="campaign")} = concat(team.entity_id, '/', own.purpose, '/', own.industry)
{OF_GROUP.format(per="entity")} = team.entity_id::text
{USUAL}"""  # noqa: S608 - our own words


def further_facts(known: "CardInputs", now: datetime) -> dict[str, Any]:
    """Return the fields of CardFacts that these inputs fill. Makes no query.

    A callee's calls of 24 hours are the larger of the card's own and those of all cards.
    """
    more = known.more
    if more is None:
        return {"most_to_one_24h": known.most_to_one}
    is_cancelling = known.service_state == ServiceState.CANCEL_PENDING
    repeats = [count for count in (known.most_to_one, more.most_to_one_24h) if count is not None]
    return {
        "most_to_one_24h": max(repeats, default=None),
        "purpose": more.purpose,
        "direction": more.direction,
        "hours_from": more.hours_from,
        "hours_to": more.hours_to,
        "may_roam": more.may_roam,
        "may_long_distance": more.may_long_distance,
        "holder_is_staff": more.is_staff,
        "purpose_matches": confirmed(json.loads(more.purposes or "[]"), more.purpose),
        "industry_matches": confirmed(json.loads(more.industries or "[]"), known.industry.strip()),
        "is_cancelling": is_cancelling,
        "penalty": _penalty(more, known.contract_ends_on, now) if is_cancelling else None,
        "minimum_spend": more.minimum_spend,
        "wrong_pins": None if more.pin_tries_left is None else PIN_TRIES - more.pin_tries_left,
        "wrong_puks": None if more.puk_tries_left is None else PUK_TRIES - more.puk_tries_left,
        "imei_changes_7d": more.imei_changes_7d,
        "imei_changes_30d": more.imei_changes_30d,
        "sims_in_device_today": more.sims_in_device,
        "incoming_today": more.incoming,
        "days_outside_region": more.days_outside,
        "vacant_calls_today": more.vacant,
        "totals": _totals(more, now),
        "idle_share": _idle_share(more),
        "stops_90d": more.stops_90d,
        "usual_calls": more.usual_calls,
        "usual_hour": more.usual_hour,
        "last_complaint_on": business_day(more.last_complaint_at) if more.last_complaint_at else None,
        "approved": frozenset(more.approved or ()),
        "refused": frozenset(more.refused or ()),
        **_conduct(more),
    }


def _conduct(more: MoreInputs) -> dict[str, Any]:
    """Return how the card called today; nothing is known of a day that is not gathered yet."""
    if not more.is_gathered:
        return {}
    return {
        "short_gap_s": more.short_gap_s,
        "calls_to_do_not_call": more.to_do_not_call,
        "calls_without_consent": more.without_consent,
        "calls_abroad": more.abroad,
        "most_to_one_30d": more.most_to_one_30d,
    }


def confirmed(listed: Collection[str], used: str) -> bool | None:
    """Return whether a use is among those a contract confirms; None where it confirms none, or no use is stated."""
    return used in listed if listed and used else None


def _penalty(more: MoreInputs, ends_on: date | None, now: datetime) -> Decimal:
    return penalty(
        fixed=more.penalty_fixed or ZERO,
        share=more.penalty_share or ZERO,
        monthly_fee=more.monthly_fee or ZERO,
        ends_on=ends_on,
        leaves_on=business_day(now),
    ).amount


def _totals(more: MoreInputs, now: datetime) -> Mapping[str, GroupTotal] | None:
    stored = {per: getattr(more, per) for per in GroupKind.values}
    known = {per: total_of(*json.loads(text), now=now) for per, text in stored.items() if text}
    return known or None


def _idle_share(more: MoreInputs) -> Decimal | None:
    if not more.in_service or more.idle is None:
        return None
    return (Decimal(more.idle) * 100 / more.in_service).quantize(Decimal("0.1"))
