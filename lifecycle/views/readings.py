"""Balances and states as carriers told them: brought, and compared with our own sum (R29, R30)."""

from typing import Any, BinaryIO, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from billing.models import BalanceReading
from billing.services.readings import ReadingsOutcome
from cardfleet.kernel.errors import Refusal
from cards.models import Card
from lifecycle.forms.readings import ReadingsForm
from lifecycle.services.readings import import_messages, import_readings
from lifecycle.views.access import OfficeView, person

RECENT = 30
SHOWN = 200


class ReadingsView(OfficeView):
    """Bring readings, and see the last ones."""

    permission_required = "billing.import_reading"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask for them."""
        return self.page(ReadingsForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Record them and show what became of each line that needs a look."""
        form = ReadingsForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form, status=422)
        try:
            done = self.recorded(form.cleaned_data)
        except Refusal as refusal:
            return self.page(form, status=refusal.status, refusal=refusal)
        numbers = dict(Card.objects.filter(pk__in=[b.card_id for b in done.differing]).values_list("pk", "msisdn"))
        differing = [(numbers[balance.card_id], balance) for balance in done.differing[:SHOWN]]
        return self.page(ReadingsForm(), done=done, refused=done.refused[:SHOWN], differing=differing)

    def recorded(self, given: dict[str, Any]) -> ReadingsOutcome:
        """Record what was given."""
        actor, now = person(self.request), timezone.now()
        if given["text"]:
            return import_messages(text=given["text"], actor=actor, now=now)
        file = given["file"]
        return import_readings(file=cast("BinaryIO", file), name=file.name, actor=actor, now=now)

    def page(self, form: ReadingsForm, *, status: int = 200, **context: Any) -> HttpResponse:
        """Show the form, the outcome if there is one, and the last readings in scope."""
        readings = BalanceReading.objects.visible_to(person(self.request)).select_related("account__carrier", "actor")
        readings = readings.prefetch_related("account__members__card").order_by("-id")[:RECENT]
        context |= {"form": form, "readings": readings}
        return render(self.request, "lifecycle/readings.html", context, status=status)
