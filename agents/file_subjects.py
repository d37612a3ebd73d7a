"""Who sees the proofs of what callees said."""

from cardfleet.accounts.models import User
from cardfleet.files.subjects import register


def sees_listings(person: User, _pk: str) -> bool:
    """Whoever sees the lists sees their proofs; one file may prove many entries."""
    return person.has_perm("agents.view_calleelisting")


register("agents.calleelisting", sees_listings)
