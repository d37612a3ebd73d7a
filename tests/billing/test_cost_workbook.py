"""The cost report as a workbook: reckoned anew by LibreOffice, its totals are the page's (R13, R64)."""

import csv
import re
import shutil
import subprocess
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from billing.choices import EntryKind
from billing.exporters.cost_columns import columns_in_file
from billing.exporters.costs import as_xlsx
from billing.selectors.cost_report import Wanted, cost_report
from billing.selectors.cost_rows import CostBy
from billing.services import ledger
from tests.billing.conftest import at
from tests.factories.agents import AgentFactory
from tests.factories.billing import AccountFactory, held
from tests.factories.cards import CardFactory

NOVEMBER = date(2026, 11, 1)
VALUE = re.compile(rb"(</f>)<v>[^<]*</v>")


@pytest.fixture
def book(reference, tmp_path):
    """The report by agent beside October as a file, and the report."""
    for amounts in ({EntryKind.MONTHLY_FEE: "29.90", EntryKind.SMS: "0.10"}, {EntryKind.MONTHLY_FEE: "1234.56"}):
        card = CardFactory()
        held(card, AgentFactory(), at(1))
        account = AccountFactory(cards=[card])
        for kind, amount in amounts.items():
            ledger.post(
                account=account, kind=kind, amount=-Decimal(amount), actor=None, now=at(1), card=card, month=NOVEMBER
            )
    report = cost_report(Wanted(month=NOVEMBER, by=CostBy.AGENT, against=date(2026, 10, 1)))
    path = tmp_path / "costs.xlsx"
    with path.open("wb") as target:
        as_xlsx(report, target, mark="billing.costs:5f0c91de", taken_by="Wang Fang", now=at(20))
    return path, report


def test_libreoffice_reckons_what_the_page_says(book, tmp_path):
    """R13: without the values kept beside them, the formulas give every total of the report."""
    path, report = book
    bare = tmp_path / "bare.xlsx"
    with zipfile.ZipFile(path) as given, zipfile.ZipFile(bare, "w") as taken:
        for name in given.namelist():
            taken.writestr(name, VALUE.sub(rb"\1", given.read(name)))
    office = shutil.which("soffice")
    assert office, "LibreOffice is not installed: apt-get install libreoffice-calc-nogui"
    subprocess.run(
        [
            office,
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            "csv",
            "--outdir",
            str(tmp_path),
            str(bare),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    with (tmp_path / "bare.csv").open(encoding="utf-8", newline="") as file:
        _head, *rows = csv.reader(file)
    columns = columns_in_file(report)
    for line, row in zip(rows, [*report.rows, report.total], strict=True):
        told = [Decimal(cell.replace(",", "")) if cell else None for cell in line[-len(columns) :]]
        assert told == [column.value(row) for column in columns]


def test_totals_are_formulas_heads_stay_and_a_sheet_says_who(book):
    """R64: what leaves says by what filters, when and for whom it was made."""
    path, _report = book
    sheet, about = openpyxl.load_workbook(path).worksheets
    assert sheet.freeze_panes == "B2"
    last = next(iter(sheet.iter_rows(min_row=sheet.max_row)))
    assert last[-1].value == f"=SUM({last[-1].column_letter}2:{last[-1].column_letter}{sheet.max_row - 1})"
    assert sheet.cell(2, len(last)).value.startswith("=SUM(")
    assert last[-1].number_format == "#,##0.00"
    assert isinstance(sheet.cell(sheet.max_row, 3).value, int)
    told = [str(cell.value) for row in about.iter_rows() for cell in row]
    assert {"2026-11", "2026-10", "Wang Fang"} <= set(told)
    assert any("2026-11-20" in line for line in told)
    assert "Wang Fang" in sheet.oddFooter.left.text
