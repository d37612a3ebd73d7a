"""What of the journal shows in `/metrics`."""

from django.db.models import Exists, Min, OuterRef, QuerySet
from django.utils import timezone

from cardfleet.journal.models import Entry, Seal, Sealing
from cardfleet.kernel.gauges import register


def unsealed() -> dict[str, float]:
    """Count the entries that have no position yet; they get one within seconds."""
    return {"": _waiting().count()}


def oldest_unsealed() -> dict[str, float]:
    """Return how many seconds ago the oldest of them was written."""
    oldest = _waiting().aggregate(at=Min("at"))["at"]
    return {"": max((timezone.now() - oldest).total_seconds(), 0) if oldest else 0}


def _waiting() -> QuerySet[Entry]:
    settled = Sealing.objects.values_list("settled", flat=True).first() or 0
    return Entry.objects.filter(~Exists(Seal.objects.filter(entry=OuterRef("pk"))), pk__gt=settled).order_by()


register("cardfleet_journal_unsealed", "Entries of the journal that have no position yet", unsealed)
register("cardfleet_journal_unsealed_seconds", "Age of the oldest entry that has no position yet", oldest_unsealed)
