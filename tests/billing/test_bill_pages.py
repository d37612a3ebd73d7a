"""The pages and the API of bills, end to end as finance uses them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from billing.choices import DisputeState, EntryKind
from billing.errors import BillDisputed, ColumnsUnknown, CreditWrong
from billing.models import Bill, BillProfile, BillStatement, Dispute, LedgerEntry
from billing.services.bill_profiles import edit_bill_profile
from billing.services.bills import store_bills, withdraw_bill
from billing.services.disputes import Answer, close_dispute, remind_of_bills
from billing.tasks import import_bills
from cardfleet.accounts.choices import Role
from cardfleet.jobs.progress import Progress
from cardfleet.journal.models import Entry
from cardfleet.notify.models import InboxItem
from lifecycle.services.calendar import record_day
from lifecycle.services.disputes import open_dispute
from tests.billing.bills import OCTOBER, brought, shared
from tests.billing.test_bills import ONE, TEXT, TWO
from tests.factories.accounts import PersonFactory
from tests.factories.billing import DisputeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
STRANGE = "13899990000"


@pytest.fixture
def finance(client):
    person = PersonFactory(role=Role.FINANCE)
    client.force_login(person)
    return person


def upload(client, account, text=TEXT, **given):
    file = SimpleUploadedFile("10.csv", text.encode("gb18030"))
    facts = {"file": file, "carrier": account.carrier_id, "account": account.pk, **given}
    return client.post(reverse("billing:bill-import"), facts)


def test_from_the_file_to_the_letter_and_the_credit(client, finance, now) -> None:
    """R82, R30: sent, looked at, imported by its job, disputed with a letter, answered, credited, accepted, paid."""
    account, _cards = shared(ONE, TWO)
    page = client.get(upload(client, account)["Location"])
    assert (page.context["numbers"], page.context["gap"]) == (2, 0)
    statement = BillStatement.objects.get()
    client.post(reverse("billing:bill-start", args=[statement.pk]))
    statement.refresh_from_db()
    assert import_bills(statement.job, Progress(statement.job)).summary == {"bills": 1, "rows_refused": 0}
    bill = Bill.objects.get()
    shown = client.get(reverse("billing:bill", args=[bill.pk]))
    assert {kind["kind"]: kind["sum"] for kind in shown.context["kinds"]} == {
        "wrong_fee": Decimal(10),
        "unordered_value_added": Decimal(5),
    }
    wrong = bill.differences.get(kind="wrong_fee")
    given = {"pick": [wrong.pk], "reason": "退费", "sent_on": "2026-11-02"}
    answer = client.post(reverse("lifecycle:bill-dispute", args=[bill.pk]), given)
    dispute = Dispute.objects.get()
    assert (dispute.amount, dispute.due_on) == (Decimal(10), date(2026, 11, 23))
    assert answer["Location"] == reverse("billing:dispute", args=[dispute.pk])
    letter = client.get(reverse("billing:dispute-letter", args=[dispute.pk])).content.decode()
    assert f"+86{TWO}" in letter or TWO in letter
    facts = {"outcome": "partly", "credited": "6", "answered_on": "2026-11-20", "reply": "同意退6元"}
    client.post(reverse("billing:dispute-close", args=[dispute.pk]), facts)
    credit = LedgerEntry.objects.get(kind=EntryKind.ADJUSTMENT)
    assert (credit.amount, credit.card_id) == (Decimal(6), wrong.card_id)
    client.post(reverse("billing:bill-accept", args=[bill.pk]))
    client.post(reverse("billing:bill-pay", args=[bill.pk]), {"amount": "52", "paid_on": "2026-11-20"})
    bill.refresh_from_db()
    assert (bill.state, bill.paid) == ("accepted", Decimal(52))
    assert set(bill.differences.values_list("state", flat=True)) == {"settled", "accepted"}
    for name in ("bills", "differences", "disputes", "bill-import"):
        assert client.get(reverse(f"billing:{name}")).status_code == 200


def test_the_pages_say_what_stands_against_it(client, finance, now) -> None:
    """The same file links to the first; a file of unknown columns is mapped on its page; a wrong deed is said."""
    account, _cards = shared(ONE, TWO)
    first = upload(client, account)
    again = upload(client, account)
    assert again.status_code == 409
    assert first["Location"] in again.content.decode()
    wrong = upload(client, account, TEXT + "\n", month="2026-09")
    assert wrong.context["refusal"].code == "wrong_month"
    assert upload(client, account, month="x").status_code == 422
    odd = upload(client, account, f"a,b\n{ONE},18\n", month="2026-08")
    pk = int(odd["Location"].rstrip("/").rsplit("/", 1)[1])
    assert client.get(odd["Location"]).context["read"].columns is None
    assert client.post(reverse("billing:bill-start", args=[pk])).status_code == 400
    client.post(
        reverse("billing:bill-columns", args=[pk]), {"line": 1, "column_0": "number", "column_1": "monthly_fee"}
    )
    assert client.get(odd["Location"]).context["read"].amount == 18
    bill = store_bills(statement=BillStatement.objects.get(pk=pk), actor=finance, now=now).bills[0]
    assert client.post(reverse("lifecycle:bill-dispute", args=[bill.pk]), {"sent_on": "2026-11-02"}).status_code == 400
    assert client.post(reverse("billing:bill-pay", args=[bill.pk]), {"amount": "1"}).status_code == 400


def test_disputes_end_once_and_are_reminded_of_once(finance, now) -> None:
    """R30: a credit fits its claim, a bill in dispute stays, and finance hears once of a term that has passed."""
    account, _cards = shared(ONE, TWO)
    bill = brought(account, TEXT, actor=finance, now=now)
    picks = bill.differences.values_list("pk", flat=True)
    given = {"bill": bill, "reason": "", "sent_on": date(2026, 10, 20), "actor": finance, "now": now}
    dispute = open_dispute(differences=list(picks), **given)
    assert dispute.amount == Decimal(15)
    with pytest.raises(BillDisputed):
        withdraw_bill(bill=bill, actor=finance, now=now)
    for credited in (Decimal(0), Decimal(16)):
        answer = Answer(outcome=DisputeState.PARTLY, answered_on=OCTOBER, reply="-", credited=credited)
        with pytest.raises(CreditWrong):
            close_dispute(dispute=dispute, answer=answer, actor=finance, now=now)
    today = dispute.due_on + timedelta(days=1)
    assert [remind_of_bills(today=today, now=now)["overdue"] for _turn in range(2)] == [1, 0]
    assert InboxItem.objects.filter(user=finance, code="billing.dispute_overdue").count() == 1
    close_dispute(
        dispute=dispute,
        answer=Answer(outcome=DisputeState.WITHDRAWN, answered_on=OCTOBER, reply="-"),
        actor=finance,
        now=now,
    )
    assert set(bill.differences.values_list("state", flat=True)) == {"open"}
    assert not LedgerEntry.objects.exists()


def test_what_is_granted_where_no_difference_stands_is_the_accounts(finance, now) -> None:
    """R30: no row tells the cards of a complaint; the credit is posted all the same, on no card."""
    dispute = DisputeFactory(amount=5)
    answer = Answer(outcome=DisputeState.PARTLY, answered_on=OCTOBER, reply="-", credited=Decimal(3))
    close_dispute(dispute=dispute, answer=answer, actor=finance, now=now)
    entry = LedgerEntry.objects.get()
    assert (entry.account, entry.card, abs(entry.amount)) == (dispute.account, None, 3)


@pytest.mark.parametrize("cards", [1, 3])
def test_a_page_asks_the_same_however_many_cards(cards, client, finance, now, django_assert_max_num_queries) -> None:
    """Fixed query counts of the bill's page."""
    numbers = [f"1381234000{index}" for index in range(cards)]
    account, _cards = shared(*numbers)
    rows = "".join(f"{number},28\n" for number in numbers)
    bill = brought(account, f"手机号码,月租费\n{rows}", month=OCTOBER, actor=finance, now=now)
    assert bill.differences.count() == cards
    client.get(reverse("billing:bill", args=[bill.pk]))
    with django_assert_max_num_queries(22):
        client.get(reverse("billing:bill", args=[bill.pk]))


