"""Who sees the files of imports."""

from billing.models import Claim, UsageBatch
from cardfleet.accounts.models import User
from cardfleet.files.subjects import register


def sees_batch(person: User, pk: str) -> bool:
    """Whoever may import and sees the batch sees its file and its refused rows."""
    return person.has_perm("billing.import_usage") and UsageBatch.objects.visible_to(person).filter(pk=pk).exists()


def sees_claim(person: User, pk: str) -> bool:
    """Whoever sees the claim sees its pictures."""
    return Claim.objects.visible_to(person).filter(pk=pk).exists()


register("billing.claim", sees_claim)
register("billing.usagebatch", sees_batch)
