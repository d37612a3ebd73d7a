"""What goes of claims: vouchers at the end of their thirty years, what came to nothing sooner (domain.md section 2)."""

from collections.abc import Mapping
from datetime import datetime

import pgtrigger
from django.db import transaction
from django.db.models import QuerySet

from billing.choices import ClaimState
from billing.models import Claim, Invoice, PaymentBatch
from cardfleet.accounts.models import User
from cardfleet.files.models import StoredFile
from cardfleet.files.services import discard

UNPAID = (ClaimState.DRAFT, ClaimState.REFUSED, ClaimState.WITHDRAWN)


@transaction.atomic
def drop_claims(claims: QuerySet[Claim], now: datetime) -> Mapping[str, int]:
    """Delete claims with their invoices and pictures; one whose invoice a red letter elsewhere names stays with it.

    A payment goes with the last of its claims.
    """
    ids = set(claims.values_list("pk", flat=True))
    named = Invoice.objects.filter(red_of__line__claim__in=ids).exclude(line__claim__in=ids)
    ids -= set(named.values_list("red_of__line__claim", flat=True))
    invoices = Invoice.objects.filter(line__claim__in=ids)
    papers = {pk for row in invoices.values_list("file", "line__file") for pk in row if pk}
    invoice_ids = list(invoices.values_list("pk", flat=True))
    batches = set(Claim.objects.filter(pk__in=ids, batch__isnull=False).values_list("batch", flat=True))
    Claim.objects.filter(pk__in=ids).delete()
    with pgtrigger.ignore("billing.PaymentBatch:append_only"):
        PaymentBatch.objects.filter(pk__in=batches, claims=None).delete()
    Invoice.objects.filter(pk__in=invoice_ids, red_of__isnull=False).delete()
    Invoice.objects.filter(pk__in=invoice_ids).delete()
    return {"rows": len(ids), "files": discard(files=StoredFile.objects.filter(pk__in=papers), now=now)}


def drop_unpaid_of(*, person: User, now: datetime) -> int:
    """Delete somebody's claims that came to nothing, and return how many; vouchers stay, as the law asks."""
    return drop_claims(Claim.objects.filter(claimant__user=person, state__in=UNPAID), now)["rows"]
