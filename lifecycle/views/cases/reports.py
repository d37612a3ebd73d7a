"""What an agent says of an own card from a phone, and the loss the office reports for somebody (R32, R52, R78)."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from cardfleet.kernel.errors import Refusal, Text
from cards.models import Card
from cards.querysets import CardQuerySet
from lifecycle.choices import CaseKind, CaseReason, CaseSource
from lifecycle.forms.reports import FaultForm, LossForm, QualityForm, StoppedForm
from lifecycle.playbooks.registry import OPEN, REPORT
from lifecycle.services.cases import open_case
from lifecycle.services.faults import report_fault
from lifecycle.services.losses import report_loss
from lifecycle.services.quality import rate_calls
from lifecycle.views.access import person


class ReportView(PermissionRequiredMixin, View):
    """One report about a card in the person's own hands; a subclass says which."""

    permission_required = REPORT
    form_class: ClassVar[type[Form]]
    title: ClassVar[Text]
    hint: ClassVar[Text] = ""
    icon: ClassVar[str] = "flag"
    is_grave: ClassVar[bool] = False

    def cards(self) -> CardQuerySet:
        """Return the cards the person may speak of."""
        return Card.objects.filter(holder=person(self.request))

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:
        """Ask."""
        return self.shown(self.card(pk), self.form_class())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record it and lead back; a refusal is said on the page, with what was entered."""
        card, form = self.card(pk), self.form_class(request.POST)
        if not form.is_valid():
            return self.shown(card, form, status=422)
        try:
            return self.record(card, form)
        except Refusal as refusal:
            return self.shown(card, form, refusal=refusal, status=refusal.status)

    def record(self, card: Card, form: Form) -> HttpResponse:
        """Make the one call, and say what happens next."""
        raise NotImplementedError

    def card(self, pk: int) -> Card:
        """Return the card; one that is not the person's is as if it were not."""
        card = self.cards().select_related("carrier").filter(pk=pk).first()
        if card is None:
            raise Http404
        return card

    def shown(self, card: Card, form: Form, *, refusal: Refusal | None = None, status: int = 200) -> HttpResponse:
        """Show the form."""
        context = {"card": card, "form": form, "refusal": refusal, "page": self, "back": self.back(card)}
        return render(self.request, "lifecycle/cases/report.html", context, status=status)

    def back(self, card: Card) -> str:
        """Return the page to go back to."""
        del card
        return "lifecycle:my"

    def said(self, service: Callable[..., Any], card: Card, told: str, **given: Any) -> HttpResponse:
        """Call a service of own cards, and lead back with a word."""
        service(card_id=card.pk, cards=self.cards(), actor=person(self.request), now=timezone.now(), **given)
        messages.success(self.request, told)
        return redirect("lifecycle:my")


class MyLossView(ReportView):
    """I lost it, or it was stolen."""

    form_class = LossForm
    title = gettext_lazy("Report a loss")
    hint = gettext_lazy("Report at once, details can follow. Your supervisor has the carrier stop the card.")
    icon = "help-octagon"
    is_grave = True

    def record(self, card: Card, form: LossForm) -> HttpResponse:  # type: ignore[override]
        """Open the case."""
        told = _("Reported. Your supervisor has the carrier stop the card now.")
        return self.said(report_loss, card, told, **form.told(timezone.now()))


class MyFaultView(ReportView):
    """It does not work."""

    form_class = FaultForm
    title = gettext_lazy("Report a fault")
    icon = "tool"

    def record(self, card: Card, form: Form) -> HttpResponse:
        """Open the case."""
        return self.said(report_fault, card, _("Reported. You see here how it goes on."), **form.cleaned_data)


class MyStoppedView(ReportView):
    """It seems stopped."""

    form_class = StoppedForm
    title = gettext_lazy("Report a stop")
    hint = gettext_lazy("The card cannot call or be called: your supervisor asks the carrier why.")
    icon = "phone-off"

    def record(self, card: Card, form: Form) -> HttpResponse:
        """Open the case."""
        open_case(
            card_id=card.pk,
            kind=CaseKind.SUSPENSION,
            reason=CaseReason.UNKNOWN,
            source=CaseSource.AGENT,
            note=form.cleaned_data["note"],
            actor=person(self.request),
            now=timezone.now(),
        )
        messages.success(self.request, _("Reported. You see here how it goes on."))
        return redirect("lifecycle:my")


class MyQualityView(ReportView):
    """How good its calls are."""

    form_class = QualityForm
    title = gettext_lazy("Rate the calls")
    icon = "star"

    def record(self, card: Card, form: Form) -> HttpResponse:
        """Keep it."""
        return self.said(
            rate_calls, card, _("Thank you. It counts in the comparison of carriers."), **form.cleaned_data
        )


class CardLossView(ReportView):
    """The office reports the loss of a card in its scope."""

    permission_required = OPEN
    form_class = LossForm
    title = gettext_lazy("Report a loss")
    hint = gettext_lazy("The case opens at once; its first step is the carrier's stop.")
    icon = "help-octagon"
    is_grave = True

    def cards(self) -> CardQuerySet:
        """Return the cards in scope."""
        return Card.objects.visible_to(person(self.request))

    def record(self, card: Card, form: LossForm) -> HttpResponse:  # type: ignore[override]
        """Open the case and lead to it."""
        now = timezone.now()
        case = report_loss(
            card_id=card.pk,
            cards=self.cards(),
            source=CaseSource.PERSON,
            actor=person(self.request),
            now=now,
            **form.told(now),
        )
        return redirect("lifecycle:case", pk=case.pk)
