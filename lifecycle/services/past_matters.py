"""Taking people out of complaints, matters and contacts that were kept long enough; called by the nightly retention."""

from collections.abc import Mapping
from datetime import datetime

import pgtrigger
from django.db import transaction
from django.db.models import QuerySet

from cardfleet.accounts.models import User
from cardfleet.files.models import StoredFile
from cardfleet.files.services import discard
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.personal import GONE
from lifecycle.models import CaseContact, Complaint, Matter, MatterStep
from lifecycle.services.erasure import erase_person

BY_RETENTION = "apply_retention"


@transaction.atomic
def clear_complaints(complaints: QuerySet[Complaint], _now: datetime) -> Mapping[str, int]:
    """Take out what was said; that there was a complaint, when and whether valid, stays, for it counts."""
    rows = Complaint.objects.filter(pk__in=list(complaints.values_list("pk", flat=True)))
    with pgtrigger.ignore("lifecycle.Complaint:append_only"):
        return {"rows": rows.update(summary=GONE)}


@transaction.atomic
def clear_matters(matters: QuerySet[Matter], now: datetime) -> Mapping[str, int]:
    """Take out who asked and what about, and the proofs; kind, dates and outcome stay."""
    ids = list(matters.values_list("pk", flat=True))
    steps = MatterStep.objects.filter(matter__in=ids)
    files = discard(files=StoredFile.objects.filter(pk__in=steps.values("proof")), now=now)
    with pgtrigger.ignore("lifecycle.MatterStep:done_stays"):
        steps.exclude(note="").update(note=GONE)
    words = dict.fromkeys(("title", "summary", "because"), GONE)
    return {"files": files, "rows": Matter.objects.filter(pk__in=ids).update(asker="", number="", data="", **words)}


@transaction.atomic
def clear_contacts(contacts: QuerySet[CaseContact], _now: datetime) -> Mapping[str, int]:
    """Take out whom we spoke to; what was said under which ticket stays with the case."""
    rows = CaseContact.objects.filter(pk__in=list(contacts.values_list("pk", flat=True)))
    with pgtrigger.ignore("lifecycle.CaseContact:append_only"):
        return {"rows": rows.update(person=GONE)}


def erase_leavers(people: QuerySet[User], now: datetime) -> Mapping[str, int]:
    """Erase people, each for itself; whom something keeps is asked about again the next night."""
    erased = 0
    for pk in people.values_list("pk", flat=True):
        try:
            with transaction.atomic():
                erase_person(person_id=pk, reason=BY_RETENTION, actor=None, now=now)
        except Refusal:
            continue
        erased += 1
    return {"rows": erased}
