"""Whether a card may call, as a dialler asks before each call (R31): one statement by key, nothing of the fleet.

What is read here is what rules that forbid a call ask for. Where a rule asks for more, all inputs of the card are
read, which takes longer. Who asks, what they see, the rules and the calendar are read by a statement of their own: it
is asked again when anything at all was written since, which the first one tells.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Any, NamedTuple

from django.db import connection

from agents.rules.callees import standing
from agents.selectors.callees import Held, hash_of, held_words, read_number
from billing.selectors.callee_calls import CALLS, values_of
from cardfleet.accounts.callers import STILL_SO
from cardfleet.accounts.models import User
from cardfleet.accounts.querysets import SIGHT_OF
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.compiled import rows_of
from cardfleet.kernel.errors import NotVisible
from cards.choices import RuleAction
from cards.rules.scope import Choice, Scope
from lifecycle.rules.allowance import OF_A_CALL, Allowance, Standing, allowance
from lifecycle.rules.callee import OF_A_CALLEE, CalleeFacts, with_callee
from lifecycle.rules.days import day_type
from lifecycle.rules.facts import CardFacts
from lifecycle.rules.kinds import FORBIDDING, KINDS
from lifecycle.selectors.facts import facts_of, ground_at, inputs_of
from lifecycle.selectors.groups import OF_CARD, last_hour, total_of
from lifecycle.selectors.rules import VERSIONS, RuleBook, book_of

# The fields of CardFacts that the statement fills; that a holder is own staff is so by the hand-over.
READ = frozenset(
    {"calls_today", "most_in_60", "hours_today", "is_holiday", "real_name_state", "holder_is_staff", "totals"}
)
SEES_ALL = "accounts.view_all_teams"
# What the card itself tells, in the order of Asked.
OWN = (
    "team_id", "holder_id", "plan_id", "carrier_id", "region", "industry", "purpose", "service_state", "custody_state",
    "direction", "hours_from", "hours_to", "real_name_state",
)  # fmt: skip
# Two snapshots that are the same see the same rows, whoever wrote them, by whatever way.
ASKED = """
SELECT pg_current_snapshot()::text, {own}, contract.daily_call_limit, coalesce(contract.number, ''),
    held.id IS NOT NULL, held.accepted_at IS NOT NULL, used.calls, used.most_in_60, used.hours,
    (SELECT coalesce(json_agg(total), '[]') FROM ({totals}) total),
    {callee}
FROM cards_card card
LEFT JOIN cards_contract contract ON contract.id = card.contract_id
LEFT JOIN agents_assignment held
    ON held.card_id = card.id AND held.ended_at IS NULL AND held.undone_at IS NULL
LEFT JOIN LATERAL (
    SELECT calls, most_in_60, hours FROM billing_usagedaily
    WHERE card_id = card.id AND day = %(today)s ORDER BY calls DESC, role LIMIT 1
) used ON true
{called}
WHERE card.id = %(card)s
"""
GROUND = """
SELECT pg_current_snapshot()::text, {proven}, ARRAY({teams})::bigint[],
    ({versions}),
    max(kind) FILTER (WHERE day = %(today)s), max(name) FILTER (WHERE day = %(today)s), count(*) > 0
FROM lifecycle_calendarday WHERE day >= %(year)s AND day < %(next_year)s
"""
# What ends by the clock alone, a token or what was lent, is looked at as often.
BELIEVED = timedelta(seconds=1)
REMEMBERED_AT_MOST = 1_000
TOLD_OF_A_CALLEE = "(SELECT coalesce(json_agg(said), '[]') FROM ({held}) said), called.within_24h, called.within_30d"
OF_NOBODY = "'[]'::json, 0, 0"
_KNOWN: "dict[tuple[int, date, str], tuple[datetime, Ground]]" = {}


class Asked(NamedTuple):
    """What is known of the card asked about, in the order of the statement's columns; `snapshot`: what it saw."""

    snapshot: str
    team_id: int | None
    holder_id: int | None
    plan_id: int | None
    carrier_id: int
    region: str
    industry: str
    purpose: str
    service_state: str
    custody_state: str
    direction: str
    hours_from: time | None
    hours_to: time | None
    real_name_state: str
    agreed: int | None
    contract: str
    is_held: bool
    is_accepted: bool
    calls: int | None
    most_in_60: int | None
    hours: list[int] | None
    totals: list[dict[str, Any]]
    said: list[dict[str, Any]]
    calls_24h: int
    calls_30d: int

    @property
    def standing(self) -> Standing:
        """In whose hands it is, and what for."""
        return Standing(
            accepted=self.is_accepted if self.is_held else None,
            custody_state=self.custody_state,
            direction=self.direction,
            purpose=self.purpose,
            hours_from=self.hours_from,
            hours_to=self.hours_to,
        )


class Ground(NamedTuple):
    """What an answer rests on beside the card, as a snapshot saw it; `rules`: which versions hold."""

    snapshot: str
    is_proven: bool
    teams: list[int]
    rules: str
    day_kind: str | None
    day_name: str | None
    is_year_known: bool


class Ruled(NamedTuple):
    """The rules that calls of a card are held against; `is_enough`: the statement reads all that they ask for."""

    rules: Mapping[str, Choice]
    broken: frozenset[str]
    is_enough: bool


