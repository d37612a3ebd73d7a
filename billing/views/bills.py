"""Bills: the list, one bill with its differences, and what is decided about it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from billing.choices import BillItem, DifferenceState
from billing.filters import DifferenceFilter
from billing.forms.bills import DisputeForm, PaymentForm, ReopenForm
from billing.forms.usable import usable
from billing.lists import BILLS, DIFFERENCES, DISPUTES
from billing.models import Bill, BillDifference
from billing.rules.bill_advice import ADVICE
from billing.services.bill_checking import check_again
from billing.services.bill_settling import accept_bill, leave_as_billed, record_payment, reopen_bill
from billing.services.bills import withdraw_bill
from billing.views.access import MoneyView, person
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.paging import page_of
from cardfleet.lists.asking import Asked
from cardfleet.lists.registry import Reader
from cardfleet.lists.views.page import ListPage

ROWS = 100


class BillsView(ListPage):
    """Bills, the latest month first."""

    listing = BILLS
    template_name = "billing/bills.html"

    def shown(self, asked: Asked, reader: Reader) -> dict[str, Any]:
        """Return one page of bills."""
        bills = asked.ordered(reader.now).select_related("account__carrier")
        listed = page_of(bills, number=asked.query.get("page"), size=asked.size)
        return {"page_obj": listed.page, "more": listed.more, "today": business_day(reader.now)}


class DifferencesView(ListPage):
    """Differences of all bills."""

    listing = DIFFERENCES
    template_name = "billing/differences.html"

    def shown(self, asked: Asked, reader: Reader) -> dict[str, Any]:
        """Return one page of them."""
        rows = asked.ordered(reader.now).select_related("bill__account__carrier", "card")
        listed = page_of(rows, number=asked.query.get("page"), size=asked.size)
        return {"page_obj": listed.page, "more": listed.more}


class DisputesView(ListPage):
    """Complaints to carriers."""

    listing = DISPUTES
    template_name = "billing/disputes.html"

    def shown(self, asked: Asked, reader: Reader) -> dict[str, Any]:
        """Return one page of them."""
        rows = asked.ordered(reader.now).select_related("account__carrier")
        listed = page_of(rows, number=asked.query.get("page"), size=asked.size)
        return {"page_obj": listed.page, "more": listed.more, "today": business_day(reader.now)}


class BillView(MoneyView):
    """One bill: its items, what differs and what to do about it."""

    permission_required = "billing.view_bill"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show it."""
        return self.page(self.bill(pk))

    def bill(self, pk: int) -> Bill:
        """Return a bill in scope; another is as if it were not."""
        bills = Bill.objects.visible_to(person(self.request))
        found = bills.select_related("account__carrier", "statement__file", "accepted_by", "paid_by").filter(pk=pk)
        bill = found.first()
        if bill is None:
            raise Http404
        return bill

    def page(self, bill: Bill, *, status: int = 200, **more: Any) -> HttpResponse:
        """Show the page."""
        today = business_day(timezone.now())
        query = self.request.GET
        differences = DifferenceFilter(query, queryset=bill.differences.select_related("card", "dispute")).qs
        context = {
            "bill": bill,
            "gap": bill.total - bill.expected,
            "is_overdue": bill.paid_on is None and bill.due_on < today,
            "items": items_of(bill),
            "kinds": kinds_of(bill, query.get("kind", "")),
            "disputes": {one.dispute for one in bill.differences.exclude(dispute=None).select_related("dispute")},
            "page_obj": Paginator(differences.order_by("-amount", "id"), ROWS).get_page(query.get("page")),
            "dispute_form": DisputeForm(initial={"sent_on": today}),
            "payment_form": PaymentForm.of(bill, today),
            "reopen_form": ReopenForm(),
            "waits": bill.differences.filter(state=DifferenceState.OPEN).exists(),
            "today": today,
        }
        return render(self.request, "billing/bill.html", context | more, status=status)


class BillDeedView(BillView):
    """Something done about a bill: a subclass does it and says so."""

    permission_required = "billing.settle_bill"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do it, or say on the bill's page why not."""
        bill = self.bill(pk)
        try:
            told = self.do(bill)
        except Refusal as refusal:
            return self.page(bill, status=refusal.status, refusal=refusal)
        messages.success(request, told)
        return redirect("billing:bill", pk)

    def do(self, bill: Bill) -> str:
        """Do it and return what is said."""
        raise NotImplementedError


class BillCheckView(BillDeedView):
    """Check a bill anew."""

    def do(self, bill: Bill) -> str:
        """Check it."""
        found = check_again(bill=bill, actor=person(self.request), now=timezone.now())
        return _("The bill was checked anew: {count} differences.").format(count=found)


class BillAcceptView(BillDeedView):
    """Accept a bill."""

    def do(self, bill: Bill) -> str:
        """Accept it."""
        posted = accept_bill(bill=bill, actor=person(self.request), now=timezone.now())
        return _("The bill is accepted; {count} entries brought the ledger to it.").format(count=posted.entries)


class BillWithdrawView(BillDeedView):
    """Take back a bill that was brought by mistake."""

    def do(self, bill: Bill) -> str:
        """Take it back."""
        withdraw_bill(bill=bill, actor=person(self.request), now=timezone.now())
        return _("The bill was taken back. Its file may be sent again.")


class BillLeaveView(BillDeedView):
    """Leave an accepted bill as it is, whatever came since."""

    def do(self, bill: Bill) -> str:
        """Accept what is open."""
        left = leave_as_billed(bill=bill, actor=person(self.request), now=timezone.now())
        return _("{count} differences are left as billed.").format(count=left)


class BillReopenView(BillDeedView):
    """Take the acceptance of a bill back."""

    def do(self, bill: Bill) -> str:
        """Take it back; a reason that lacks is a refusal."""
        given = usable(ReopenForm(self.request.POST))
        posted = reopen_bill(bill=bill, actor=person(self.request), now=timezone.now(), **given)
        return _("The bill is open again; {count} entries were taken back.").format(count=posted.entries)


class BillPayView(BillDeedView):
    """Record that a bill was paid."""

    def do(self, bill: Bill) -> str:
        """Record it; an unusable input is a refusal."""
        form = PaymentForm(self.request.POST)
        given = usable(form)
        record_payment(bill=bill, actor=person(self.request), now=timezone.now(), **given)
        return _("The payment is recorded.")


def items_of(bill: Bill) -> list[tuple[str, Any, int]]:
    """Return what a bill charges by item: its word, the sum and how many lines."""
    sums = bill.lines.values("item").annotate(sum=Sum("amount"), lines=Count("pk")).order_by("-sum")
    return [(str(BillItem(row["item"]).label), row["sum"], row["lines"]) for row in sums]


def kinds_of(bill: Bill, chosen: str) -> list[dict[str, Any]]:
    """Return the differences of a bill by kind: how many, how much, what it means and what to do next."""
    rows = bill.differences.values("kind").annotate(sum=Sum("amount"), count=Count("pk")).order_by("-sum", "kind")
    label = BillDifference(bill=bill)
    return [
        {**row, "label": _label(label, row["kind"]), "advice": ADVICE[row["kind"]], "current": row["kind"] == chosen}
        for row in rows
    ]


def _label(difference: BillDifference, kind: str) -> str:
    difference.kind = kind
    return difference.get_kind_display()
