"""Taking names and signatures out of papers that were kept long enough; called by the nightly retention."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from agents.models import Handover, TrainingRecord
from cardfleet.files.models import StoredFile
from cardfleet.files.services import discard
from cardfleet.kernel.personal import GONE


@transaction.atomic
def clear_receipts(receipts: QuerySet[Handover], now: datetime) -> Mapping[str, int]:
    """Take signatures and signed names out of receipts; who had which card, and when, stays."""
    ids = list(receipts.values_list("pk", flat=True))
    rows = Handover.objects.filter(pk__in=ids)
    files = StoredFile.objects.filter(pk__in=rows.values("signature"))
    return {"files": discard(files=files, now=now), "rows": rows.update(signed_name=GONE)}


@transaction.atomic
def clear_trainings(records: QuerySet[TrainingRecord], now: datetime) -> Mapping[str, int]:
    """Take proofs and signed names out of trainings; who passed what, and when, stays."""
    ids = list(records.values_list("pk", flat=True))
    rows = TrainingRecord.objects.filter(pk__in=ids)
    files = StoredFile.objects.filter(pk__in=rows.values("evidence"))
    return {"files": discard(files=files, now=now), "rows": rows.update(signed_name=GONE)}
