"""Ends what expired and deletes what ended long enough ago; called by the nightly retention, which journals it."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from agents.choices import ListingEnd, ListingKind
from agents.models import CalleeListing
from agents.services.callee_import import PROOF
from cardfleet.files.models import StoredFile
from cardfleet.files.services import discard


@transaction.atomic
def forget_ended(*, kind: ListingKind, before: datetime, now: datetime) -> Mapping[str, int]:
    """Delete the entries of a kind that ended before a moment, and proofs that prove nothing any more.

    What is in force stays, however old. A second run finds nothing.
    """
    listed = CalleeListing.objects.filter(kind=kind)
    listed.open().filter(expires_at__lte=now).update(ended_at=F("expires_at"), end=ListingEnd.EXPIRED)
    doomed = listed.filter(ended_at__lt=before)
    proofs = set(doomed.filter(proof__isnull=False).values_list("proof", flat=True))
    rows = doomed.delete()[0]
    bare = ~Exists(CalleeListing.objects.filter(proof=OuterRef("pk")))
    files = discard(files=StoredFile.objects.filter(bare, pk__in=proofs, purpose=PROOF), now=now)
    return {"rows": rows, "files": files}
