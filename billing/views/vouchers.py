"""The accounting export: a month as voucher lines, looked at and taken."""

from hashlib import sha256
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from billing.errors import AccountsMissing, ColumnsMissing
from billing.exporters.vouchers import as_csv, file_name
from billing.selectors.vouchers import file_columns, voucher_of
from billing.services.vouchers import record_voucher_export
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
        voucher = voucher_of(self.asked()["month"])
        content = as_csv(voucher, file_columns())
        record_voucher_export(
            month=voucher.month,
            lines=len(voucher.lines),
            amount=voucher.debit,
            provisional=voucher.provisional,
            digest=sha256(content).hexdigest(),
            actor=person(request),
            now=timezone.now(),
        )
        return streamed(file_name(voucher), [content])
