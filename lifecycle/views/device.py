"""The page of one device, and what is done there."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.forms import add_refusal
from cards.models import Device
from cards.services.devices import change_device_state, edit_device, supersede_device
from lifecycle.forms.devices import CardIntoForm, DeviceForm, DeviceStateForm, IntoDeviceForm, SupersedeForm
from lifecycle.selectors.devices import device_page
from lifecycle.services.rebinding import bind_card, swap_device
from lifecycle.views.access import person
from lifecycle.views.devices import DevicesView


class DeviceView(DevicesView):
    """Facts, cards in it, history."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the page."""
        return self.page(self.device_or_404(pk))

    def page(self, device: Device, *, status: int = 200, **shown: Any) -> HttpResponse:
        """Return the page, with a form or a refusal that came back."""
        context = {
            "device": device,
            "page": device_page(device, person(self.request)),
            "card_form": CardIntoForm(cards=self.cards()),
            "swap_form": IntoDeviceForm(devices=self.devices(), auto_id="swap_%s"),
            "state_form": DeviceStateForm(initial={"to": device.state}, auto_id="state_%s"),
            "supersede_form": SupersedeForm(auto_id="anew_%s"),
            **shown,
        }
        return render(self.request, "lifecycle/device.html", context, status=status)


class DeviceEditView(DevicesView):
    """Change what is known of a device."""

    permission_required = "cards.change_device"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for the facts."""
        device = self.device_or_404(pk)
        return self.page(device, DeviceForm(person=person(request), device=device))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Store them, or say beside each field what does not hold."""
        device = self.device_or_404(pk)
        form = DeviceForm(request.POST, person=person(request), device=device)
        if not form.is_valid():
            return self.page(device, form, status=422)
        try:
            edit_device(device_id=device.pk, changes=form.cleaned_data, actor=person(request), now=timezone.now())
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(device, form, status=422)
        return redirect("lifecycle:device", device.pk)

    def page(self, device: Device, form: DeviceForm, *, status: int = 200) -> HttpResponse:
        """Return the page around a form."""
        context = {"form": form, "device": device, "title": _("Change a device")}
        return render(self.request, "lifecycle/device_form.html", context, status=status)


class DeviceDeedView(DeviceView):
    """Something done to a device from its page: a form, one service, and the page again with what stands against it."""

    permission_required = "cards.change_device"
    http_method_names = ["post"]

    def done(self, device: Device, form: forms.Form, name: str, deed: Callable[[dict[str, Any]], str]) -> HttpResponse:
        """Do it with what was typed and tell so; else show the page with the form or the refusal."""
        if not form.is_valid():
            return self.page(device, status=422, **{name: form})
        try:
            messages.success(self.request, deed(form.cleaned_data))
        except Refusal as refusal:
            return self.page(self.device_or_404(device.pk), status=refusal.status, refusal=refusal)
        return redirect("lifecycle:device", device.pk)


class DeviceStateView(DeviceDeedView):
    """Record that it is in order, under repair, lost or retired."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record it."""

        def deed(given: dict[str, Any]) -> str:
            change_device_state(device_id=pk, **given, actor=person(request), now=timezone.now())
            return _("The state is recorded.")

        return self.done(self.device_or_404(pk), DeviceStateForm(request.POST, auto_id="state_%s"), "state_form", deed)


class DeviceSupersedeView(DeviceDeedView):
    """Record it anew under the IMEI it really has."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record it; the page of the wrong record names the right one."""

        def deed(given: dict[str, Any]) -> str:
            right = supersede_device(device_id=pk, **given, actor=person(request), now=timezone.now())
            return _("It is recorded anew as %(imei)s.") % {"imei": right.imei}

        form = SupersedeForm(request.POST, auto_id="anew_%s")
        return self.done(self.device_or_404(pk), form, "supersede_form", deed)


class DevicePutInView(DeviceDeedView):
    """Put a card into it."""

    permission_required = "cards.bind_device"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put it in; what does not fit is told as a warning."""

        def deed(given: dict[str, Any]) -> str:
            bound = bind_card(
                card_id=given["card"].pk,
                device_id=pk,
                note=given["note"],
                actor=person(request),
                now=timezone.now(),
                cards=self.cards(),
                devices=self.devices(),
            )
            for warning in bound.warnings:
                messages.warning(request, str(warning.message))
            return _("%(card)s is in this device now.") % {"card": bound.card}

        return self.done(self.device_or_404(pk), CardIntoForm(request.POST, cards=self.cards()), "card_form", deed)


class DeviceSwapView(DeviceDeedView):
    """Put all of its cards into another device."""

    permission_required = "cards.bind_device"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Move them, all or none."""

        def deed(given: dict[str, Any]) -> str:
            moved = swap_device(
                device_id=pk,
                by_id=given["device"].pk,
                note=given["note"],
                actor=person(request),
                now=timezone.now(),
                devices=self.devices(),
            )
            said = ngettext(
                "%(count)s card is in %(device)s now.", "%(count)s cards are in %(device)s now.", len(moved)
            )
            return said % {"count": len(moved), "device": given["device"]}

        form = IntoDeviceForm(request.POST, devices=self.devices(), auto_id="swap_%s")
        return self.done(self.device_or_404(pk), form, "swap_form", deed)
