"""`manage.py import_cards`: the same service as the page, exit 1 and a reject file when lines were refused."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from cardfleet.kernel.tabular import open_table
from cards.models import Card, Carrier
from tests.cards.files import HEADER, csv_bytes, iccid, xlsx_bytes
from tests.factories.accounts import TeamFactory
from tests.factories.agents import AgentFactory
from tests.factories.cards import CarrierFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mobile():
    return CarrierFactory(code="cmcc", name="中国移动", aliases=["移动"])


def write(folder: Path, *rows, name: str = "cards.csv") -> Path:
    """Write a card file."""
    path = folder / name
    path.write_bytes(csv_bytes(HEADER, *rows) if name.endswith("csv") else xlsx_bytes(HEADER, *rows))
    return path


def test_good_file_lands_in_the_only_company(tmp_path, capsys):
    company = TeamFactory()
    TeamFactory(parent=company)
    call_command("import_cards", str(write(tmp_path, (iccid(1), "13800000001", "移动"))))
    assert Card.objects.get().team == company
    assert "created 1" in capsys.readouterr().out


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_refused_lines_go_to_a_file_of_the_same_kind_and_exit_is_1(tmp_path, capsys, suffix):
    path = write(tmp_path, (iccid(1), "13800000001", "移动"), ("x", "13800000002", "移动"), name=f"cards.{suffix}")
    with pytest.raises(SystemExit) as ended:
        call_command("import_cards", str(path))
    assert ended.value.code == 1
    assert Card.objects.count() == 1
    rejects = tmp_path / f"cards-rejected.{suffix}"
    with rejects.open("rb") as file:
        rows = [cells for _line, cells in open_table(file, rejects.name).rows()]
    assert rows[1][:5] == ["x", "13800000002", "移动", "3", "ICCID"]
    assert "3 ICCID x" in capsys.readouterr().err


def test_dry_run_writes_nothing(tmp_path):
    call_command("import_cards", str(write(tmp_path, (iccid(1), "13800000001", "移动"))), "--dry-run")
    assert not Card.objects.exists()


def test_missing_names_are_made_when_asked(tmp_path):
    path = write(tmp_path, (iccid(1), "13800000001", "远特通信"))
    with pytest.raises(SystemExit):
        call_command("import_cards", str(path))
    call_command("import_cards", str(path), "--create-missing")
    assert Card.objects.get().carrier == Carrier.objects.get(name="远特通信")


def test_take_over_without_a_stated_reason_names_the_file(tmp_path):
    AgentFactory(user__staff_no="S1")
    path = tmp_path / "十月.csv"
    path.write_bytes(csv_bytes((*HEADER, "领用人工号"), (iccid(1), "13800000001", "移动", "S1")))
    call_command("import_cards", str(path))
    assert "十月.csv" in Card.objects.get().assignments.get().reason


def test_unusable_file_says_why(tmp_path):
    (tmp_path / "empty.csv").write_bytes(b"")
    for name in ("empty.csv", "nowhere.csv"):
        with pytest.raises(CommandError):
            call_command("import_cards", str(tmp_path / name))
