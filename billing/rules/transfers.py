"""Which way balance may go between accounts at a carrier."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from billing.choices import AccountKind
from cardfleet.kernel.money import ZERO


class Way(StrEnum):
    """From what to what."""

    TO_CARDS = "to_cards"
    TO_WALLET = "to_wallet"
    BETWEEN_CARDS = "between_cards"


class Against(StrEnum):
    """What stands against a transfer."""

    NOTHING = "nothing"
    OTHER_CARRIER = "other_carrier"
    ITSELF = "itself"
    NOT_ALLOWED = "not_allowed"
    TOO_LITTLE = "too_little"


@dataclass(frozen=True, kw_only=True)
class Side:
    """An account of a transfer: CNY it has, and what it is given where it is a target."""

    account_id: int
    carrier_id: int
    kind: AccountKind
    balance: Decimal
    amount: Decimal = ZERO


# Without a word of the carrier a company gives of its wallet to its cards, and nothing comes back.
USUAL = frozenset({Way.TO_CARDS})


def way(source: AccountKind, target: AccountKind) -> Way:
    """Return which way money goes; between two wallets it is as back to one."""
    if target == AccountKind.WALLET:
        return Way.TO_WALLET
    return Way.TO_CARDS if source == AccountKind.WALLET else Way.BETWEEN_CARDS


def against(source: Side, targets: Sequence[Side], *, allowed: frozenset[Way] = USUAL) -> list[Against]:
    """Return what stands against giving the targets their amounts, each once."""
    stands = {
        Against.NOTHING: not targets or any(target.amount <= ZERO for target in targets),
        Against.OTHER_CARRIER: any(target.carrier_id != source.carrier_id for target in targets),
        Against.ITSELF: any(target.account_id == source.account_id for target in targets),
        Against.NOT_ALLOWED: any(way(source.kind, target.kind) not in allowed for target in targets),
        Against.TOO_LITTLE: sum((target.amount for target in targets), ZERO) > source.balance,
    }
    return [one for one, does in stands.items() if does]
