"""The part of the card page about the phone a card is in (R26, R33, R88)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cards.models import Card, Device
from cards.services.device_cards import take_card_out
from lifecycle.forms.devices import IntoDeviceForm
from lifecycle.selectors.devices import card_phones
from lifecycle.services.rebinding import bind_card
from lifecycle.views.access import OfficeView, person


class CardDeviceView(OfficeView):
    """Show a card's phones."""

    permission_required = "cards.view_device"
    related = ()

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the part."""
        return self.part(self.card_or_404(pk))

    def part(self, card: Card, form: IntoDeviceForm | None = None, *, status: int = 200) -> HttpResponse:
        """Return the part, with a form that came back."""
        context = {
            "card": card,
            "phones": card_phones(card, now=timezone.now()),
            "form": form or self.form(),
        }
        return render(self.request, "lifecycle/card_device.html", context, status=status)

    def form(self, *given: object) -> IntoDeviceForm:
        """Return the form over the devices of the person's scope."""
        return IntoDeviceForm(*given, devices=Device.objects.visible_to(person(self.request)))


class CardPutInView(CardDeviceView):
    """Put the card into a phone, or from one into another."""

    permission_required = "cards.bind_device"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put it in; a rule that forbids it answers as a refusal."""
        card, form = self.card_or_404(pk), self.form(request.POST)
        if not form.is_valid():
            return self.part(card, form, status=422)
        given = form.cleaned_data
        bind_card(
            card_id=card.pk,
            device_id=given["device"].pk,
            note=given["note"],
            actor=person(request),
            now=timezone.now(),
        )
        return self.part(self.card_or_404(pk))


class CardTakeOutView(CardDeviceView):
    """Take the card out of its phone."""

    permission_required = "cards.bind_device"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take it out."""
        take_card_out(card_id=self.card_or_404(pk).pk, actor=person(request), now=timezone.now())
        return self.part(self.card_or_404(pk))
