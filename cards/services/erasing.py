"""Taking people out of the registrations in their name."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from cardfleet.accounts.models import User
from cardfleet.files.models import StoredFile
from cardfleet.files.services import discard
from cardfleet.journal.recording import record, subject_of
from cardfleet.kernel.personal import pseudonym
from cards.models import Registrant


@transaction.atomic
def make_registrants_anonymous(
    *, registrants: QuerySet[Registrant], person: User | None = None, actor: User | None, now: datetime
) -> int:
    """Put pseudonyms in place of registrants, delete ID numbers, proofs and ID copies; return how many.

    That no number is in their name any more is for the caller to ask. `person` is who they are, where that is known.
    """
    rows = list(Registrant.objects.filter(pk__in=registrants.values("pk")).select_for_update(of=("self",)))
    for row in rows:
        files = StoredFile.objects.filter(Q(pk=row.proof_id) | Q(subject=subject_of(row)))
        discard(files=files, now=now, actor=actor)
        row.name = pseudonym(f"{person.pk}.{row.pk}" if person else f"R{row.pk}")
        row.id_number, row.id_fingerprint, row.handler_name = "", None, ""
        row.proof_valid_until = row.proof_dated_on = None
        row.save()
        record(actor=actor, action="cards.registrant_erased", subject=row, now=now)
    return len(rows)


def clear_registrants(registrants: QuerySet[Registrant], now: datetime) -> Mapping[str, int]:
    """Take people out of registrations that were kept long enough; called by the nightly retention."""
    return {"rows": make_registrants_anonymous(registrants=registrants, actor=None, now=now)}
