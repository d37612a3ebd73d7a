"""Opening a case."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from cardfleet.kernel.errors import Refusal
from lifecycle.choices import CaseKind
from lifecycle.forms.cases import OpenCaseForm
from lifecycle.playbooks.registry import kinds_opened_by
from lifecycle.services.cases import open_case
from lifecycle.views.access import person
from lifecycle.views.cases.access import CaseScopeView


class CaseNewView(CaseScopeView):
    """Ask for card, kind and reason, and open the case."""

    permission_required = "lifecycle.open_case"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask; `?card=` and `?kind=` fill the form, the card's own reason where it was stopped."""
        card = self.cards().filter(pk=request.GET["card"]).first() if request.GET.get("card", "").isdecimal() else None
        kind = request.GET.get("kind", "")
        form = OpenCaseForm(
            initial={
                "card": card.iccid if card else "",
                "kind": kind,
                "reason": card.stop_reason if card and kind == CaseKind.SUSPENSION else "",
            },
            cards=self.cards(),
            person=person(request),
            kind=kind,
        )
        return self.shown(form)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Open it and lead to it, or say what stands against it and keep what was entered."""
        form = OpenCaseForm(
            request.POST, request.FILES, cards=self.cards(), person=person(request), kind=request.POST.get("kind", "")
        )
        if not form.is_valid():
            return self.shown(form, status=422)
        given, now = form.cleaned_data, timezone.now()
        try:
            case = open_case(
                card_id=given["card"].pk,
                kind=given["kind"],
                reason=given["reason"],
                note=given["note"],
                evidence=given["files"],
                at=given["at"],
                actor=person(request),
                now=now,
            )
        except Refusal as refusal:
            return self.shown(form, refusal=refusal, status=refusal.status)
        return redirect("lifecycle:case", pk=case.pk)

    def shown(self, form: OpenCaseForm, *, refusal: Refusal | None = None, status: int = 200) -> HttpResponse:
        """Show the form."""
        context = {"form": form, "refusal": refusal, "kinds": kinds_opened_by(person(self.request))}
        return render(self.request, "lifecycle/cases/new.html", context, status=status)
