"""How long data is kept, where nobody has said otherwise."""

from billing.services.retention import load_retention
from cardfleet.kernel.reference import register

register("billing.retention", load_retention)
