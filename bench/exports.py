"""G7, G8: large tables as CSV and XLSX."""

import time
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import xlsxwriter
from django.db import connection, models

from bench import data
from bench.asking import by_session
from bench.runner import Bench, Figure, against, growth_mb, take_turns
from cardfleet.accounts.choices import Role
from cardfleet.kernel.copying import copied_csv
from cardfleet.kernel.spreadsheets import Column, ColumnKind, write_xlsx

CARDS, ROWS = 100_000, 1_000_000
EXPORT = "/lists/cards/export/"
# The same cells of the same cards, as they are stored.
BARE_CARDS = """
COPY (SELECT c.iccid, c.msisdn, k.name, p.name, c.service_state, c.stop_reason, c.custody_state, u.staff_no, u.name,
        t.name, c.region, c.activated_on, c.expires_on, c.location, r.score
      FROM cards_card c JOIN cards_carrier k ON k.id = c.carrier_id LEFT JOIN cards_rateplan p ON p.id = c.plan_id
      LEFT JOIN accounts_user u ON u.id = c.holder_id LEFT JOIN accounts_team t ON t.id = c.team_id
      LEFT JOIN lifecycle_riskassessment r ON r.card_id = c.id ORDER BY c.id) TO STDOUT (FORMAT csv)
"""
TEXT, INTEGER, MONEY, DATE = ColumnKind.TEXT, ColumnKind.INTEGER, ColumnKind.MONEY, ColumnKind.DATE
REPORT = [Column(f"Column {n}", kind) for n, kind in enumerate([*[TEXT] * 6, DATE, *[INTEGER] * 4, *[MONEY] * 3])]
MAKE_REPORT = """
CREATE TEMPORARY TABLE bench_report AS
SELECT i AS id, '+86138' || lpad((i %% 90000)::text, 8, '0') AS a, 'Plan ' || i %% 9 AS b, 'Carrier ' || i %% 3 AS c,
    '坐席' || i %% 5000 AS d, 'A' || lpad((i %% 5000)::text, 6, '0') AS e, 'Team ' || i %% 20 AS f,
    '2026-10-01'::date + (i %% 31)::int AS g, (i %% 150)::int AS h, (i %% 90)::int AS i, (i %% 40)::int AS j,
    (i %% 9000)::int AS k, round((i %% 2000) * 0.13, 2) AS l, round((i %% 300) * 0.77, 2) AS m,
    round((i %% 2300) * 0.9, 2) AS n
FROM generate_series(1, %s) AS i
"""
FIELDS = [*"abcdefghijklmn"]


class Row(models.Model):
    """A report's rows, as a table to read them from."""

    id = models.BigIntegerField(primary_key=True)
    a, b, c, d, e, f = (models.TextField() for _ in range(6))
    g = models.DateField()
    h, i, j, k = (models.IntegerField() for _ in range(4))
    l, m, n = (models.DecimalField(max_digits=12, decimal_places=2) for _ in range(3))  # noqa: E741

    class Meta:
        managed = False
        app_label = "bench"
        db_table = "bench_report"

    def __str__(self) -> str:
        return str(self.id)


def csv(bench: Bench) -> Iterator[Figure]:
    """G7: the card list through its page, and a report through the exporter of large tables."""
    data.cards(bench.scaled(CARDS, least=200))
    browser = by_session(data.person(Role.SUPERVISOR))
    request = browser.factory.get(EXPORT).environ
    yield from _beside(bench, "100,000 cards", lambda: browser.stream(dict(request)), BARE_CARDS)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.bench_report")
        cursor.execute(MAKE_REPORT, [bench.scaled(ROWS, least=1000)])
        cursor.execute("ANALYZE pg_temp.bench_report")
    rows = Row.objects.values_list(*FIELDS)
    bare = f"COPY (SELECT {', '.join(FIELDS)} FROM bench_report) TO STDOUT (FORMAT csv)"
    yield from _beside(bench, "1,000,000 report rows", lambda: copied_csv(REPORT, rows), bare)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE pg_temp.bench_report")


def _beside(bench: Bench, what: str, stream: Any, bare: str) -> Iterator[Figure]:
    def product() -> None:
        _written(stream(), bench.folder / "product.csv")

    def floor() -> None:
        with (bench.folder / "floor.csv").open("wb") as target, connection.cursor() as cursor:
            cursor.copy_expert(bare, target)

    taken = take_turns({"product": product, "floor": floor}, rounds=bench.rounds)
    yield against(taken, "product", "floor").figure(f"G7 CSV of {what} / COPY TO", bar=2)
    begin = time.perf_counter()
    answer = iter(stream())
    first_at = [(next(answer), time.perf_counter() - begin)[1] for _piece in range(2)]
    for _rest in answer:
        pass
    yield Figure(name=f"G7 CSV of {what}: first byte after", value=first_at[0], unit="s", bar=0.5)
    yield Figure(name=f"G7 CSV of {what}: first rows after", value=first_at[1], unit="s")
    yield Figure(name=f"G7 CSV of {what}: memory grows by", value=growth_mb(product), unit="MB", bar=30)


def _written(pieces: Iterator[bytes], path: Path) -> None:
    with path.open("wb") as target:
        target.writelines(pieces)


def xlsx(bench: Bench) -> Iterator[Figure]:
    """G8: a workbook of a million rows by the product's writer, beside XlsxWriter's own loop."""
    count = bench.scaled(ROWS, least=1000)
    few = [
        (f"+86138{n:08}", f"Plan {n % 9}", f"Carrier {n % 3}", f"坐席{n}", f"A{n:06}", f"Team {n % 20}",
         date(2026, 10, 1 + n % 31), n % 150, n % 90, n % 40, n, *[Decimal(n) / 100 + cents for cents in range(3)])
        for n in range(1000)
    ]  # fmt: skip

    def rows() -> Iterator[Sequence[Any]]:
        return islice(cycle(few), count)

    def product() -> None:
        with (bench.folder / "product.xlsx").open("wb") as target:
            write_xlsx(target, REPORT, rows())

    def floor() -> None:
        with xlsxwriter.Workbook(str(bench.folder / "floor.xlsx"), {"constant_memory": True}) as book:
            sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
            for line, row in enumerate(rows()):
                sheet.write_row(line, 0, row[:6])
                sheet.write_datetime(line, 6, row[6], day)
                sheet.write_row(line, 7, row[7:])

    taken = take_turns({"product": product, "floor": floor}, rounds=min(bench.rounds, 3), warm_up=0)
    yield against(taken, "product", "floor").figure("G8 XLSX of 1,000,000 rows / XlsxWriter alone", bar=1.2)
    yield Figure(name="G8 XLSX of 1,000,000 rows: memory grows by", value=growth_mb(product), unit="MB", bar=30)


MEASURES = {"G7": csv, "G8": xlsx}
