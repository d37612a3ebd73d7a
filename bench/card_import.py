"""G9: importing a file of cards."""

import csv
import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction

from bench import data
from bench.runner import Bench, Figure, against, clocked, growth, growth_exponent, take_turns
from cards.models import Card, RatePlan

FLEET, ROWS = 100_000, 10_000
HEADER = ("ICCID", "手机号", "运营商", "套餐", "登记人", "激活日期", "到期日期", "归属地", "用途", "批次", "存放位置")
# Only stores: nothing is checked but what the table itself refuses, and nothing is written beside the cards.
STAGE = """
CREATE TEMPORARY TABLE sent (iccid text, msisdn text, carrier text, plan text, registrant text, activated text,
    expires text, region text, purpose text, batch text, location text) ON COMMIT DROP
"""
STORE = """
INSERT INTO cards_card ({columns})
SELECT {values} FROM sent s JOIN cards_carrier k ON k.name = s.carrier
JOIN cards_rateplan p ON p.name = s.plan AND p.carrier_id = k.id JOIN cards_registrant r ON r.name = s.registrant
"""
TOLD = {
    "iccid": "s.iccid", "msisdn": "'+86' || s.msisdn", "carrier_id": "k.id", "plan_id": "p.id", "registrant_id": "r.id",
    "activated_on": "s.activated::date", "expires_on": "s.expires::date", "region": "s.region", "purpose": "s.purpose",
    "batch": "s.batch", "location": "s.location", "service_state": "'active'", "real_name_state": "'unknown'",
    **dict.fromkeys(("service_since", "custody_since", "created_at", "updated_at"), "now()"),
}  # fmt: skip


def card_import(bench: Bench) -> Iterator[Figure]:
    """G9: ten thousand new cards by `manage.py import_cards`, beside one SQL script that only stores them."""
    data.cards(bench.scaled(FLEET, least=200))
    rows = bench.scaled(ROWS, least=20)
    sides = {"product": lambda: _command(_file(bench, rows)), "floor": lambda: _script(_file(bench, rows))}
    taken = take_turns(sides, rounds=bench.rounds)
    yield against(taken, "product", "floor").figure("G9 import of 10,000 cards / script that only stores them", bar=3)


def card_growth(bench: Bench) -> Iterator[Figure]:
    """G11: how the time and the memory of a card import grow with its rows."""
    data.cards(bench.scaled(FLEET, least=200))
    sizes = [max(10, bench.scaled(ROWS) // 8) * times for times in (1, 2, 4, 8)]
    files = {size: _file(bench, size) for size in sizes}
    _command(files[sizes[0]])
    exponents = []
    for _round in range(bench.rounds):
        seconds = [clocked(lambda size=size: _command(files[size])) for size in sizes]
        exponents.append(growth_exponent(sizes, seconds))
    yield growth("G11 card import of 1 to 8 times the rows: exponent", exponents)


@cache
def _file(bench: Bench, rows: int) -> Path:
    """Write a file of cards that are not recorded; the work with it is undone, so that it may come again."""
    path = bench.folder / f"cards-{rows}.csv"
    plans = list(RatePlan.objects.order_by("pk").values_list("carrier__name", "name"))
    with path.open("w", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(HEADER)
        for number in range(rows):
            writer.writerow(
                [f"898601{number:014}", f"139{number:08}", *plans[number % len(plans)], "Bench Ltd.", "2026-01-05",
                 f"2027-{1 + number % 12:02}-20", "广东", "sales", f"B{number // 500}", f"A-{number % 40}"]
            )  # fmt: skip
    return path


def _command(path: Path) -> None:
    with transaction.atomic():
        call_command("import_cards", str(path), stdout=io.StringIO(), stderr=io.StringIO())
        transaction.set_rollback(True)


def _script(path: Path) -> None:
    fixed = {
        field.column: field.get_db_prep_save(field.get_default(), connection)
        for field in Card._meta.concrete_fields
        if not field.primary_key and field.column not in TOLD
    }
    values = [*TOLD.values(), *(f"%({name})s" for name in fixed)]
    with transaction.atomic(), connection.cursor() as cursor, path.open("rb") as sent:
        cursor.execute(STAGE)
        cursor.copy_expert("COPY sent FROM STDIN (FORMAT csv, HEADER)", sent)
        cursor.execute(STORE.format(columns=", ".join([*TOLD, *fixed]), values=", ".join(values)), fixed)
        transaction.set_rollback(True)


MEASURES = {"G9": card_import, "G11": card_growth}
