"""Accounts, sources and what is held for them: the least that is valid."""

from datetime import timedelta
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from agents.models import Agent, Assignment
from billing.choices import AccountKind, EntryKind, SourceRole
from billing.models import (
    Account,
    AccountCard,
    Bill,
    BillStatement,
    Budget,
    Dispute,
    TopUpRequest,
    Transfer,
    UsageAlias,
    UsageAttribution,
    UsageSource,
    VoiceLine,
)
from billing.services.ledger import post
from billing.services.transfers import transfer
from cards.models import Card
from tests.factories.cards import RECORDED, CardFactory, CarrierFactory


class AccountFactory(DjangoModelFactory):
    """A prepaid account without money; give `cards=[...]` for those it pays for."""

    class Meta:
        model = Account
        skip_postgeneration_save = True

    carrier = factory.SubFactory(CarrierFactory)
    code = factory.Sequence(lambda number: f"account-{number}")
    opened_at = RECORDED

    @factory.post_generation
    def cards(self, create, extracted: list[Card] | None, **kwargs):
        for card in extracted or []:
            AccountCard.objects.create(account=self, card=card, starts_on=RECORDED.date())


def some_transfer() -> Transfer:
    """Ten yuan of a wallet with a hundred, given to the account of a card."""
    carrier = CarrierFactory()
    wallet = AccountFactory(kind=AccountKind.WALLET, carrier=carrier)
    account = AccountFactory(carrier=carrier, cards=[CardFactory(carrier=carrier)])
    post(account=wallet, kind=EntryKind.TOP_UP, amount=Decimal(100), actor=None, now=RECORDED)
    amounts = {account.pk: Decimal(10)}
    return transfer(source=wallet, amounts=amounts, reason="new cards", actor=None, now=RECORDED)


class UsageSourceFactory(DjangoModelFactory):
    """A carrier's details."""

    class Meta:
        model = UsageSource

    slug = factory.Sequence(lambda number: f"source-{number}")
    name = factory.LazyAttribute(lambda source: source.slug)
    role = SourceRole.CARRIER


class VoiceLineFactory(DjangoModelFactory):
    """A trunk."""

    class Meta:
        model = VoiceLine

    name = factory.Sequence(lambda number: f"line-{number}")
    carrier = factory.SubFactory(CarrierFactory)


class UsageAliasFactory(DjangoModelFactory):
    """A name in a switch; give one of `card`, `agent`, `line`."""

    class Meta:
        model = UsageAlias

    source = factory.SubFactory(UsageSourceFactory, role=SourceRole.SWITCH)
    alias = factory.Sequence(lambda number: f"{1000 + number}")
    valid_from = RECORDED


class UsageAttributionFactory(DjangoModelFactory):
    """An hour of a card that was nobody's after all."""

    class Meta:
        model = UsageAttribution

    card = factory.SubFactory(CardFactory)
    starts_at = RECORDED
    ends_at = RECORDED + timedelta(hours=1)
    reason = "late"
    created_at = RECORDED


class TopUpRequestFactory(DjangoModelFactory):
    """A top-up that waits for a supervisor; give `account` and `card`."""

    class Meta:
        model = TopUpRequest

    account = factory.SubFactory(AccountFactory)
    amount = 5
    rank = "supervisor"
    asked_at = RECORDED


class BudgetFactory(DjangoModelFactory):
    """A team's budget of a month; give `team`."""

    class Meta:
        model = Budget

    scope = "team"
    starts_on = RECORDED.date().replace(day=1)
    amount = 5
    set_at = RECORDED


def held(card: Card, agent: Agent, start, end=None) -> Assignment:
    """Put a card into an agent's hands for a period."""
    return Assignment.objects.create(
        card=card, agent=agent, team=agent.user.team, started_at=start, ended_at=end, recorded_at=start
    )


class BillStatementFactory(DjangoModelFactory):
    """A file of bills that waits; give its `file`."""

    class Meta:
        model = BillStatement

    carrier = factory.SubFactory(CarrierFactory)
    month = RECORDED.date()
    name = "bill.csv"
    sha256 = factory.Sequence(lambda number: f"{number:064}")
    created_at = RECORDED


class BillFactory(DjangoModelFactory):
    """A bill without lines; give the file of its statement."""

    class Meta:
        model = Bill

    statement = factory.SubFactory(BillStatementFactory)
    account = factory.SubFactory(AccountFactory)
    month = RECORDED.date()
    due_on = RECORDED.date() + timedelta(days=30)
    total = 18


class DisputeFactory(DjangoModelFactory):
    """A complaint of today."""

    class Meta:
        model = Dispute

    account = factory.SubFactory(AccountFactory)
    month = RECORDED.date()
    amount = 5
    sent_on = RECORDED.date()
    due_on = RECORDED.date() + timedelta(days=21)
    opened_at = RECORDED
