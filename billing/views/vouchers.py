"""The accounting export: a month as voucher lines, looked at and taken."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from billing.errors import AccountsMissing, ColumnsMissing
from billing.selectors.vouchers import file_columns, voucher_of
from billing.services.vouchers import take_out_voucher
from billing.views.access import MoneyView, person
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.downloads import streamed
from cardfleet.kernel.months import MonthQuery


class VoucherView(MoneyView):
    """What the books would take in; finance's."""

    permission_required = "billing.change_vouchermapping"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Show the lines, or what is missing for them."""
        month = self.asked()["month"]
        context: dict[str, Any] = {"month": month, "voucher": None, "refusal": None}
        try:
            context["voucher"] = voucher_of(month)
            context["columns"] = file_columns()
        except (AccountsMissing, ColumnsMissing) as refusal:
            context["refusal"] = refusal
        return render(request, "billing/voucher.html", context)

    def asked(self) -> dict[str, Any]:
        """Return the month asked for. BadInput."""
        return MonthQuery.read(self.request.GET, today=business_day(timezone.now()))


class VoucherExportView(VoucherView):
    """The lines as a file; that it was taken is journalled with its hash."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the file. AccountsMissing, ColumnsMissing, Unbalanced."""
        file = take_out_voucher(month=self.asked()["month"], actor=person(request), now=timezone.now())
        return streamed(file.name, [file.content])
