"""No file that leaves CardFleet holds a cell that a spreadsheet runs, whatever somebody wrote into a name or note."""

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client

from billing.models import Account, Claim
from billing.services.ledger import charge
from cardfleet.kernel.tabular import open_table
from cardfleet.lists import registry
from cards.models import Card
from cards.services.states import change_service_state
from lifecycle.importers.recipients import read_recipients
from lifecycle.services.cases.closing import close_case
from lifecycle.services.number_notices import list_recipients
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, sign_in_freshly
from tests.factories.cards import CardFactory
from tests.factories.cases import CaseFactory
from tests.lists.other_files import FILES, got
from tests.lists.planting import looked_at, plant
from tests.lists.test_twins import CODES
from tests.lists.twins import SOME, WHOLE

pytestmark = [pytest.mark.usefixtures("reference"), pytest.mark.owner]
OURS = ("cardfleet", "cards", "agents", "billing", "lifecycle")
FORMS = ("csv", "xlsx")
WRITES = re.compile(
    r"\b(csv_chunks|write_xlsx|write_report|copied_csv|csv\.(Dict)?[wW]riter|xlsxwriter|openpyxl|xlwt)\b"
)
OF_LISTS = {"cardfleet.lists.exporters.files"}
# What writes tables nobody is given, or only writes for the modules above.
NOT_GIVEN_OUT = {
    "cardfleet.kernel.copying": "the writer of lists",
    "cardfleet.kernel.spreadsheets": "the writers themselves",
    "cardfleet.kernel.workbooks": "the writer of reports",
    "lifecycle.demo.stock": "files that the demo sends in",
    "lifecycle.demo.usage": "files that the demo sends in",
    "lifecycle.importers.connectors.json_calls": "what a connection answered, kept as it came, as files sent in are",
}


def written() -> Iterator[str]:
    """Yield each module of ours that writes a table."""
    for top in OURS:
        for path in sorted((settings.BASE_DIR / top).rglob("*.py")):
            if WRITES.search(path.read_text("utf-8")):
                yield ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts)


@pytest.mark.parametrize("code", CODES)
def test_a_list_as_a_file_holds_nothing_that_runs(code: str, time_machine) -> None:
    """R4: every list there is, with all of its columns."""
    time_machine.move_to(FRIDAY, tick=False)
    SOME[code]()
    whole = WHOLE.get(code, dict)()
    plant()
    page, found = Client(), registry.listing(code)
    sign_in_freshly(page, PersonFactory(is_superuser=True))
    asked = {**whole, "columns": [column.code for column in found.columns if column.cells]}
    for form in FORMS:
        live, tame = looked_at(got(page, "lists:export", code, **asked, form=form))
        assert (live, bool(tame)) == ([], True)


@pytest.fixture
def filled(things, people):
    """Things with what reports tell: a charge, a stop, an ended case, a paid claim, people to be told."""
    account, card = Account.objects.get(pk=things["account"]), CardFactory(team=people["agent"].team)
    charge(account=account, card=Card.objects.get(pk=things["card"]), amount=Decimal(3), actor=None, now=FRIDAY)
    stopped = {"to": "full_stop", "reason": "arrears", "source": "carrier_sms", "at": FRIDAY - timedelta(hours=2)}
    change_service_state(card_id=card.pk, **stopped, actor=None, now=FRIDAY)
    case = CaseFactory(card=CardFactory(), kind="fault", reason="unknown", now=FRIDAY - timedelta(hours=3))
    close_case(case_id=case.pk, outcome="withdrawn", actor=None, now=FRIDAY)
    decided = {"decided_by": people["compliance"], "decided_at": FRIDAY, "paid_by": PersonFactory(), "payable": 100}
    Claim.objects.filter(pk=things["claim"]).update(state="paid", batch=things["payment"], **decided)
    people_of = "手机号,称呼\n13800001234,x\n"
    lines = read_recipients(open_table(io.BytesIO(people_of.encode()), "people.csv"), with_results=False)
    list_recipients(notice_id=things["number_notice"], lines=lines, actor=people["supervisor"], now=FRIDAY)
    return things


def test_no_other_file_holds_anything_that_runs(filled, time_machine) -> None:
    """R4, R64: reports, packs, answers, results and refused rows, each asked for where people ask for it."""
    time_machine.move_to(FRIDAY + timedelta(hours=1), tick=False)
    plant()
    client = Client()
    client.force_login(PersonFactory(is_superuser=True, language="en"))
    live, tame = {}, {}
    for files in dict.fromkeys(FILES.values()):
        looked = [looked_at(file) for file in files(client, filled)]
        live[files.__name__] = [cell for cells, _signs in looked for cell in cells]
        tame[files.__name__] = set().union(*(signs for _cells, signs in looked))
    assert {name: cells for name, cells in live.items() if cells} == {}
    assert [name for name, signs in tame.items() if not signs] == []


def test_every_module_that_writes_a_file_is_asked_for_one() -> None:
    """R64: whoever writes CSV or XLSX in another place finds a line here missing."""
    assert set(written()) == {*FILES, *OF_LISTS, *NOT_GIVEN_OUT}
