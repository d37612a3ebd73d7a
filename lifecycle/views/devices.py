"""The register of devices: the list, a new record, files in and out (R26, R80)."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cardfleet.jobs.dispatch import enqueue
from cardfleet.jobs.models import Job
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.downloads import download
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.forms import add_refusal
from cardfleet.kernel.spreadsheets import csv_chunks, write_xlsx
from cardfleet.kernel.ui import Column
from cards.models import Device
from cards.querysets import DeviceQuerySet
from cards.services.devices import adopt_phones, record_device, unrecorded
from lifecycle.exporters.devices import COLUMNS as FILE_COLUMNS
from lifecycle.exporters.devices import device_rows
from lifecycle.filters import DeviceFilter
from lifecycle.forms.devices import DeviceFileForm, DeviceForm
from lifecycle.selectors.devices import device_list
from lifecycle.services.device_files import KIND, ask_device_import
from lifecycle.services.exports import record_export
from lifecycle.views.access import OfficeView, person

COLUMNS = [
    Column(label=gettext_lazy("Device"), sort="model"),
    Column(label="IMEI", sort="imei"),
    Column(label=gettext_lazy("State"), sort="state"),
    Column(label=gettext_lazy("Cards in it"), sort="cards", css="num"),
    Column(label=gettext_lazy("Owned by · team"), sort="team"),
    Column(label=gettext_lazy("Best network"), sort="network", css="off-phone"),
    Column(label=gettext_lazy("Licence"), css="off-phone"),
]
SIZE = 50
RECENT = 10


class DevicesView(OfficeView):
    """A page about devices, over the person's scope."""

    permission_required = "cards.view_device"

    def devices(self) -> DeviceQuerySet:
        """Return the devices in the person's scope."""
        return Device.objects.visible_to(person(self.request))

    def device_or_404(self, pk: int) -> Device:
        """Return a device in scope; one outside is as if it were not."""
        device = self.devices().select_related("owner", "team", "superseded_by").filter(pk=pk).first()
        if device is None:
            raise Http404
        return device


class DeviceListView(DevicesView):
    """Devices, filtered by the address; an unusable filter says so and shows none."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show one page of the list."""
        filters = DeviceFilter(request.GET, queryset=self.devices(), request=request)
        usable = filters.is_valid()
        page = device_list(
            filters.qs if usable else self.devices().none(),
            number=request.GET.get("page", "1"),
            size=SIZE,
            sort=request.GET.get("sort", ""),
        )
        context = {
            "filters": filters,
            "page_obj": page,
            "columns": COLUMNS,
            "unrecorded": unrecorded(self.cards()).count(),
            "is_filtered": bool({*filters.form.fields} & {name for name, value in request.GET.items() if value}),
        }
        return render(request, "lifecycle/devices.html", context, status=200 if usable else 400)


class DeviceRecordView(DevicesView):
    """Record a device."""

    permission_required = "cards.add_device"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask for it."""
        return self.page(DeviceForm(person=person(request), initial={"imei": request.GET.get("imei", "")}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Record it, or say beside each field what does not hold."""
        form = DeviceForm(request.POST, person=person(request))
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            device = record_device(facts=form.cleaned_data, actor=person(request), now=timezone.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(form, status=422)
        return redirect("lifecycle:device", device.pk)

    def page(self, form: DeviceForm, *, status: int = 200) -> HttpResponse:
        """Return the page around a form."""
        context = {"form": form, "title": _("Record a device")}
        return render(self.request, "lifecycle/device_form.html", context, status=status)


class DeviceAdoptView(DevicesView):
    """Record the phones that cards are in and the register does not know."""

    permission_required = "cards.add_device"

    def post(self, request: HttpRequest) -> HttpResponse:
        """Record them and say how many."""
        count = adopt_phones(cards=self.cards(), actor=person(request), now=timezone.now())
        said = ngettext("%(count)s device is recorded.", "%(count)s devices are recorded.", count)
        messages.success(request, said % {"count": count})
        return redirect("lifecycle:devices")


class DeviceImportView(DevicesView):
    """Send a file of devices, and see the last ones."""

    permission_required = "cards.add_device"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask for the file."""
        return self.page(DeviceFileForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the file and call a worker; say what is wrong with a file that is none."""
        form = DeviceFileForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            job = ask_device_import(upload=form.cleaned_data["file"], actor=person(request), now=timezone.now())
        except Refusal as refusal:
            form.add_error("file", " ".join(str(reason.message) for reason in refusal.reasons) or str(refusal))
            return self.page(form, status=422)
        enqueue(job)
        return redirect("jobs:detail", job.pk)

    def page(self, form: DeviceFileForm, *, status: int = 200) -> HttpResponse:
        """Show the form and the imports that went before."""
        jobs = Job.objects.visible_to(person(self.request)).filter(kind=KIND).select_related("owner")[:RECENT]
        return render(self.request, "lifecycle/devices_import.html", {"form": form, "jobs": jobs}, status=status)


class DeviceExportView(DevicesView):
    """The listed devices as CSV or XLSX, in the columns an import reads; that somebody took it is journalled."""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the file."""
        filters = DeviceFilter(request.GET, queryset=self.devices(), request=request)
        if not filters.is_valid():
            raise Http404
        now = timezone.now()
        given, action = sorted(request.GET), "lifecycle.devices_exported"
        number = record_export(actor=person(request), filters=given, now=now, action=action)
        rows = device_rows(filters.qs)
        return download(
            f"devices-{business_day(now):%Y%m%d}-{number}.{'xlsx' if request.GET.get('as') == 'xlsx' else 'csv'}",
            as_csv=lambda: csv_chunks(FILE_COLUMNS, rows),
            as_xlsx=lambda target: write_xlsx(target, FILE_COLUMNS, rows),
        )
