"""The company's wallets, the accounts of cards, and what was moved between them."""

from collections.abc import Sequence

from django.db.models import Count, Q, QuerySet, Sum

from billing.choices import AccountKind
from billing.models import Account, AccountCard, Transfer
from cards.querysets import CardQuerySet

LISTED = 50


def wallets() -> QuerySet[Account]:
    """Return the company's wallets."""
    return Account.objects.filter(kind=AccountKind.WALLET).select_related("carrier").order_by("carrier__name", "code")


def paying_accounts(cards: CardQuerySet) -> dict[int, Account]:
    """Return the account that pays for each of some cards today, by card id."""
    members = AccountCard.objects.current().select_related("account").filter(card__in=cards)
    return {member.card_id: member.account for member in members}


def transfers() -> QuerySet[Transfer]:
    """Return all transfers, the last first, each with `moved` (CNY) and the number of `accounts` given to."""
    gave = Q(legs__amount__lt=0)
    listed = Transfer.objects.select_related("actor").annotate(
        moved=Sum("legs__amount", filter=~gave), accounts=Count("legs", filter=~gave)
    )
    return listed.order_by("-id")


def last_transfers() -> Sequence[Transfer]:
    """Return the last transfers."""
    return list(transfers()[:LISTED])
