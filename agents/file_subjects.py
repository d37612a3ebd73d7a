"""Who sees the proofs of what callees said, and the signatures of agents."""

from agents.models import Handover
from cardfleet.accounts.models import User
from cardfleet.files.subjects import register


def sees_listings(person: User, _pk: str) -> bool:
    """Whoever sees the lists sees their proofs; one file may prove many entries."""
    return person.has_perm("agents.view_calleelisting")


def sees_receipt(person: User, pk: str) -> bool:
    """Whoever sees a receipt sees its signature; the agent their own."""
    return person.has_perm("agents.view_handover") and Handover.objects.visible_to(person).filter(pk=pk).exists()


register("agents.calleelisting", sees_listings)
register("agents.handover", sees_receipt)
