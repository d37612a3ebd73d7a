"""Whose secrets a person may see, and who saw them (R24)."""

from collections.abc import Sequence

from agents.models import Assignment
from cardfleet.accounts.models import User
from cardfleet.journal.models import Entry
from cardfleet.journal.recording import subject_of
from cards.models import Card
from cards.querysets import CardQuerySet
from cards.services.secrets import REVEALED

BY_SCOPE = "cards.reveal_secret"
BY_HOLDING = "cards.reveal_held_secret"
LOOKS = 10


def openable(user: User) -> CardQuerySet:
    """Return the cards whose secrets a person may see: those in scope, or the accepted ones in own hands."""
    if user.has_perm(BY_SCOPE):
        return Card.objects.visible_to(user)
    held = Assignment.objects.open().filter(agent__user=user, accepted_at__isnull=False)
    return Card.objects.filter(pk__in=held.values("card"))


def looks(card: Card) -> Sequence[Entry]:
    """Return who saw a secret of a card last, newest first."""
    entries = Entry.objects.filter(action=REVEALED, subject=subject_of(card)).select_related("actor")
    return list(entries.order_by("-id")[:LOOKS])
