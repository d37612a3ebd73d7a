"""How far a company has come with setting CardFleet up."""

from dataclasses import dataclass

from django.db.models import Exists, Q

from agents.models import Agent
from billing.choices import BatchState
from billing.models import UsageBatch
from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import User
from cards.models import Card, Carrier

OFFICE = [role for role in Role if role not in {Role.AGENT, Role.ADMIN}]


@dataclass(frozen=True, kw_only=True)
class SetUp:
    """What exists in the whole company, whoever asks."""

    carriers: bool
    cards: bool
    calls: bool
    people: bool

    @property
    def is_done(self) -> bool:
        """Whether every step is."""
        return self.carriers and self.cards and self.calls and self.people


def set_up() -> SetUp:
    """Return which steps are done, in one statement; people are those besides administrators."""
    office = User.objects.active().filter(Q(groups__name__in=OFFICE) | Q(pk__in=Agent.objects.values("user")))
    stored = UsageBatch.objects.filter(state=BatchState.STORED)
    parts = {"carriers": Carrier.objects.all(), "cards": Card.objects.all(), "calls": stored, "people": office}
    asked = {name: Exists(rows.order_by()) for name, rows in parts.items()}
    found = User.objects.annotate(**asked).values(*asked).first()
    return SetUp(**found) if found else SetUp(carriers=False, cards=False, calls=False, people=False)
