"""What a card is, and what is known about carriers, plans, contracts, owners and rules."""

from cards.models.card import Card, CardSecret
from cards.models.carrier import Carrier
from cards.models.change import CardChange
from cards.models.contract import Contract
from cards.models.device import Device, DeviceUse
from cards.models.inspection import Inspection, InspectionPlan
from cards.models.location import Location
from cards.models.note import CardNote
from cards.models.plan import PlanPrice, RatePlan
from cards.models.plan_period import CardPlanPeriod
from cards.models.purchase import PurchaseLine, PurchaseOrder, Receipt
from cards.models.real_name import IdCheck, RegisteredUse, Sanction
from cards.models.registrant import Registrant
from cards.models.rule import CarrierRule
from cards.models.supplier import Supplier
from cards.models.tag import Tag
from cards.models.voided import VoidedSim

__all__ = [
    "Card",
    "CardChange",
    "CardNote",
    "CardPlanPeriod",
    "CardSecret",
    "Carrier",
    "CarrierRule",
    "Contract",
    "Device",
    "DeviceUse",
    "IdCheck",
    "Inspection",
    "InspectionPlan",
    "Location",
    "PlanPrice",
    "PurchaseLine",
    "PurchaseOrder",
    "RatePlan",
    "Receipt",
    "RegisteredUse",
    "Registrant",
    "Sanction",
    "Supplier",
    "Tag",
    "VoidedSim",
]
