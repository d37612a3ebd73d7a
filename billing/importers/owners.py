"""Whose a number or name was when: `usage_owner(written, valid_from, valid_to, ...)`, periods that do not overlap.

A number that two cards had one after the other belongs to each for its own time; a name in the source to whom its
alias says; an agent's name to the card in the agent's hands, where it is exactly one.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django.db import connection

from billing.choices import SourceRole
from billing.importers import copying, plain
from billing.importers.layout import JOINT, Layout
from billing.importers.words import distinct
from billing.models import UsageAlias, UsageSource
from cardfleet.kernel.reading import Unreadable, tidy
from cards.choices import ENDED
from cards.rules.identifiers import ICCID, normalise_iccid, normalise_msisdn

IMSI = re.compile(r"^460[0-9]{12}$")
# The columns that may name the card, the surest first.
COLUMNS = ("iccid", "own", "imsi")

CANDIDATE = """written text, place integer, valid_from timestamptz, valid_to timestamptz, card_id bigint,
    line_id bigint, agent_id bigint, code text"""
OWNER = """written text, valid_from timestamptz, valid_to timestamptz, card_id bigint, line_id bigint,
    agent_id bigint, code text, msisdn text, plan_id bigint, life_from timestamptz, life_to timestamptz"""

LIFE = """
    c.id, c.msisdn, c.plan_id, c.activated_on::timestamp AT TIME ZONE 'Asia/Shanghai' AS life_from,
    CASE WHEN c.service_state = ANY(%(ended)s) THEN coalesce(e.at, c.service_since) ELSE 'infinity' END AS life_to,
    coalesce(c.activated_on, c.received_on)::timestamp AT TIME ZONE 'Asia/Shanghai' AS known_from, c.created_at
"""
# Looked up card by card, for few have ended.
ENDED_AT = """
    LEFT JOIN LATERAL (
        SELECT min(at) AS at FROM cards_cardchange h
        WHERE h.card_id = c.id AND axis = 'service' AND to_state = ANY(%(ended)s)
            AND NOT EXISTS (SELECT 1 FROM cards_cardchange taken_back WHERE taken_back.reverses_id = h.id)
    ) e ON c.service_state = ANY(%(ended)s)"""

# The successor of an ended number begins with its own first day, else where the earlier one ended.
CARDS = f"""
WITH named AS MATERIALIZED (
    SELECT w.written, w.place, c.* FROM usage_own w JOIN cards_card c ON c.msisdn = w.value WHERE w.kind = 'msisdn'
    UNION ALL
    SELECT w.written, w.place, c.* FROM usage_own w JOIN cards_card c ON c.iccid = w.value WHERE w.kind = 'iccid'
    UNION ALL
    SELECT w.written, w.place, c.* FROM usage_own w JOIN cards_card c ON c.imsi = w.value WHERE w.kind = 'imsi'
    UNION ALL
    SELECT w.written, w.place, c.* FROM usage_own w JOIN cards_voidedsim v ON v.iccid = w.value
        JOIN cards_card c ON c.id = v.card_id WHERE w.kind = 'iccid'
), match AS (
    SELECT c.written, c.place, {LIFE} FROM named c {ENDED_AT}
), ordered AS (
    SELECT *, row_number() OVER w AS nth, lag(life_to) OVER w AS before_ended
    FROM match WINDOW w AS (PARTITION BY written, place ORDER BY life_to, coalesce(known_from, created_at), id)
), begun AS (
    SELECT *, CASE WHEN nth = 1 THEN '-infinity' ELSE coalesce(known_from, before_ended) END AS begins FROM ordered
)
INSERT INTO usage_candidate (written, place, valid_from, valid_to, card_id)
SELECT written, place, begins, lead(begins, 1, 'infinity') OVER (PARTITION BY written, place ORDER BY nth), id
FROM begun
"""
ALIASES = """
INSERT INTO usage_candidate
SELECT w.written, w.place, a.valid_from, coalesce(a.valid_to, 'infinity'), a.card_id, a.line_id, NULL, NULL
FROM usage_own w JOIN billing_usagealias a ON a.alias = w.value AND a.source_id = %(source)s
WHERE w.kind = 'alias' AND a.agent_id IS NULL
"""
AGENTS = """
WITH alias AS (
    SELECT id, alias, agent_id, valid_from, coalesce(valid_to, 'infinity') AS valid_to
    FROM billing_usagealias WHERE source_id = %(source)s AND agent_id IS NOT NULL
), hand AS (
    SELECT alias.id, a.card_id, a.started_at, coalesce(a.ended_at, 'infinity') AS ended_at
    FROM alias JOIN agents_assignment a ON a.agent_id = alias.agent_id AND a.undone_at IS NULL
), moment AS (
    SELECT id, valid_from AS at FROM alias
    UNION SELECT id, started_at FROM hand
    UNION SELECT id, ended_at FROM hand
), span AS (
    SELECT m.id, greatest(m.at, alias.valid_from) AS begins,
        least(lead(m.at, 1, 'infinity') OVER (PARTITION BY m.id ORDER BY m.at), alias.valid_to) AS ends
    FROM moment m JOIN alias USING (id)
)
INSERT INTO usage_candidate
SELECT w.written, w.place, s.begins, s.ends, CASE WHEN count(hand.id) = 1 THEN min(hand.card_id) END, NULL,
    alias.agent_id,
    CASE count(hand.id) WHEN 0 THEN 'agent_without_card' WHEN 1 THEN NULL ELSE 'ambiguous_card' END
