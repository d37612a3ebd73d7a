"""Who sees the proofs of suppliers and the invoices of orders."""

from cardfleet.accounts.models import User
from cardfleet.files.subjects import register


def sees_suppliers(person: User, _pk: str) -> bool:
    """Whoever sees suppliers sees what proves them."""
    return person.has_perm("cards.view_supplier")


def sees_orders(person: User, _pk: str) -> bool:
    """Whoever sees orders sees their invoices."""
    return person.has_perm("cards.view_purchaseorder")


register("cards.supplier", sees_suppliers)
register("cards.purchaseorder", sees_orders)
