"""What a card is, and what is known about carriers, plans, contracts, owners and rules."""

from cards.models.card import Card, CardSecret
from cards.models.carrier import Carrier
from cards.models.change import CardChange
from cards.models.contract import Contract
from cards.models.device import DeviceUse
from cards.models.note import CardNote
from cards.models.plan import PlanPrice, RatePlan
from cards.models.registrant import Registrant
from cards.models.rule import CarrierRule
from cards.models.tag import Tag

__all__ = [
    "Card",
    "CardChange",
    "CardNote",
    "CardSecret",
    "Carrier",
    "CarrierRule",
    "Contract",
    "DeviceUse",
    "PlanPrice",
    "RatePlan",
    "Registrant",
    "Tag",
]
