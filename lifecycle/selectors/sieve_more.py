"""Where the kinds that read `facts_more` may hit: each looks into the one small table that its fact comes from."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from cardfleet.kernel.clock import day_start, month_bounds
from cards.rules.scope import RuleTerms
from lifecycle.choices import GroupKind
from lifecycle.rules.money import LAST_DAYS
from lifecycle.selectors.conduct_stops import CONDUCT_STOP, STOP_DAYS, USUAL_DAYS
from lifecycle.selectors.facts import Ground
from lifecycle.selectors.groups import ENTITY_OF

Condition = Callable[[RuleTerms, Ground], str]

FLEET_ENTITY = ENTITY_OF.replace("%%", "%")
# The key of each kind of group as GroupDay has it, of a card joined to its team's entity.
KEYS: Mapping[str, str] = {
    GroupKind.AGENT: "card.holder_id::text",
    GroupKind.TEAM: "card.team_id::text",
    GroupKind.CAMPAIGN: "concat(team.entity_id, '/', card.purpose, '/', card.industry)",
    GroupKind.ENTITY: "team.entity_id::text",
}
MEASURES: Mapping[str, str] = {
    "out_calls": "grouped.calls",
    "hour_calls": "(SELECT max(calls) FROM unnest(grouped.hours) AS calls)",
    "minutes": "grouped.seconds / 60.0 + 0.05",
}


def least(rule: RuleTerms, nothing: int = 1) -> str:
    """Return the lower mark of a rising kind; `nothing` where it has none."""
    marks = (rule.warn, rule.limit, rule.watched_from)
    return str(min((mark for mark in marks if mark is not None), default=nothing))


def _conduct(column: str, *, falls: bool = False) -> Condition:
    def condition(rule: RuleTerms, ground: Ground) -> str:
        marks = [mark for mark in (rule.warn, rule.limit) if mark is not None]
        mark = f"<= {max(marks, default=0)}" if falls else f">= {min(marks, default=1)}"
        return (
            f"card_id IN (SELECT card_id FROM lifecycle_cardconduct "  # noqa: S608 - our own words
            f"WHERE day = '{ground.today}' AND {column} {mark})"
        )

    return condition


def _repeats(rule: RuleTerms, ground: Ground) -> str:
    return f"(most_to_one >= {least(rule)} OR {_conduct('most_to_one_24h')(rule, ground)})"


def _of_group(per: str, measure: str) -> Condition:
    def condition(rule: RuleTerms, ground: Ground) -> str:
        return f"""card_id IN (
            SELECT card.id FROM cards_card card
            LEFT JOIN (SELECT team.id, {FLEET_ENTITY} AS entity_id FROM accounts_team team) team
                ON team.id = card.team_id
            WHERE {KEYS[per]} IN (
                SELECT grouped.key FROM lifecycle_groupday grouped
                WHERE grouped.day = '{ground.today}' AND grouped.per = '{per}' AND grouped.cards > 1
                    AND {MEASURES[measure]} >= {least(rule)}))"""  # noqa: S608 - our own words

    return condition


def _hoarding(rule: RuleTerms, ground: Ground) -> str:
    return f"""card_id IN (
        SELECT card.id FROM cards_card card
        JOIN (SELECT team.id, {FLEET_ENTITY} AS entity_id FROM accounts_team team) team ON team.id = card.team_id
        JOIN lifecycle_groupday grouped ON grouped.day = '{ground.today}' AND grouped.per = 'entity'
            AND grouped.key = team.entity_id::text
        WHERE grouped.idle * 100.0 / nullif(grouped.in_service, 0) + 0.05 >= {least(rule)})"""  # noqa: S608


def _confirmed(column: str, used: str) -> Condition:
    def condition(_rule: RuleTerms, _ground: Ground) -> str:
        return f"""card_id IN (
            SELECT card.id FROM cards_card card JOIN cards_contract agreement ON agreement.id = card.contract_id
            WHERE agreement.{column} <> '[]' AND {used} <> '' AND NOT agreement.{column} ? {used})"""  # noqa: S608

    return condition


def _outside_use(_rule: RuleTerms, ground: Ground) -> str:
    return (
        f"holder_id IN (SELECT id FROM accounts_user "  # noqa: S608 - our own words
        f"WHERE NOT is_active OR left_on <= '{ground.today}')"
    )


def _min_spend(rule: RuleTerms, ground: Ground) -> str:
    days_left = (month_bounds(ground.today)[1] - ground.now).days
    if days_left >= int(rule.params.get("last_days", LAST_DAYS)):
        return "false"
    return "plan_id IN (SELECT plan_id FROM cards_planprice WHERE minimum_spend > 0)"


def _contract_term(_rule: RuleTerms, ground: Ground) -> str:
    return f"service_state = 'cancel_pending' AND contract_ends_on >= '{ground.today}'"


def _tries(column: str, all_tries: int) -> Condition:
    def condition(rule: RuleTerms, _ground: Ground) -> str:
        return (
            f"card_id IN (SELECT card_id FROM cards_cardsecret "  # noqa: S608 - our own words
            f"WHERE {all_tries} - {column} >= {least(rule)})"
        )

    return condition


def _new_phones(rule: RuleTerms, ground: Ground) -> str:
    since = ground.now - timedelta(days=30 if rule.window == "30d" else 7)
    return f"""card_id IN (
        SELECT card_id FROM cards_deviceuse WHERE since > '{since.isoformat()}'
        GROUP BY card_id HAVING count(*) >= {least(rule)})"""  # noqa: S608 - our own words


def _cards_in_phone(rule: RuleTerms, ground: Ground) -> str:
    return f"""card_id IN (
        SELECT card.id FROM cards_card card JOIN (
            SELECT imei FROM cards_deviceuse
            WHERE until IS NULL OR until >= '{day_start(ground.today).isoformat()}'
            GROUP BY imei HAVING count(DISTINCT card_id) >= {least(rule)}
        ) shared ON shared.imei = card.device_imei)"""  # noqa: S608 - our own words


def _direction(_rule: RuleTerms, ground: Ground) -> str:
    return f"""(calls > 0 AND card_id IN (SELECT id FROM cards_card WHERE direction = 'inbound') OR card_id IN (
        SELECT card.id FROM cards_card card JOIN billing_usagedaily daily
            ON daily.card_id = card.id AND daily.day = '{ground.today}' AND daily.incoming > 0
        WHERE card.direction = 'outbound'))"""  # noqa: S608 - our own words


def _card_hours(_rule: RuleTerms, _ground: Ground) -> str:
    return "calls > 0 AND card_id IN (SELECT id FROM cards_card WHERE hours_from IS NOT NULL OR hours_to IS NOT NULL)"


def _vacant(_rule: RuleTerms, ground: Ground) -> str:
    return (
        f"calls > 0 AND card_id IN (SELECT card_id FROM billing_usagesignal "  # noqa: S608 - our own words
        f"WHERE meaning = 'vacant' AND at >= '{day_start(ground.today).isoformat()}')"
    )


def _usual(column: str) -> Condition:
    """A mean of days reaches a mark only where one of the days does."""

    def condition(rule: RuleTerms, ground: Ground) -> str:
        return f"""card_id IN (
            SELECT card_id FROM billing_usagedaily
            WHERE day >= '{ground.today}'::date - {USUAL_DAYS} AND day < '{ground.today}'
                AND {column} + 0.05 >= {least(rule)})"""  # noqa: S608 - our own words

    return condition


def _stopped_lately(_rule: RuleTerms, ground: Ground) -> str:
    since = ground.now - timedelta(days=STOP_DAYS)
    return f"""card_id IN (
        SELECT change.card_id FROM cards_cardchange change
        WHERE {CONDUCT_STOP} AND change.at > '{since.isoformat()}')"""  # noqa: S608 - our own words


def _elsewhere(rule: RuleTerms, ground: Ground) -> str:
    return f"""region <> '' AND card_id IN (
        SELECT card_id FROM billing_usageplace place
        WHERE place.day > '{ground.today - timedelta(days=7)}' AND place.day <= '{ground.today}'
        GROUP BY card_id HAVING count(DISTINCT place.day) >= {least(rule)})"""  # noqa: S608 - our own words


MORE_SIEVES: Mapping[str, Condition] = {
    "usual_calls": _usual("calls"),
    "usual_hour": _usual("most_in_60"),
    "stop_history": _stopped_lately,
    "min_gap": _conduct("short_gap_s", falls=True),
    "callee_repeat": _repeats,
    "callee_repeat_30d": _conduct("most_to_one_30d"),
    "dnc": _conduct("to_do_not_call"),
    "consent": _conduct("without_consent"),
    "long_distance": _conduct("abroad"),
    "empty_number": _vacant,
    "outside_use": _outside_use,
    "purpose_match": _confirmed("purposes", "card.purpose"),
    "industry_match": _confirmed("industries", "btrim(card.industry)"),
    "direction_use": _direction,
    "card_hours": _card_hours,
    "min_spend": _min_spend,
    "contract_term": _contract_term,
    "hoarding": _hoarding,
    "pin_tries": _tries("pin_tries_left", 3),
    "puk_tries": _tries("puk_tries_left", 10),
    "imei_change": _new_phones,
    "sim_swap": _cards_in_phone,
    "region": _elsewhere,
    **{f"{per}_{measure}": _of_group(per, measure) for per in KEYS for measure in MEASURES},
}
