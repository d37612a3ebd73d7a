"""Bills, their files and complaints over the API: what finance does on their pages (R27, R30, R82)."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from billing.models import Bill, BillStatement, LedgerEntry
from billing.services.bills import store_bills
from billing.services.rating import rate_month
from cardfleet.accounts.choices import Role
from tests.asking import fields, post, signed_in
from tests.billing.bills import OCTOBER, brought, shared
from tests.billing.test_bills import ONE, TEXT, TWO
from tests.factories.accounts import PersonFactory, TeamFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def finance():
    return PersonFactory(role=Role.FINANCE)


@pytest.fixture
def api(finance):
    return signed_in(finance)


@pytest.fixture
def bill(finance, now) -> Bill:
    """A bill of 52 yuan that should be 42."""
    account, _cards = shared(ONE, TWO)
    rate_month(month=OCTOBER, actor=None, now=now)
    return brought(account, TEXT, actor=finance, now=now)


def test_a_file_is_looked_at_mapped_and_started(api, finance, now):
    """R30: nothing is imported before it is asked for; a header nobody knows is mapped by place."""
    account, cards = shared(ONE)
    given = {"carrier": account.carrier_id, "account": account.pk, "month": "2026-10-09"}
    file = SimpleUploadedFile("10.csv", f"线路,基础,额外\n{ONE},18,1\n".encode())
    made = post(api, "bills/statements", given | {"file": file}, status=201, format="multipart")
    path = f"bills/statements/{made['id']}"
    assert (made["state"], made["month"], Bill.objects.count()) == ("received", "2026-10-01", 0)
    reading = api.get(f"/api/v1/{path}/reading/").json()
    assert (reading["is_readable"], reading["first_rows"][0]["cells"]) == (False, ["线路", "基础", "额外"])
    post(api, f"{path}/start", status=400)
    names = [{"place": place, "holds": holds} for place, holds in enumerate(("number", "monthly_fee", "voice"))]
    post(api, f"{path}/columns", {"line": 1, "columns": names[:1]}, status=400)
    assert post(api, f"{path}/columns", {"line": 1, "columns": names})["is_readable"]
    assert post(api, f"{path}/start", status=202)["job"]
    post(api, f"{path}/put-away", status=409)
    (stored,) = store_bills(statement=BillStatement.objects.get(), actor=finance, now=now).bills
    assert set(stored.lines.values_list("card", flat=True)) == {cards[0].pk}


def test_a_file_put_away_may_come_again(api):
    """R30: until then the same file is known, and its account must be of its carrier."""
    (account, _cards), (other, _others) = shared(ONE), shared(TWO)

    def sent(**given):
        return {"carrier": account.carrier_id, "file": SimpleUploadedFile("10.csv", TEXT.encode()), **given}

    strange = post(api, "bills/statements", sent(account=other.pk), status=400, format="multipart")
    assert fields(strange) == ["account"]
    made = post(api, "bills/statements", sent(account=account.pk), status=201, format="multipart")
    post(api, "bills/statements", sent(account=account.pk), status=409, format="multipart")
    assert post(api, f"bills/statements/{made['id']}/put-away")["state"] == "put_away"
    post(api, "bills/statements", sent(account=account.pk), status=201, format="multipart")


def test_a_bill_is_accepted_reopened_and_paid(api, bill):
    """R27, R82: the ledger follows each decision; a bill is paid once."""
    path = f"bills/{bill.pk}"
    assert post(api, f"{path}/check")["state"] == "checked"
    assert post(api, f"{path}/accept")["state"] == "accepted"
    post(api, f"{path}/accept", status=409)
    assert fields(post(api, f"{path}/reopen", {"reason": ""}, status=400)) == ["reason"]
    assert post(api, f"{path}/reopen", {"reason": "A line is missing"})["state"] == "checked"
    post(api, f"{path}/accept")
    paid = {"amount": "52.00", "paid_on": "2026-11-18", "reference": "T1"}
    assert fields(post(api, f"{path}/pay", paid | {"amount": "0"}, status=400)) == ["amount"]
    assert post(api, f"{path}/pay", paid)["paid"] == "52.00"
    post(api, f"{path}/pay", paid, status=409)
    bill.account.refresh_from_db()
    assert bill.account.balance == 0


def test_a_bill_brought_by_mistake_is_taken_back(api, bill):
    """R82: it is in the list no more."""
    assert post(api, f"bills/{bill.pk}/withdraw")["state"] == "withdrawn"
    assert api.get("/api/v1/bills/").json()["results"] == []
    post(api, f"bills/{bill.pk}/accept", status=404)


def test_a_complaint_is_made_answered_and_credited(api, bill):
    """R82: of differences that are too high; the part that is granted is posted."""
    picked = list(bill.differences.order_by("amount").values_list("pk", flat=True))
    said = {"bill": bill.pk, "differences": picked, "reason": "By the tariff", "sent_on": "2026-11-02"}
    post(api, "bills/disputes", said | {"differences": [2**60]}, status=400)
    dispute = post(api, "bills/disputes", said, status=201)
    assert Decimal(dispute["amount"]) == 15
    answer = {"outcome": "partly", "credited": "99", "answered_on": "2026-11-12", "reply": "Granted in part"}
    path = f"bills/disputes/{dispute['id']}"
    post(api, f"{path}/close", answer, status=400)
    letter = SimpleUploadedFile("letter.pdf", b"%PDF-1.4\n%%EOF\n")
    closed = post(api, f"{path}/close", answer | {"credited": "10", "file": letter}, format="multipart")
    assert (closed["state"], closed["credited"], bool(closed["reply_file"])) == ("partly", "10.00", True)
    assert LedgerEntry.objects.filter(key__startswith="dispute").exists()
    post(api, f"{path}/close", answer, status=409)


def test_who_leads_cards_settles_no_bill(bill):
    """R12: as on the pages."""
    team = TeamFactory()
    desk = signed_in(PersonFactory(role=Role.SUPERVISOR, scope=team, team=team))
    for path in (f"bills/{bill.pk}/accept", "bills/disputes", "bills/statements"):
        post(desk, path, status=403)
    assert bill.differences.filter(state="open").exists()
