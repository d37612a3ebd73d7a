"""Who sees the files of imports, and the proofs of top-ups."""

from billing.models import BillStatement, Claim, Dispute, TopUpRequest, UsageBatch
from cardfleet.accounts.models import User
from cardfleet.files.subjects import register


def sees_batch(person: User, pk: str) -> bool:
    """Whoever may import and sees the batch sees its file and its refused rows."""
    return person.has_perm("billing.import_usage") and UsageBatch.objects.visible_to(person).filter(pk=pk).exists()


def sees_claim(person: User, pk: str) -> bool:
    """Whoever sees the claim sees its pictures."""
    return Claim.objects.visible_to(person).filter(pk=pk).exists()


register("billing.claim", sees_claim)


def sees_top_up(person: User, pk: str) -> bool:
    """Whoever sees the top-up sees its proof."""
    may = person.has_perm("billing.view_topuprequest")
    return may and TopUpRequest.objects.visible_to(person).filter(pk=pk).exists()


register("billing.topuprequest", sees_top_up)


def sees_statement(person: User, pk: str) -> bool:
    """Whoever may import bills sees the files they came in."""
    return person.has_perm("billing.import_bill") and BillStatement.objects.filter(pk=pk).exists()


def sees_dispute(person: User, pk: str) -> bool:
    """Whoever sees a dispute sees the carrier's letter."""
    return person.has_perm("billing.view_dispute") and Dispute.objects.visible_to(person).filter(pk=pk).exists()


register("billing.billstatement", sees_statement)
register("billing.dispute", sees_dispute)
register("billing.usagebatch", sees_batch)
