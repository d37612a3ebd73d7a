"""Documents attached to cards: stored as files of the card, so that who sees the card sees them."""

from datetime import datetime

from django.core.files.base import File
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.files.errors import FileTooLarge
from cardfleet.files.models import StoredFile
from cardfleet.files.services import discard, store
from cardfleet.kernel.errors import NotVisible
from cardfleet.kernel.transactions import one_transaction
from cards.models import Card
from cards.selectors.documents import documents_of

PURPOSE = "card"
LARGEST_MB = 20


@one_transaction
def attach_document(*, card: Card, content: "File[bytes]", name: str, actor: User | None, now: datetime) -> StoredFile:
    """Attach a file to a card. FileEmpty, FileTooLarge, FileTypeRefused; its content decides its type."""
    if content.size > LARGEST_MB * 1024 * 1024:
        message = _("A document may have {limit} MB and this file has more. Split it, or scan it smaller.")
        raise FileTooLarge(message=format_lazy(message, limit=LARGEST_MB))
    return store(content=content, name=name, purpose=PURPOSE, owner=actor, now=now, subject=card)


@one_transaction
def remove_document(*, card: Card, document_id: str, actor: User | None, now: datetime) -> None:
    """Delete the content of a card's document; its name and hash stay as proof. NotVisible when it has none such."""
    mine = documents_of(card).filter(pk=document_id)
    if not discard(files=mine, now=now, actor=actor):
        raise NotVisible
