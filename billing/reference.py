"""How long data is kept, how known platforms' calls are read, who approves top-ups, where nobody has said otherwise."""

from billing.services.claim_policies import load_claim_policy
from billing.services.mappings import load_mappings
from billing.services.retention import load_retention
from billing.services.top_ups.levels import load_top_up_levels
from billing.services.vat import load_rates
from billing.services.vouchers import load_vouchers
from cardfleet.kernel.reference import register

register("billing.retention", load_retention)
register("billing.mappings", load_mappings)
register("billing.claims", load_claim_policy)
register("billing.top_up_levels", load_top_up_levels)
register("billing.vat", load_rates)
register("billing.vouchers", load_vouchers)
