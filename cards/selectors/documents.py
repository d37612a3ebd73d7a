"""The documents attached to cards."""

from django.db.models import BigIntegerField, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat, Substr

from cardfleet.files.models import StoredFile
from cardfleet.journal.recording import subject_of
from cards.models import Card

OF_CARDS = "cards.card:"


def documents_of(card: Card) -> QuerySet[StoredFile]:
    """Return the documents of a card, the latest first, without those that were removed."""
    return StoredFile.objects.filter(subject=subject_of(card)).exclude(content="").select_related("owner")


def documents_of_cards(cards: QuerySet[Card]) -> QuerySet[StoredFile]:
    """Return the documents of some cards."""
    subjects = cards.order_by().values_list(
        Concat(Value(OF_CARDS), Cast("pk", TextField()), output_field=TextField()), flat=True
    )
    return StoredFile.objects.filter(subject__startswith=OF_CARDS, subject__in=subjects).exclude(content="")


def documented() -> QuerySet[StoredFile]:
    """Return the ids of all cards that have a document, as a query to be part of another."""
    files = StoredFile.objects.filter(subject__startswith=OF_CARDS).exclude(content="").order_by()
    return files.values_list(Cast(Substr("subject", len(OF_CARDS) + 1), BigIntegerField()), flat=True)
