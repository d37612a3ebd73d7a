"""What was bought and looked at: only shown, since it is recorded on its own pages."""

from django.contrib import admin

from cardfleet.kernel.admin import ReadOnlyAdmin
from cards.models import Inspection, PurchaseOrder, Receipt


@admin.register(PurchaseOrder)
class PurchaseOrderAdmin(ReadOnlyAdmin[PurchaseOrder]):
    """Orders."""

    list_display = ("number", "supplier", "ordered_on", "ordered_by", "invoice_no", "closed_at")
    search_fields = ("number", "supplier__name", "invoice_no")
    list_select_related = ("supplier", "ordered_by")


@admin.register(Receipt)
class ReceiptAdmin(ReadOnlyAdmin[Receipt]):
    """Which card came with which order."""

    list_display = ("card", "line", "received_at", "received_by")
    search_fields = ("card__msisdn", "card__iccid", "line__order__number")
    list_select_related = ("card", "line__order", "line__carrier", "line__plan", "received_by")


@admin.register(Inspection)
class InspectionAdmin(ReadOnlyAdmin[Inspection]):
    """Inspections of cards."""

    list_display = ("at", "card", "by", "custody_state", "condition", "damage", "signal", "decision", "use_by")
    list_filter = ("condition", "custody_state", "decision")
    search_fields = ("card__msisdn", "card__iccid")
    list_select_related = ("card", "by")
