"""A registrant at the real-name desk: proofs, copies of the ID seen with a watermark only (R23)."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator

from cardfleet.accounts.access import freshly_signed_in, person_of
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.forms import add_refusal
from cards.models import Card, Registrant
from cards.selectors.id_copies import copies_of
from cards.services.id_copies import attach_id_copy, look_at_id_copy, remove_id_copy
from lifecycle.forms.real_name import CopyForm, LookForm
from lifecycle.views.access import OfficeView


class RegistrantPage(OfficeView):
    """What is kept of a registrant; the ID number never."""

    def page(self, pk: int, form: CopyForm, *, status: int = 200) -> HttpResponse:
        """Return the page, with a form that came back."""
        registrant = self.registrant_or_404(pk)
        cards = Card.objects.live().filter(registrant=registrant)
        context = {
            "registrant": registrant,
            "copies": copies_of(registrant).order_by("-created_at"),
            "on_id": cards.count(),
            "mine": cards.visible_to(person_of(self.request)).count(),
            "today": business_day(timezone.now()),
            "form": form,
        }
        return render(self.request, "lifecycle/registrant.html", context, status=status)

    def registrant_or_404(self, pk: int) -> Registrant:
        """Return a registrant, the encrypted number not even loaded."""
        registrant = Registrant.objects.defer("id_number").select_related("proof", "staff").filter(pk=pk).first()
        if registrant is None:
            raise Http404
        return registrant


class RegistrantView(RegistrantPage):
    """See a registrant."""

    permission_required = "cards.view_real_name"

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:
        """Show it."""
        return self.page(pk, CopyForm())


class CopyAddView(RegistrantPage):
    """Keep a copy of an ID."""

    permission_required = "cards.change_registrant"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Keep it, or say what is wrong with it."""
        form, registrant = CopyForm(request.POST, request.FILES), self.registrant_or_404(pk)
        if not form.is_valid():
            return self.page(pk, form, status=422)
        file = form.cleaned_data["file"]
        try:
            attach_id_copy(
                registrant=registrant, content=file, name=file.name, actor=person_of(request), now=timezone.now()
            )
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.page(pk, form, status=refusal.status)
        return redirect("lifecycle:registrant", pk)


class CopyRemoveView(RegistrantPage):
    """Delete a copy that is needed no longer."""

    permission_required = "cards.change_registrant"

    def post(self, request: HttpRequest, pk: int, copy: UUID) -> HttpResponse:
        """Delete it."""
        remove_id_copy(
            registrant=self.registrant_or_404(pk), copy_id=str(copy), actor=person_of(request), now=timezone.now()
        )
        return redirect("lifecycle:registrant", pk)


class CopyLookView(RegistrantPage):
    """Look at a copy: after a fresh sign-in, for a reason, with a watermark."""

    permission_required = "cards.view_id_number"

    def get(self, request: HttpRequest, pk: int, copy: UUID) -> HttpResponse:
        """Ask for the reason."""
        return self.ask(request, self.registrant_or_404(pk), copy)

    def post(self, request: HttpRequest, pk: int, copy: UUID) -> HttpResponse:
        """Show it."""
        return self.look(request, self.registrant_or_404(pk), copy)

    @method_decorator(freshly_signed_in)
    def ask(self, request: HttpRequest, registrant: Registrant, copy: UUID) -> HttpResponse:
        """Ask somebody who has just signed in for purpose and reason; 404 before where there is no such copy."""
        if not copies_of(registrant).filter(pk=copy).exists():
            raise Http404
        return self.asked(request, registrant, LookForm())

    @method_decorator(freshly_signed_in)
    def look(self, request: HttpRequest, registrant: Registrant, copy: UUID) -> HttpResponse:
        """Answer the picture alone, kept nowhere on the way."""
        form = LookForm(request.POST)
        if not form.is_valid():
            return self.asked(request, registrant, form, status=422)
        picture = look_at_id_copy(
            registrant=registrant,
            copy_id=str(copy),
            **form.cleaned_data,
            actor=person_of(request),
            now=timezone.now(),
        )
        answer = HttpResponse(picture, content_type="image/jpeg")
        answer["Cache-Control"] = "no-store"
        answer["X-Content-Type-Options"] = "nosniff"
        return answer

    def asked(self, request: HttpRequest, registrant: Registrant, form: LookForm, **shown: Any) -> HttpResponse:
        """Return the page of the question."""
        return render(request, "lifecycle/id_copy.html", {"registrant": registrant, "form": form}, **shown)