def may_call(
    card_id: int,
    *,
    person: User,
    now: datetime,
    callee: str | None = None,
    purpose: str | None = None,
    proof: Mapping[str, Any] | None = None,
) -> Allowance:
    """Return whether a card in the person's sight may call now, or may call this callee now for this purpose.

    NotVisible, also where the `proof` of a caller (`cardfleet.accounts.callers`) does not hold; BadInput when the
    callee is no number. Without a purpose it is the card's own.
    """
    number = None if callee is None else read_number(callee, field="callee")
    today = business_day(now)
    asked = _asked(card_id, number, now)
    ground = _ground(person, today, now, proof, asked.snapshot)
    # As `CardQuerySet.visible_to` says it.
    seen = person.has_perm(SEES_ALL) or asked.team_id in ground.teams or asked.holder_id == person.pk
    if not (ground.is_proven and seen):
        raise NotVisible
    book = book_of(today, ground.rules)
    where = book.scope(card_id, asked.plan_id, asked.carrier_id, asked.region, asked.industry)
    ruled = _ruled(book, where, asked.agreed, asked.contract)
    listed = (ground.day_kind, ground.day_name or "") if ground.day_kind else None
    day = day_type(today, listed=listed, is_known=ground.is_year_known)
    facts, wanted = _facts(card_id, asked, now, is_enough=ruled.is_enough), purpose or asked.purpose
    may = allowance(facts, ruled.rules, asked.standing, day=day, purpose=wanted, broken=ruled.broken)
    if number is None:
        return may
    said = standing((Held(one["kind"], one["purpose"]) for one in asked.said), wanted)
    known = CalleeFacts(
        purpose=wanted,
        do_not_call=said.do_not_call,
        consent=said.consent,
        calls_24h=asked.calls_24h,
        calls_30d=asked.calls_30d,
    )
    return with_callee(may, known, ruled.rules, broken=ruled.broken)


def _asked(card_id: int, number: str | None, now: datetime) -> Asked:
    values: dict[str, Any] = {"on": now, "card": card_id, "today": business_day(now)}
    if number is not None:
        values |= {"hash": hash_of(number), **values_of(number, card_id=card_id, now=now)}
    for row in rows_of(_statement(callee=number is not None), values):
        return Asked(*row)
    raise NotVisible


@cache
def _statement(*, callee: bool) -> str:
    return ASKED.format(
        own=", ".join(f"card.{name}" for name in OWN),
        totals=OF_CARD,
        callee=TOLD_OF_A_CALLEE.format(held=held_words()) if callee else OF_NOBODY,
        called=f"CROSS JOIN LATERAL ({CALLS}) called" if callee else "",
    )


def _ground(person: User, today: date, now: datetime, proof: Mapping[str, Any] | None, snapshot: str) -> Ground:
    """Return what was read last where nothing was written since, else what holds now."""
    key = (person.pk, today, str(proof))
    read_at, known = _KNOWN.get(key, (None, None))
    fresh = read_at is not None and timedelta(0) <= now - read_at < BELIEVED
    # Inside a transaction a snapshot does not tell what it wrote itself.
    if known and fresh and known.snapshot == snapshot and not connection.in_atomic_block:
        return known
    values = {
        "on": now,
        "person": person.pk,
        "today": today,
        "year": date(today.year, 1, 1),
        "next_year": date(today.year + 1, 1, 1),
    }
    (row,) = rows_of(
        _ground_words(sees_all=person.has_perm(SEES_ALL), proven=proof is not None), {**values, **(proof or {})}
    )
    if len(_KNOWN) >= REMEMBERED_AT_MOST:
        _KNOWN.clear()
    _KNOWN[key] = now, Ground(*row)
    return _KNOWN[key][1]


@cache
def _ground_words(*, sees_all: bool, proven: bool) -> str:
    """Return the statement, for a person with a scope by what `visible_to` says, put into words once."""
    teams = "SELECT NULL WHERE false" if sees_all else SIGHT_OF
    return GROUND.format(proven=STILL_SO if proven else "true", teams=teams, versions=VERSIONS)


@lru_cache(maxsize=1000)
def _ruled(book: RuleBook, where: Scope, agreed: int | None, contract: str) -> Ruled:
    chosen = book.for_scope(where, agreed=agreed, contract=contract)
    rules = {kind: choice for kind, choice in chosen.items() if kind in OF_A_CALL | OF_A_CALLEE}
    forbidding = [kind for kind in OF_A_CALL & rules.keys() if rules[kind].terms.action in FORBIDDING]
    wanted = {fact for kind in forbidding for fact in KINDS[kind].facts}
    wanted |= {"approved" for kind in forbidding if rules[kind].terms.action == RuleAction.NEED_APPROVAL}
    return Ruled(rules, book.broken_at(where), is_enough=wanted <= READ)


def _facts(card_id: int, asked: Asked, now: datetime, *, is_enough: bool) -> CardFacts:
    if not is_enough:
        return facts_of(inputs_of([card_id], now=now)[card_id], ground_at(now))
    return CardFacts(
        now=now,
        calls_today=asked.calls,
        calls_last_hour=last_hour(asked.hours, now) if asked.hours else None,
        most_in_60=asked.most_in_60,
        hours_today=tuple(asked.hours) if asked.hours else None,
        real_name_state=asked.real_name_state,
        service_state=asked.service_state,
        totals={total.pop("per"): total_of(**total, now=now) for total in asked.totals},
    )
