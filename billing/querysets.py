"""How usage and money are found, and who sees which: what belongs to a card is seen with the card."""

from datetime import date
from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Abs

from agents.choices import AgentStatus
from billing.choices import BillState, ClaimState, DisputeState
from cardfleet.accounts.models import User
from cardfleet.accounts.querysets import teams_seen
from cardfleet.kernel.querysets import LockableQuerySet
from cards.choices import Payment
from cards.models import Card

if TYPE_CHECKING:
    from billing.models import (
        Account,
        AccountCard,
        BalanceGap,
        BalanceReading,
        Bill,
        Budget,
        Claim,
        Dispute,
        PaymentBatch,
        TopUpRequest,
        UsageBatch,
        UsageReject,
    )

M = TypeVar("M", bound=models.Model)


class OfCardQuerySet(LockableQuerySet[M]):
    """Rows with a card."""

    def visible_to(self, user: User) -> Self:
        """Return the rows of the cards in the person's scope; those without a card are for who sees every team."""
        if user.has_perm("accounts.view_all_teams"):
            return self
        return self.filter(card__in=Card.objects.visible_to(user))


class AccountQuerySet(LockableQuerySet["Account"]):
    """Accounts."""

    def visible_to(self, user: User) -> Self:
        """Return the accounts that pay or paid for a card in the person's scope."""
        if user.has_perm("accounts.view_all_teams"):
            return self
        return self.filter(members__card__in=Card.objects.visible_to(user)).distinct()


class BalanceGapQuerySet(models.QuerySet["BalanceGap"]):
    """Accounts with unexplained differences."""

    def visible_to(self, user: User) -> Self:
        """Return those of accounts that pay or paid for a card in the person's scope."""
        if user.has_perm("accounts.view_all_teams"):
            return self
        own = self.model.objects.filter(account__members__card__in=Card.objects.visible_to(user))
        return self.filter(pk__in=own.values("pk"))

    def sized(self) -> Self:
        """Annotate `size`: the difference, whichever side it is on."""
        return self.annotate(size=Abs("amount"))


class AccountCardQuerySet(LockableQuerySet["AccountCard"]):
    """Which account pays for a card."""

    def on(self, day: date) -> Self:
        """Return what holds on a day."""
        return self.filter(starts_on__lte=day).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day))

    def current(self) -> Self:
        """Return what holds with no end."""
        return self.filter(ends_on__isnull=True)


class BalanceReadingQuerySet(LockableQuerySet["BalanceReading"]):
    """Readings."""

    def visible_to(self, user: User) -> Self:
        """Return the readings of accounts that pay for a card in the person's scope."""
        if user.has_perm("accounts.view_all_teams"):
            return self
        return self.filter(account__members__card__in=Card.objects.visible_to(user)).distinct()


class UsageBatchQuerySet(LockableQuerySet["UsageBatch"]):
    """Batches."""

    def visible_to(self, user: User) -> Self:
        """Return the batches a person loaded; all of them for who sees every team."""
        if user.has_perm("accounts.view_all_teams"):
            return self
        return self.filter(Q(file__owner=user) | Q(job__owner=user))


class UsageRejectQuerySet(LockableQuerySet["UsageReject"]):
    """Refused rows."""

    def open(self) -> Self:
        """Return those no correction has settled."""
        return self.filter(settled_by=None)


class TopUpQuerySet(LockableQuerySet["TopUpRequest"]):
    """Top-ups."""

    def visible_to(self, user: User) -> Self:
        """Return those of the cards in the person's scope, and what the person asked for."""
        if user.has_perm("accounts.view_all_teams"):
            return self
        return self.filter(Q(card__in=Card.objects.visible_to(user)) | Q(asked_by=user))


class BudgetQuerySet(LockableQuerySet["Budget"]):
    """Budgets."""

    def visible_to(self, user: User) -> Self:
        """Return those of the teams in the person's scope, of their agents and cards; the company's for who sees all.

        An agent sees what limits the agent and the cards held.
        """
        if user.has_perm("accounts.view_all_teams"):
            return self
        seen = teams_seen(user)
        of_agent = Q(agent__user__team__in=seen) | Q(agent__user=user)
        return self.filter(Q(team__in=seen) | of_agent | Q(card__in=Card.objects.visible_to(user)))


class BillQuerySet(LockableQuerySet["Bill"]):
    """Bills."""

    def standing(self) -> Self:
        """Return those that were not taken back."""
        return self.exclude(state=BillState.WITHDRAWN)

    def unpaid(self) -> Self:
        """Return those accepted on postpaid accounts and not paid yet; a prepaid account has paid before."""
        return self.filter(state=BillState.ACCEPTED, paid_on=None, account__payment=Payment.POSTPAID)

    def visible_to(self, user: User) -> Self:
        """Return the bills with a line of a card in the person's scope."""
        if user.has_perm("accounts.view_all_teams"):
            return self
        own = self.model.objects.filter(lines__card__in=Card.objects.visible_to(user))
        return self.filter(pk__in=own.values("pk"))


class BillPartQuerySet(OfCardQuerySet[M]):
    """Lines and differences of bills."""

    def standing(self) -> Self:
        """Return those of bills that were not taken back."""
        return self.exclude(bill__state=BillState.WITHDRAWN)


class DisputeQuerySet(LockableQuerySet["Dispute"]):
    """Disputes."""

    def visible_to(self, user: User) -> Self:
        """Return the disputes about a card in the person's scope."""
        if user.has_perm("accounts.view_all_teams"):
            return self
        own = self.model.objects.filter(differences__card__in=Card.objects.visible_to(user))
        return self.filter(pk__in=own.values("pk"))

    def overdue(self, today: date) -> Self:
        """Return those the carrier has not answered in its term."""
        return self.filter(state=DisputeState.OPEN, due_on__lt=today)


class ClaimQuerySet(LockableQuerySet["Claim"]):
    """Claims."""

    def visible_to(self, user: User) -> Self:
        """Return the person's own, and those sent by people in their scope; a draft is for its claimant alone.

        Whoever left cannot send or take back a draft any more, so that it is shown to who decides.
        """
        own = Q(claimant__user=user)
        sent = ~Q(state=ClaimState.DRAFT) | Q(claimant__status=AgentStatus.LEFT)
        if user.has_perm("accounts.view_all_teams"):
            return self.filter(own | sent)
        if not user.has_perm("billing.approve_claim"):
            return self.filter(own)
        return self.filter(own | (sent & Q(claimant__user__team__in=teams_seen(user))))


class PaymentQuerySet(models.QuerySet["PaymentBatch"]):
    """Payments of claims."""

    def visible_to(self, user: User) -> Self:
        """Return all for who sees every team, else those the person made."""
        return self if user.has_perm("accounts.view_all_teams") else self.filter(paid_by=user)
