"""What cards puts into the top bar: the stock and the pages under it."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.navigation import register

register(_("Stock"), "cards:stock", icon="building-warehouse", permission="cards.view_location", order=45)
register(
    _("Inspections"),
    "cards:inspections",
    icon="clipboard-check",
    permission="cards.view_inspection",
    order=47,
    under="cards:stock",
)
register(
    _("Purchases"),
    "cards:purchases",
    icon="shopping-cart",
    permission="cards.view_purchaseorder",
    order=48,
    under="cards:stock",
)
register(
    _("Suppliers"),
    "cards:suppliers",
    icon="truck-delivery",
    permission="cards.view_supplier",
    order=49,
    under="cards:stock",
)
register(_("Labels"), "cards:labels", icon="qrcode", permission="cards.change_card", order=49, under="cards:stock")
