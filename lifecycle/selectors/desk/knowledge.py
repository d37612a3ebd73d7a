"""Articles found again, and whom to ask (R18, R20)."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from cards.models import Carrier
from lifecycle.choices import DirectoryKind
from lifecycle.models import Article, DirectoryEntry

BESIDE = 3


def articles(*, words: str = "", tag: str = "", kind: str = "") -> QuerySet[Article]:
    """Return the articles that hold every word somewhere, of a tag and a kind of case where they are asked for."""
    found = Article.objects.select_related("written_by")
    for word in words.split():
        found = found.filter(Q(title__icontains=word) | Q(text__icontains=word) | Q(tags__icontains=word))
    if tag:
        found = found.filter(tags__contains=[tag])
    return found.filter(case_kind=kind) if kind else found


def beside_cases(kind: str) -> Sequence[Article]:
    """Return the latest articles for a kind of case."""
    return list(articles(kind=kind)[:BESIDE])


def whom_to_ask(carrier: Carrier) -> Sequence[DirectoryEntry]:
    """Return whom one turns to about a card of a carrier: the carrier's own entries, regulators, police, lawyers."""
    general = Q(carrier=None) & ~Q(kind=DirectoryKind.CARRIER)
    named = Q(kind=DirectoryKind.CARRIER) & (Q(carrier=carrier) | Q(name__startswith=carrier.name))
    return list(DirectoryEntry.objects.filter(general | named, is_active=True))
