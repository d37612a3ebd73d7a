"""New cards that a file spells plainly: stored set by set, without an object for each.

Which lines are plain the rules decide (`cards.importers.columns`); whether a card or number is there already the
database's constraints. Whatever is left is for the rules to look at, line by line.
"""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import compress
from typing import Any

from django.db import connection

from cardfleet.accounts.models import Team, User
from cardfleet.journal.recording import record_rows
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Reason
from cardfleet.kernel.tabular import Row
from cards.importers.cards import CardSheet
from cards.importers.columns import PlainLines, read_columns
from cards.importers.rows import CardRow
from cards.models import Card, VoidedSim
from cards.services.import_devices import unshared
from cards.services.import_names import load_names
from cards.services.import_rows import NAMED, SAID, StoredCard, blank_card, new_card
from cards.services.import_store import enter_history

NULL = r"\N"
# A text a line, and one in which COPY sees no sign of its own.
IDENTIFIERS = ("iccid", "msisdn")
STATE = ("service_state", "stop_reason", "service_since")
ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
# The columns are the table's own; a line that is not stored leaves a number of the sequence unused.
STAGE = """
DROP TABLE IF EXISTS pg_temp.card_plain;
CREATE TEMPORARY TABLE card_plain AS SELECT id, {columns}, ''::text AS data FROM cards_card WITH NO DATA;
ALTER TABLE card_plain ALTER id SET DEFAULT nextval(pg_get_serial_sequence('cards_card', 'id'))
"""
STORE = """
INSERT INTO cards_card (id, {columns}, {others}) SELECT id, {columns}, {fixed} FROM card_plain
ON CONFLICT DO NOTHING RETURNING iccid, id
"""
DEEDS = "SELECT 'cards.card:' || id AS subject, data::jsonb AS data FROM card_plain WHERE id = ANY(%(stored)s)"
Columns = Mapping[str, Sequence[Any]]


@dataclass(frozen=True, kw_only=True)
class PlainOutcome:
    """The cards stored, what is odd about them, and the lines that are left for the rules."""

    stored: Sequence[StoredCard] = ()
    warnings: Sequence[Reason] = ()
    left: Sequence[Row] = ()


def store_plain(*, sheet: CardSheet, team: Team | None, reason: str, actor: User | None, now: datetime) -> PlainOutcome:
    """Store the unread lines of a sheet that are new cards and say nothing odd, in a fixed number of statements.

    Called in the transaction of the import. IntegrityError as any insert.
    """
    lines, named = _named(_unvoided(unshared(read_columns(sheet))), now) if sheet.unread else (None, [])
    if not lines:
        return PlainOutcome(left=sheet.unread)
    blank = blank_card(team, now)
    columns = _columns(lines, named, blank, now)
    changed = _changed(columns, blank)
    _stage(columns, _deeds(lines, changed))
    stored = _store(columns, blank)
    ids = list(stored.values())
    enter_history(ids, told=[], actor=actor, now=now)
    action = "cards.card_imported"
    record_rows(DEEDS, action=action, reason=reason, actor=actor, now=now, parameters={"stored": ids})
    return _outcome(sheet, lines, changed, stored)


def _unvoided(lines: PlainLines) -> PlainLines:
    """Return the lines whose SIM was not replaced; the rules refuse the others."""
    void = set(VoidedSim.objects.values_list("iccid", flat=True))
    return lines.only([iccid not in void for iccid in lines.values["iccid"]]) if void else lines


def _named(lines: PlainLines, now: datetime) -> tuple[PlainLines, list[tuple[int | None, ...]]]:
    """Return the lines all of whose names are recorded and get new numbers, and the ids of what they name."""
    nothing = [None] * len(lines)
    spelled = list(zip(*(lines.values.get(name, nothing) for name in NAMED), strict=True))
    different = set(spelled)
    names = load_names({registrant for *_others, registrant in different if registrant}, today=business_day(now))
    ids: dict[tuple[Any, ...], tuple[int | None, ...]] = {}
    for key in different:
        row = CardRow(line=0, iccid="", msisdn="", **dict(zip(NAMED, key, strict=True)))
        if names.has_all(row):
            meant = names.meant(row)
            ids[key] = tuple(getattr(getattr(meant, name), "pk", None) for name in NAMED)
    return lines.only([key in ids for key in spelled]), [ids[key] for key in spelled if key in ids]


