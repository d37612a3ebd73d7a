"""The documents of a card, on its page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cardfleet.kernel.errors import BadInput
from cards.models import Card
from cards.selectors.documents import documents_of
from cards.services.documents import LARGEST_MB, attach_document, remove_document
from lifecycle.forms.card import DocumentForm
from lifecycle.views.access import OfficeView, person

SHOWN = 50


class CardDocumentsView(OfficeView):
    """What is attached to the card, and a field for more."""

    related = ()

    def has_permission(self) -> bool:
        """Attaching asks for a right of its own."""
        may = self.request.method != "POST" or person(self.request).has_perm("cards.attach_document")
        return super().has_permission() and may

    def get(self, _request: HttpRequest, pk: int) -> HttpResponse:
        """Show the documents."""
        return self.part(self.card_or_404(pk), DocumentForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Attach a file, or say why it is not accepted."""
        card, form = self.card_or_404(pk), DocumentForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.part(card, form, status=422)
        file = form.cleaned_data["file"]
        try:
            attach_document(card=card, content=file, name=file.name, actor=person(request), now=timezone.now())
        except BadInput as refusal:
            form.add_error("file", str(refusal))
            return self.part(card, form, status=422)
        return self.part(card, DocumentForm())

    def part(self, card: Card, form: DocumentForm, *, status: int = 200) -> HttpResponse:
        """Show the panel."""
        context = {"card": card, "form": form, "documents": documents_of(card)[:SHOWN], "largest": LARGEST_MB}
        return render(self.request, "lifecycle/card_documents.html", context, status=status)


class DocumentRemoveView(CardDocumentsView):
    """Take a document away: its content is deleted, its name and hash stay."""

    permission_required = "cards.change_card"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, document: str) -> HttpResponse:  # type: ignore[override]
        """Remove it and show what is left."""
        card = self.card_or_404(pk)
        remove_document(card=card, document_id=str(document), actor=person(request), now=timezone.now())
        return self.part(card, DocumentForm())
