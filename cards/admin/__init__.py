"""The administration of cards and their reference data."""

from cards.admin.cards import CardAdmin, CardChangeAdmin
from cards.admin.carriers import CarrierAdmin
from cards.admin.contracts import ContractAdmin
from cards.admin.plans import RatePlanAdmin
from cards.admin.registrants import RegistrantAdmin
from cards.admin.tags import TagAdmin

__all__ = [
    "CardAdmin",
    "CardChangeAdmin",
    "CarrierAdmin",
    "ContractAdmin",
    "RatePlanAdmin",
    "RegistrantAdmin",
    "TagAdmin",
]
