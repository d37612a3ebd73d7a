"""Who sees the proofs of what callees said, the signatures of agents, and what belongs to courses."""

from agents.models import Handover
from cardfleet.accounts.models import User
from cardfleet.files.subjects import register


def sees_listings(person: User, _pk: str) -> bool:
    """Whoever sees the lists sees their proofs; one file may prove many entries."""
    return person.has_perm("agents.view_calleelisting")


def sees_receipt(person: User, pk: str) -> bool:
    """Whoever sees a receipt sees its signature; the agent their own."""
    return person.has_perm("agents.view_handover") and Handover.objects.visible_to(person).filter(pk=pk).exists()


def sees_course(person: User, _pk: str) -> bool:
    """Whoever takes courses or looks after them sees their material."""
    return person.has_perm("agents.take_course") or person.has_perm("agents.view_course")


def sees_training(person: User, _pk: str) -> bool:
    """Whoever sees training records sees the sheets that prove them."""
    return person.has_perm("agents.view_trainingrecord")


register("agents.course", sees_course)
register("agents.trainingrecord", sees_training)
register("agents.calleelisting", sees_listings)
register("agents.handover", sees_receipt)
