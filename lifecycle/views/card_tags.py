"""The tags of a card, on its page; where no script runs, on a page of their own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from cards.models import Card, Tag
from cards.services.tags import change_tags
from lifecycle.forms.card import TagsForm
from lifecycle.views.access import OfficeView, person

SUGGESTED = 200


class CardTagsView(OfficeView):
    """The line of tags while somebody changes it."""

    permission_required = "cards.change_card"
    related = ()

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the tags with what takes each off, and a field for new ones."""
        return self.line(self.card_or_404(pk), TagsForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put tags on and take tags off; what is no tag stays in the field with the reason."""
        card, form = self.card_or_404(pk), TagsForm(request.POST)
        if not form.is_valid():
            return self.line(card, form, status=422)
        change_tags(card_ids=[card.pk], actor=person(request), now=timezone.now(), **form.cleaned_data)
        return self.line(card, TagsForm()) if self.is_part else redirect("lifecycle:card", pk=card.pk)

    @property
    def is_part(self) -> bool:
        """Whether a part of the card's page is asked for."""
        return bool(getattr(self.request, "htmx", False))

    def line(self, card: Card, form: TagsForm, *, status: int = 200) -> HttpResponse:
        """Show the line, in a page where it is no part of one."""
        context = {"card": card, "form": form, "words": Tag.objects.all()[:SUGGESTED]}
        template = "lifecycle/card_tags.html" if self.is_part else "lifecycle/tags.html"
        return render(self.request, template, context, status=status)
