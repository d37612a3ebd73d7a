"""The administration of cards and their reference data."""

from cards.admin.cards import CardAdmin, CardChangeAdmin
from cards.admin.carriers import CarrierAdmin
from cards.admin.contracts import ContractAdmin
from cards.admin.devices import DeviceAdmin
from cards.admin.inspections import InspectionPlanAdmin
from cards.admin.locations import LocationAdmin
from cards.admin.plans import RatePlanAdmin
from cards.admin.records import InspectionAdmin, PurchaseOrderAdmin, ReceiptAdmin
from cards.admin.registrants import RegistrantAdmin
from cards.admin.suppliers import SupplierAdmin
from cards.admin.tags import TagAdmin

__all__ = [
    "CardAdmin",
    "CardChangeAdmin",
    "CarrierAdmin",
    "ContractAdmin",
    "DeviceAdmin",
    "InspectionAdmin",
    "InspectionPlanAdmin",
    "LocationAdmin",
    "PurchaseOrderAdmin",
    "RatePlanAdmin",
    "ReceiptAdmin",
    "RegistrantAdmin",
    "SupplierAdmin",
    "TagAdmin",
]
