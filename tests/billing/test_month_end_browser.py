"""Finance's month end in Chinese, in a real Chromium: the bill, a dispute, the close, the report, the voucher."""

import csv
import io
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from billing.models import Bill, BillStatement, ClosedMonth, Dispute
from billing.selectors.costs import ledger_total
from billing.tasks import import_bills
from cardfleet.accounts.choices import Role
from cardfleet.jobs.progress import Progress
from cardfleet.kernel.reference import load
from tests.billing.bills import OCTOBER, shared
from tests.billing.test_bills import ONE, TEXT, TWO
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory

WRONG_FEE = "#differences tr:has-text('28.00') input[name=pick]"


@pytest.fixture
def session(client, transactional_db, time_machine) -> str:
    """The session of somebody of finance, in November."""
    time_machine.move_to(FRIDAY, tick=False)
    load(now=timezone.now())
    client.force_login(PersonFactory(name="何敏", role=Role.FINANCE))
    return client.session.session_key


def send(page, account) -> None:
    """Send the statement in, look at how it is read, and have it imported."""
    page.goto(reverse("billing:bill-import"))
    page.set_input_files("[name=file]", {"name": "10.csv", "mimeType": "text/csv", "buffer": TEXT.encode("gb18030")})
    page.select_option("[name=carrier]", str(account.carrier_id))
    page.select_option("[name=account]", str(account.pk))
    page.click("main form button.btn-primary")
    page.click("form[action$='/start/'] button")
    page.wait_for_selector("form[action$='/start/']", state="detached")


def settle(page, bill: int) -> None:
    """Dispute the fee that is too high, accept the rest, record the payment."""
    page.goto(reverse("billing:bill", args=[bill]))
    page.locator(WRONG_FEE).first.check()
    page.fill("#complain [name=reason]", "退还多收的套餐费")
    page.click("#complain button[type=submit]")
    page.wait_for_url("**/disputes/**")
    page.goto(reverse("billing:bill", args=[bill]))
    for name in ("accept", "pay"):
        page.click(f"[data-dialog={name}]")
        if name == "pay":
            page.fill("#pay [name=amount]", "52.00")
        page.click(f"#{name} button[type=submit]")
        page.wait_for_selector(f"[data-dialog={name}]", state="detached")


def close(page) -> None:
    """Close October, having seen that a dispute is open."""
    page.goto(reverse("billing:closing"))
    page.check("[name=is_seen]")
    page.click("main form button.btn-primary")
    page.wait_for_selector("[name=is_seen]", state="detached")


def saved(page, link: str) -> bytes:
    """Return the file behind a link."""
    with page.expect_download() as download:
        page.click(link)
    return download.value.path().read_bytes()


def test_finance_ends_a_month(live, session) -> None:
    """R82, R30, R13: what the carrier billed is checked and settled, the month is closed, and all figures are one."""
    account, _cards = shared(ONE, TWO)
    with live.page(session=session) as page:
        send(page, account)
    job = BillStatement.objects.get().job
    import_bills(job, Progress(job))
    bill = Bill.objects.get()
    with live.page(session=session) as page:
        settle(page, bill.pk)
        live.screenshot(page, "month-end-1-bill")
        close(page)
        live.screenshot(page, "month-end-2-closed")
        page.goto(f"{reverse('billing:costs')}?month=2026-10")
        live.screenshot(page, "month-end-3-costs")
        workbook = load_workbook(io.BytesIO(saved(page, "a[href*='format=xlsx']")))
        page.goto(f"{reverse('billing:voucher')}?month=2026-10")
        live.screenshot(page, "month-end-4-voucher")
        voucher = list(csv.reader(saved(page, "a[href*='/voucher/export/']").decode("utf-8-sig").splitlines()))
        page.set_viewport_size({"width": 390, "height": 844})
        for name in ("closing", "voucher", "bills"):
            page.goto(reverse(f"billing:{name}"))
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
            live.screenshot(page, f"month-end-phone-{name}")
    closed, dispute = ClosedMonth.objects.get(), Dispute.objects.get()
    assert (closed.month, dispute.amount, Decimal(closed.figures["cost"])) == (OCTOBER, Decimal(10), Decimal(52))
    assert ledger_total(OCTOBER) == Decimal(52), "what the carrier's accepted bill says"
    totals = [str(cell.value) for cell in list(workbook.worksheets[0].rows)[-1]]
    assert any(total.startswith("=SUM(") for total in totals), totals
    assert len(voucher) > 2, "a head, and at least a debit and a credit"
