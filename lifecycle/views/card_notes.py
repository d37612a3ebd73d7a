"""The notes on a card, on its page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from cards.models import Card, CardNote
from cards.services.notes import write_note
from lifecycle.forms.card import NoteForm
from lifecycle.views.access import OfficeView, person

PAGE = 5


class CardNotesView(OfficeView):
    """What people wrote, the latest first, and a field for more."""

    related = ()

    def has_permission(self) -> bool:
        """Reading asks for one right, writing for another."""
        needed = "cards.add_cardnote" if self.request.method == "POST" else "cards.view_cardnote"
        return super().has_permission() and person(self.request).has_perm(needed)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the notes, or those before the one that the address names."""
        return self.part(self.card_or_404(pk), NoteForm(), before=request.GET.get("before", ""))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Store the note; what cannot be one stays in the field with the reason."""
        card, form = self.card_or_404(pk), NoteForm(request.POST)
        if not form.is_valid():
            return self.part(card, form, status=422)
        write_note(card_id=card.pk, text=form.cleaned_data["text"], actor=person(request), now=timezone.now())
        return self.part(card, NoteForm())

    def part(self, card: Card, form: NoteForm, *, before: str = "", status: int = 200) -> HttpResponse:
        """Show the panel; of older notes only their rows."""
        older = before.isascii() and before.isdigit()
        notes = CardNote.objects.filter(card=card).select_related("author")
        found = list((notes.filter(pk__lt=int(before[:18])) if older else notes)[: PAGE + 1])
        context = {"card": card, "form": form, "notes": found[:PAGE], "more": len(found) > PAGE}
        name = "lifecycle/card_note_rows.html" if older else "lifecycle/card_notes.html"
        return render(self.request, name, context, status=status)
