"""Notes on cards. The journal says that one was written; its words stay with the note."""

from datetime import datetime

from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.errors import BadInput
from cardfleet.kernel.reading import Unreadable
from cardfleet.kernel.transactions import one_transaction
from cards.models import CardNote
from cards.rules.notes import read_note


@one_transaction
def write_note(*, card_id: int, text: str, actor: User | None, now: datetime) -> CardNote:
    """Add a note to a card. BadInput when it is empty, too long, no text or holds an ID number."""
    try:
        plain = read_note(text)
    except Unreadable as error:
        raise BadInput(reasons=[error.as_reason(field="text")]) from error
    note = CardNote.objects.create(card_id=card_id, text=plain, author=actor, at=now)
    record(actor=actor, action="cards.note_written", subject=f"cards.card:{card_id}", now=now, data={"note": note.pk})
    return note
