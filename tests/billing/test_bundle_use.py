"""Messages and data of many cards from a file: recorded once, refused by line, rated with the month (R27, R81)."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from xlsxwriter import Workbook

from billing.errors import NoUseReadable
from billing.models import BundleUse, ClosedMonth, LedgerEntry
from billing.services.bundle_use import import_bundle_use
from billing.services.rating import rate_month
from billing.tasks import import_bundle_uses
from cardfleet.accounts.choices import Role
from cardfleet.jobs.models import Job
from cardfleet.jobs.progress import Progress
from cardfleet.jobs.tasks import run_job
from cardfleet.journal.models import Entry
from cardfleet.kernel.errors import BadInput
from tests.factories.accounts import PersonFactory
from tests.factories.cards import CardFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
OCTOBER = date(2026, 10, 1)
ONE, TWO = "13812340001", "13812340002"


@pytest.fixture
def finance():
    return PersonFactory(role=Role.FINANCE)


@pytest.fixture
def cards(card):
    return [CardFactory(carrier=card.carrier, plan=card.plan, msisdn=f"+86{number}") for number in (ONE, TWO)]


def brought(text: str, actor, now, month: date | None = None):
    return import_bundle_use(
        file=io.BytesIO(text.encode("gb18030")), name="用量.csv", month=month, actor=actor, now=now
    )


def recorded() -> list[tuple[object, ...]]:
    return list(BundleUse.objects.order_by("month", "card_id").values_list("month", "sms", "data_mb", "sms_fee"))


def test_a_summary_is_recorded_once_and_rated(cards, finance, now) -> None:
    """R81: headers in Chinese, GB as well as MB, a fee the carrier charged; sent twice it changes nothing."""
    text = f'手机号码,账期,短信条数,流量(MB),短信费\n{ONE},202610,12条,"1,024.5",\n{TWO},2026年10月,3,1.5GB,0.30元\n'
    done = brought(text, finance, now)
    assert (done.stored, done.known, done.refused) == (2, 0, [])
    assert recorded() == [
        (OCTOBER, 12, Decimal("1024.500"), None),
        (OCTOBER, 3, Decimal("1536.000"), Decimal("0.30")),
    ]
    again = brought(text, finance, now)
    assert (again.stored, again.known) == (0, 2)
    assert Entry.objects.filter(action="billing.bundle_uses_imported").count() == 1
    cards[0].plan.prices.update(sms_price="0.10", data_price_mb="0.01")
    rate_month(month=OCTOBER, actor=None, now=now)
    sms = LedgerEntry.objects.filter(kind="sms").order_by("card_id").values_list("amount", flat=True)
    assert list(sms) == [Decimal("-1.20"), Decimal("-0.30")]


def test_an_empty_cell_leaves_what_is_known(cards, finance, now) -> None:
    """A later file of data alone keeps the messages of an earlier one; the month stands beside the file."""
    brought(f"号码,短信\n{ONE},7\n", finance, now, OCTOBER)
    done = brought(f"号码,短信,流量\n{ONE},,20\n", finance, now, OCTOBER)
    assert done.stored == 1
    assert recorded() == [(OCTOBER, 7, Decimal("20.000"), None)]


def test_each_wrong_row_says_why_and_the_others_are_recorded(cards, finance, now) -> None:
    """Unknown number, no month, a month to come, a closed one, a wrong count, twice the same: line and column each."""
    ClosedMonth.objects.create(month=date(2026, 9, 1), closed_at=now, figures={})
    rows = [
        f"{ONE},202610,1", "13899990000,202610,1", f"{TWO},,1", f"{TWO},209901,1", f"{TWO},202609,1",
        f"{TWO},202610,-2", f"{ONE},202610,5", f"{TWO},202610,", "x,202610,1",
        f"{TWO},202610,{'9' * 5000}",
    ]  # fmt: skip
    done = brought("\n".join(["号码,月份,短信条数", *rows]), finance, now)
    assert done.stored == 1
    assert [(reason.line, reason.code) for reason in done.refused] == [
        (3, "unknown_card"), (4, "month_missing"), (5, "wrong_month"), (6, "month_closed"),
        (7, "count_unreadable"), (8, "doubled"), (9, "missing"), (10, done.refused[-2].code),
        (11, "count_unreadable"),
    ]  # fmt: skip
    assert recorded() == [(OCTOBER, 1, Decimal(0), None)]
    with pytest.raises(NoUseReadable):
        brought("号码,月份,短信条数\n13899990000,202610,1\n", finance, now)
    with pytest.raises(BadInput):
        brought(f"号码,月份\n{ONE},202610\n", finance, now)


def test_a_card_out_of_scope_is_as_if_it_were_not(cards, now) -> None:
    stranger = PersonFactory(role=Role.SUPERVISOR)
    with pytest.raises(NoUseReadable) as refused:
        brought(f"号码,月份,短信条数\n{ONE},202610,1\n", stranger, now)
    assert [reason.code for reason in refused.value.reasons] == ["unknown_card"]


def test_a_workbook_in_the_page(client, cards, finance, now) -> None:
    """R81: XLSX, number as text; a job records it, in as many queries for one row as for two, and may run twice."""
    client.force_login(finance)

    def sent(*numbers: str) -> int:
        content = io.BytesIO()
        with Workbook(content) as book:
            sheet = book.add_worksheet()
            for place, row in enumerate([("手机号", "月份", "流量(MB)"), *((one, "2026-10", 3) for one in numbers)]):
                sheet.write_row(place, 0, row)
        file = SimpleUploadedFile("用量.xlsx", content.getvalue())
        answer = client.post("/usage/bundles/", {"file": file})
        job = Job.objects.latest("id")
        assert answer["Location"] == reverse("jobs:detail", args=[job.pk])
        assert not BundleUse.objects.exists()
        with CaptureQueriesContext(connection) as seen:
            run_job(job.pk)
        job.refresh_from_db()
        assert (job.state, job.summary) == ("done", {"stored": len(numbers), "known": 0})
        assert client.get(answer["Location"]).status_code == 200
        again = import_bundle_uses(job, Progress(job))
        assert again.summary == {"stored": 0, "known": len(numbers)}
        BundleUse.objects.all().delete()
        return len(seen)

    sent(ONE)
    assert sent(ONE) == sent(ONE, TWO)
    assert client.post("/usage/bundles/", {"month": "x"}).status_code == 422
    picture = SimpleUploadedFile("p.csv", b"")
    assert client.post("/usage/bundles/", {"file": picture}).status_code == 422


def test_a_job_says_of_each_row_why_it_was_not_taken(client, cards, finance, now) -> None:
    """Bad input: the lines with their reasons stand on the page of the job; the others are recorded."""
    client.force_login(finance)
    text = f"号码,月份,短信条数\n{ONE},202610,1\n13899990000,202610,1\n"
    client.post("/usage/bundles/", {"file": SimpleUploadedFile("用量.csv", text.encode())})
    job = Job.objects.get()
    run_job(job.pk)
    assert [(row.line, row.code) for row in job.rows.filter(ok=False)] == [(3, "unknown_card")]
    assert BundleUse.objects.get().sms == 1
