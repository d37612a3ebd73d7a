"""Who sees the documents that state the values of rules."""

from cardfleet.accounts.models import User
from cardfleet.files.subjects import register


def sees_rules(person: User, _pk: str) -> bool:
    """Whoever sees the rules sees where they come from."""
    return person.has_perm("cards.view_carrierrule")


register("cards.carrierrule", sees_rules)