FROM span s JOIN alias USING (id) JOIN usage_own w ON w.kind = 'alias' AND w.value = alias.alias
LEFT JOIN hand ON hand.id = s.id AND hand.started_at <= s.begins AND hand.ended_at > s.begins
WHERE s.begins < s.ends
GROUP BY w.written, w.place, alias.agent_id, s.begins, s.ends
"""
# Plainly spelled mobile numbers; those of other rows are read in Python, and may be spelled so too.
NUMBERS = """
INSERT INTO usage_own (written, place, kind, value)
SELECT DISTINCT {own}, 0, 'msisdn', '+86' || {own} FROM usage_plain
WHERE {own} NOT IN (SELECT written FROM usage_own)
"""
UNREADABLE = """
INSERT INTO usage_candidate (written, place, valid_from, valid_to, code)
SELECT written, 9, '-infinity', 'infinity', min(code) FROM usage_own
GROUP BY written HAVING bool_and(code IS NOT NULL)
"""
SUREST = f"""
INSERT INTO usage_owner
SELECT c.written, c.valid_from, c.valid_to, c.card_id, c.line_id, c.agent_id, c.code,
    life.msisdn, life.plan_id, coalesce(life.life_from, '-infinity'), life.life_to
FROM (SELECT *, min(place) OVER (PARTITION BY written) AS surest FROM usage_candidate) c
LEFT JOIN (SELECT {LIFE} FROM cards_card c {ENDED_AT}) life ON life.id = c.card_id
WHERE c.place = c.surest AND c.valid_from < c.valid_to
"""


def names(source: UsageSource) -> dict[str, list[str]]:
    """Return the source's names for people or cards (`extensions`) and for voice lines (`lines`)."""
    aliases = UsageAlias.objects.filter(source=source)
    return {
        "extensions": sorted(set(aliases.filter(line=None).values_list("alias", flat=True))),
        "lines": sorted(set(aliases.exclude(line=None).values_list("alias", flat=True))),
    }


def key(values: Mapping[str, str]) -> str:
    """Return SQL for what a row says of its card, by SQL for its values: one column, or those there are joined."""
    texts = [values[column] for column in COLUMNS if column in values]
    return f" || '{JOINT}' || ".join(texts) if texts else "'own'"


def fill(layout: Layout, source: UsageSource, aliases: Mapping[str, Collection[str]]) -> None:
    """Make the table of owners for every own number and name of the staged rows."""
    known = {*aliases["extensions"], *aliases["lines"]}
    copying.make("usage_own", "written text, place integer, kind text, value text, code text")
    copying.make("usage_candidate", CANDIDATE)
    copying.make("usage_owner", OWNER)
    copying.copy("usage_own", _lines(_written(layout, aliases), layout, known))
    if named_by_number(layout):
        with connection.cursor() as cursor:
            cursor.execute(NUMBERS.format(own=key(plain.values(layout) or {})))
    copying.analyze("usage_own", "written", "kind", "value")
    parameters: dict[str, Any] = {"source": source.pk, "ended": sorted(ENDED)}
    with connection.cursor() as cursor:
        for statement in (CARDS, ALIASES, AGENTS, UNREADABLE, SUREST):
            cursor.execute(statement, parameters)
    copying.analyze("usage_owner", "written")


def named_by_number(layout: Layout) -> bool:
    """Return whether plainly spelled rows name their card by its number alone."""
    return [name for name in COLUMNS if name in (plain.values(layout) or {})] == ["own"]


def _written(layout: Layout, aliases: Mapping[str, Collection[str]]) -> Iterator[tuple[str, Iterable[str]]]:
    """Yield each distinct text that may name a card or line, and its parts, the surest first."""
    if not any(column in layout.values for column in COLUMNS):
        yield "own", (layout.own_number,)
        return
    written = [(key(layout.values), "usage_stage")]
    if (values := plain.values(layout)) and not named_by_number(layout):
        written.append((key(values), "usage_plain"))
    for text in distinct(written, aliases):
        yield text, text.split(JOINT)
    for name in set(aliases["lines"]) if "trunk" in layout.values else ():
        yield name, (name,)


def _lines(texts: Iterable[tuple[str, Iterable[str]]], layout: Layout, known: set[str]) -> Iterator[str]:
    for written, parts in texts:
        given = [(place, part) for place, part in enumerate(parts) if part.strip()]
        for place, part in given or [(0, "")]:
            yield copying.line((written, str(place), *_read(part, layout, known)))


def _read(part: str, layout: Layout, known: set[str]) -> tuple[str, str, str]:
    """Return kind, value and code of one text."""
    try:
        if part.strip() in known:
            return "alias", part.strip(), copying.NULL
        return *_identifier(part), copying.NULL
    except Unreadable as error:
        names = "trunk" in layout.values or layout.role is not SourceRole.CARRIER
        unexplained = names and error.code == "msisdn_unreadable"
        return copying.NULL, copying.NULL, "unknown_extension" if unexplained else error.code


def _identifier(part: str) -> tuple[str, str]:
    plain = re.sub(r"[\s\-]", "", tidy(part)).upper()
    if IMSI.match(plain):
        return "imsi", plain
    if ICCID.match(plain):
        return "iccid", normalise_iccid(part).value
    return "msisdn", normalise_msisdn(part)
