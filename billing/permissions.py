"""Which role may do what with usage and money."""

from cardfleet.accounts.choices import Role
from cardfleet.accounts.roles import grant

OFFICE = (Role.SUPERVISOR, Role.FINANCE, Role.COMPLIANCE)

for model in (
    "account",
    "ledgerentry",
    "balancereading",
    "usagesource",
    "feedmapping",
    "usagebatch",
    "usagealias",
    "voiceline",
):
    grant(f"billing.view_{model}", *OFFICE)

grant("billing.view_feedmapping", *OFFICE)
grant("billing.view_retentionrule", *OFFICE)
grant("billing.change_retentionrule", Role.COMPLIANCE)
grant("billing.view_usagerecord", *OFFICE, Role.AGENT)
grant("billing.view_costs", Role.FINANCE, Role.SUPERVISOR)
grant("billing.view_bundleuse", *OFFICE)
grant("billing.view_balancegap", Role.FINANCE, Role.SUPERVISOR)
grant("billing.view_planadvice", Role.FINANCE, Role.SUPERVISOR)
grant("billing.import_usage", Role.SUPERVISOR, Role.FINANCE)
grant("billing.feed_usage", Role.SUPERVISOR)
grant("billing.view_usagesignal", *OFFICE, Role.AGENT)
grant("billing.revoke_usage", Role.SUPERVISOR, Role.FINANCE)
grant("billing.import_reading", Role.SUPERVISOR, Role.FINANCE)
grant("billing.post_entry", Role.FINANCE)
for deed in ("view_transfer", "make_transfer", "view_transferrule", "add_transferrule", "change_transferrule"):
    grant(f"billing.{deed}", Role.FINANCE)
grant("billing.add_balanceexplanation", Role.FINANCE)
grant("billing.view_closedmonth", Role.FINANCE)
grant("billing.close_month", Role.FINANCE)
grant("billing.add_account", Role.FINANCE)
grant("billing.change_account", Role.FINANCE)

grant("billing.view_usageattribution", *OFFICE)
grant("billing.add_usageattribution", Role.SUPERVISOR)

# A bill is of all cards of an account, its differences are of a card each.
grant("billing.view_bill", Role.FINANCE)
grant("billing.view_dispute", Role.FINANCE)
grant("billing.view_billdifference", Role.FINANCE, Role.SUPERVISOR)
grant("billing.import_bill", Role.FINANCE)
grant("billing.settle_bill", Role.FINANCE)
grant("billing.view_billprofile", Role.FINANCE)
grant("billing.change_billprofile", Role.FINANCE)

# What a name in a source means decides whose calls are whose.
for model in ("usagesource", "usagealias", "voiceline", "feedmapping"):
    grant(f"billing.add_{model}", Role.SUPERVISOR)
    grant(f"billing.change_{model}", Role.SUPERVISOR)

grant("billing.view_topuprequest", *OFFICE, Role.AGENT)
grant("billing.ask_top_up", Role.SUPERVISOR, Role.FINANCE, Role.AGENT)
grant("billing.approve_top_up", Role.SUPERVISOR, Role.FINANCE)
grant("billing.approve_large_top_up", Role.FINANCE)
grant("billing.pay_top_up", Role.FINANCE)
grant("billing.view_topuplevel", Role.FINANCE)
grant("billing.change_topuplevel", Role.FINANCE)
grant("billing.view_budget", Role.FINANCE, Role.SUPERVISOR)
grant("billing.change_budget", Role.FINANCE)

grant("billing.view_claim", *OFFICE, Role.AGENT)
grant("billing.add_claim", Role.AGENT)
grant("billing.approve_claim", Role.FINANCE, Role.SUPERVISOR)
grant("billing.pay_claim", Role.FINANCE)
grant("billing.view_claimpolicy", *OFFICE)
grant("billing.add_claimpolicy", Role.FINANCE)
grant("billing.change_claimpolicy", Role.FINANCE)

# By what finance's reports and files go.
for model in ("vatrate", "vouchermapping", "vouchercentre", "vouchercolumn"):
    grant(f"billing.view_{model}", *OFFICE)
    grant(f"billing.add_{model}", Role.FINANCE)
    grant(f"billing.change_{model}", Role.FINANCE)
