"""What billing puts into the top bar."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.navigation import register

register(_("Costs"), "billing:costs", icon="report-money", permission="billing.view_costs", order=60)
register(
    _("Waste and use"),
    "billing:waste",
    icon="trash",
    permission="billing.view_costs",
    order=61,
    under="billing:costs",
)
register(
    _("Accounting export"),
    "billing:voucher",
    icon="book",
    permission="billing.change_vouchermapping",
    order=69,
    under="billing:costs",
)
register(_("Usage"), "billing:usage", icon="phone-call", permission="billing.view_ledgerentry", order=70)
register(
    _("Ledger"),
    "billing:ledger",
    icon="wallet",
    permission="billing.view_ledgerentry",
    order=65,
    under="billing:costs",
)
register(
    _("Balances unexplained"),
    "billing:gaps",
    icon="scale",
    permission="billing.view_balancegap",
    order=65,
    under="billing:costs",
)
register(
    _("Top-ups"),
    "billing:top-ups",
    icon="coin-yuan",
    permission="billing.view_ledgerentry",
    order=61,
    under="billing:costs",
)
register(
    _("Claims"),
    "billing:claims",
    icon="receipt-yuan",
    permission="billing.approve_claim",
    order=66,
    under="billing:costs",
)
register(
    _("Month close"),
    "billing:closing",
    icon="lock",
    permission="billing.view_closedmonth",
    order=68,
    under="billing:costs",
)
register(
    _("Budgets"),
    "billing:budgets",
    icon="target",
    permission="billing.view_budget",
    order=62,
    under="billing:costs",
)
register(
    _("Bills"), "billing:bills", icon="file-invoice", permission="billing.view_bill", order=63, under="billing:costs"
)
register(
    _("Wallets"),
    "billing:wallets",
    icon="wallet",
    permission="billing.view_transfer",
    order=67,
    under="billing:costs",
)
register(
    _("Best plans"),
    "billing:best-plans",
    icon="receipt",
    permission="billing.view_planadvice",
    order=69,
    under="billing:costs",
)
