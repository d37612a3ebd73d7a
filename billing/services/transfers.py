"""Moving balance between the company's wallets and the accounts of cards, by double entry."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from billing.choices import AccountKind, EntryKind
from billing.errors import AlreadyOpened, TransferRefused
from billing.models import Account, AccountCard, Transfer, TransferRule
from billing.rules.transfers import USUAL, Against, Side, Way, against
from billing.services import ledger
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day, month_start
from cardfleet.kernel.errors import Reason
from cardfleet.kernel.money import ZERO, to_fen
from cardfleet.kernel.transactions import one_transaction
from cards.models import Carrier

SAID = {
    Against.NOTHING: _("No amount above zero is given. Enter what is to be moved."),
    Against.OTHER_CARRIER: _("The accounts are at different carriers. Choose accounts of one carrier."),
    Against.ITSELF: _("An account cannot give to itself. Choose another one."),
    Against.NOT_ALLOWED: _("The carrier does not let balance go this way. See the rules on transfers."),
    Against.TOO_LITTLE: _("The account has less than that. Enter a smaller amount, or pay in first."),
}
# An entry of the journal names a few accounts; the legs name all.
MOST_NAMED = 20


@one_transaction
def open_wallet(*, carrier: Carrier, code: str, actor: User | None, now: datetime) -> Account:
    """Open the company's wallet at a carrier. AlreadyOpened."""
    try:
        with transaction.atomic():
            wallet = Account.objects.create(kind=AccountKind.WALLET, carrier=carrier, code=code, opened_at=now)
    except IntegrityError as error:
        raise AlreadyOpened from error
    record(actor=actor, action="billing.accounts_opened", subject=wallet, now=now, data={"code": code})
    return wallet


@one_transaction
def transfer(
    *,
    source: Account,
    amounts: Mapping[int, Decimal],
    reason: str,
    actor: User | None,
    now: datetime,
    reference: str = "",
) -> Transfer:
    """Give accounts (by id, CNY above zero) of what one has, as the carrier did it; the legs add up to nothing.

    Raises TransferRefused with what stands against it.
    """
    locked = {account.pk: account for account in _locked([source.pk, *amounts])}
    given = {pk: to_fen(amount) for pk, amount in amounts.items()}
    targets = [_side(locked[pk], amount) for pk, amount in given.items()]
    if found := against(_side(locked[source.pk]), targets, allowed=_allowed(source)):
        raise TransferRefused(reasons=[Reason(code=one.value, message=SAID[one]) for one in found])
    moved = Transfer.objects.create(made_at=now, reference=reference, reason=reason, actor=actor)
    total = sum(given.values(), ZERO)
    legs = _legs(moved, {source.pk: -total, **given}, now)
    ledger.post_many(kind=EntryKind.TRANSFER, postings=legs, actor=actor, now=now, transfer=moved)
    record(
        actor=actor,
        action="billing.balance_transferred",
        subject=locked[source.pk],
        related=tuple(locked[pk] for pk in list(given)[:MOST_NAMED]),
        reason=reason,
        now=now,
        data={"amount": str(total), "accounts": len(given)},
    )
    return moved


@one_transaction
def set_transfer_rule(*, facts: Mapping[str, Any], actor: User | None, now: datetime) -> TransferRule:
    """Say which ways a carrier lets balance go; `facts` are the fields of TransferRule."""
    rest = {name: value for name, value in facts.items() if name != "carrier"}
    rule, _created = TransferRule.objects.update_or_create(carrier=facts["carrier"], defaults=rest)
    ways = [way.value for way in Way if facts.get(way.value)]
    record(actor=actor, action="billing.transfer_rule_set", subject=rule, now=now, data={"granted": ways})
    return rule


def _locked(ids: list[int]) -> list[Account]:
    return list(Account.objects.locked().filter(pk__in=ids).order_by("pk"))


def _side(account: Account, amount: Decimal = ZERO) -> Side:
    return Side(
        account_id=account.pk,
        carrier_id=account.carrier_id,
        kind=AccountKind(account.kind),
        balance=account.balance,
        amount=amount,
    )


def _allowed(source: Account) -> frozenset[Way]:
    rule = TransferRule.objects.filter(carrier=source.carrier_id).first()
    return frozenset(way for way in Way if getattr(rule, way.value)) if rule else USUAL


def _legs(moved: Transfer, amounts: Mapping[int, Decimal], now: datetime) -> list[ledger.Posting]:
    """Return the legs; that of an account of one card names the card."""
    own = AccountCard.objects.current().filter(account__in=amounts, account__kind=AccountKind.CARD)
    cards = dict(own.values_list("account_id", "card_id"))
    return [
        ledger.Posting(
            account_id=pk,
            card_id=cards.get(pk),
            amount=amount,
            at=now,
            month=month_start(business_day(now)),
            key=f"transfer:{moved.pk}:{pk}",
        )
        for pk, amount in amounts.items()
    ]