def test_the_api(client, finance, now) -> None:
    """A script uploads a statement, then reads bills and differences."""
    account, _cards = shared(ONE, TWO)
    file = SimpleUploadedFile("10.csv", TEXT.encode())
    sent = client.post("/api/v1/bills/", {"file": file, "carrier": account.carrier_id, "account": account.pk})
    assert sent.status_code == 202, sent.content
    statement = BillStatement.objects.get(pk=sent.json()["id"])
    store_bills(statement=statement, actor=finance, now=now)
    (bill,) = client.get("/api/v1/bills/", {"state": "checked"}).json()["results"]
    assert (bill["total"], bill["expected"]) == ("52.00", "42.00")
    rows = client.get("/api/v1/bills/differences/", {"bill": bill["id"]}).json()["results"]
    assert {row["kind"] for row in rows} == {"wrong_fee", "unordered_value_added"}


def test_the_term_counts_by_the_days_the_company_recorded(finance, now) -> None:
    """R30: a day off that only our own calendar knows moves the carrier's term to the next day of work."""
    account, _cards = shared(ONE, TWO)
    bill = brought(account, TEXT, actor=finance, now=now)
    first, second = bill.differences.values_list("pk", flat=True)
    given = {"bill": bill, "reason": "", "sent_on": date(2026, 11, 2), "actor": finance, "now": now}
    assert open_dispute(differences=[first], **given).due_on == date(2026, 11, 23)
    record_day(facts={"day": date(2026, 11, 20), "kind": "holiday", "name": "厂休"}, actor=None, now=now)
    assert open_dispute(differences=[second], **given).due_on == date(2026, 11, 24)


def test_finance_corrects_what_columns_hold(client, finance, now) -> None:
    """A mapping that reads no amounts is refused; one that does reads the next file, and the journal names it."""
    account, _cards = shared(ONE)
    odd = upload(client, account, f"a,b\n{ONE},18\n", month="2026-08")
    url = f"{odd['Location']}columns/"
    client.post(url, {"line": 1, "column_0": "number", "column_1": "voice"})
    profile = BillProfile.objects.get()
    wrong = [{"9": "voice"}, {"0": "number", "1": "nothing"}, {"0": "number"}, []]
    for columns in wrong:
        with pytest.raises(ColumnsUnknown):
            edit_bill_profile(profile_id=profile.pk, changes={"columns": columns}, actor=finance, now=now)
    columns = {"0": "number", "1": "monthly_fee"}
    edit_bill_profile(profile_id=profile.pk, changes={"columns": columns}, actor=finance, now=now)
    assert client.get(odd["Location"]).context["read"].rows[0].items[0].item == "monthly_fee"
    assert Entry.objects.filter(action="billing.bill_profile_edited").count() == 1