def _columns(lines: PlainLines, named: Sequence[tuple[int | None, ...]], blank: Card, now: datetime) -> Columns:
    """Return the values of new cards by column: what the lines say, else what a blank card has."""
    columns: dict[str, Sequence[Any]] = {"iccid": lines.values["iccid"]}
    for name in SAID:
        if name in lines.values:
            default = getattr(blank, name)
            columns[name] = [default if value is None else value for value in lines.values[name]]
    columns |= dict(zip((f"{name}_id" for name in NAMED), zip(*named, strict=True), strict=True))
    begun = lines.values.get("activated_on", [None] * len(lines))
    entered = {
        day: new_card(CardRow(line=0, iccid="", msisdn="", carrier="", activated_on=day), blank, now)
        for day in set(begun)
    }
    return columns | {name: [getattr(entered[day], name) for day in begun] for name in STATE}


def _changed(columns: Columns, blank: Card) -> list[tuple[str, ...]]:
    """Return the fields that each line told, of those that may be told."""
    told = {name: name for name in SAID if name in columns} | {name: f"{name}_id" for name in NAMED}
    differs = [[value != getattr(blank, column) for value in columns[column]] for column in told.values()]
    patterns = list(zip(*differs, strict=True))
    fields = {pattern: tuple(sorted(compress(told, pattern))) for pattern in set(patterns)}
    return [fields[pattern] for pattern in patterns]


def _deeds(lines: PlainLines, changed: Sequence[tuple[str, ...]]) -> list[str]:
    """Return what the journal tells of each line, as JSON."""
    told = {fields: json.dumps(fields) for fields in set(changed)}
    return [
        f'{{"line": {number}, "new": true, "fields": {told[fields]}}}'
        for (number, _cells), fields in zip(lines.rows, changed, strict=True)
    ]


def _stage(columns: Columns, deeds: Sequence[str]) -> None:
    texts = {name: column if name in IDENTIFIERS else _texts(column) for name, column in columns.items()}
    texts["data"] = deeds
    with connection.cursor() as cursor:
        cursor.execute(STAGE.format(columns=", ".join(columns)))
        rows = io.StringIO("".join(["\t".join(row) + "\n" for row in zip(*texts.values(), strict=True)]))
        cursor.copy_expert(f"COPY pg_temp.card_plain ({', '.join(texts)}) FROM STDIN", rows)


def _texts(column: Sequence[Any]) -> list[str]:
    """Return the values as COPY reads them, each spelling made once."""
    words = {value: NULL if value is None else str(value).translate(ESCAPES) for value in set(column)}
    return [words[value] for value in column]


def _store(columns: Columns, blank: Card) -> dict[str, int]:
    """Store the staged cards that are not there and whose number is free; return their ids by ICCID."""
    others = {
        field.attname: field.get_db_prep_save(getattr(blank, field.attname), connection)
        for field in Card._meta.concrete_fields
        if not field.primary_key and field.attname not in columns
    }
    statement = STORE.format(
        columns=", ".join(columns), others=", ".join(others), fixed=", ".join(f"%({name})s" for name in others)
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, others)
        return dict(cursor.fetchall())


def _outcome(
    sheet: CardSheet, lines: PlainLines, changed: Sequence[tuple[str, ...]], ids: Mapping[str, int]
) -> PlainOutcome:
    title = sheet.header.titles["iccid"]
    stored, warnings = list[StoredCard](), list[Reason]()
    for (number, _cells), iccid, fields, doubts in zip(
        lines.rows, lines.values["iccid"], changed, lines.doubts, strict=True
    ):
        if iccid in ids:
            stored.append(StoredCard(card_id=ids[iccid], line=number, is_new=True, changed=fields))
            place: Any = {"field": "iccid", "line": number, "column": title, "value": iccid}
            warnings += [Reason(code=odd.code, message=odd.message, **place) for odd in doubts]
    done = {card.line for card in stored}
    left = [row for row in sheet.unread if row[0] not in done] if len(done) < len(sheet.unread) else []
    return PlainOutcome(stored=stored, warnings=warnings, left=left)
