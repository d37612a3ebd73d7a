"""The notified-number rate of each carrier and contract, against the contract's lines (R35; 华翔联信 annex cl. 4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from cards.models import Carrier, Contract
from cards.rules.scope import Scope
from lifecycle.rules.notified import notified_rate
from lifecycle.selectors.notified import calling_numbers, group_of, notified_numbers
from lifecycle.selectors.rules import rule_book

KIND = "reported_rate"


@dataclass(frozen=True, kw_only=True)
class GroupRate:
    """One carrier and contract in a period; `rate`, `warn` and `limit` in per cent, None where not known or not set."""

    carrier: Carrier
    contract: Contract | None
    notified: int
    calling: int
    rate: Decimal | None
    warn: Decimal | None
    limit: Decimal | None
    reckoned_at: datetime | None

    @property
    def tone(self) -> str:
        """The colour of where the rate stands."""
        if self.rate is None:
            return "gray"
        if self.limit is not None and self.rate >= self.limit:
            return "red"
        return "orange" if self.warn is not None and self.rate >= self.warn else "green"


def notified_rates(on: date) -> Sequence[GroupRate]:
    """Return the rates of the period of a day, the highest first. Six queries."""
    notified, calling = notified_numbers(on), {group_of(row): row for row in calling_numbers(on)}
    carriers = Carrier.objects.in_bulk({carrier for carrier, _contract in {*notified, *calling}})
    contracts = Contract.objects.in_bulk({contract for _carrier, contract in {*notified, *calling} if contract})
    book = rule_book(on)
    rows = []
    for carrier, contract in {*notified, *calling}:
        rule = book.for_scope(Scope(carrier=carrier), agreed=None, contract="").get(KIND)
        counted = calling.get((carrier, contract))
        said, called = notified.get((carrier, contract), 0), counted.numbers if counted else 0
        rows.append(
            GroupRate(
                carrier=carriers[carrier],
                contract=contracts[contract] if contract else None,
                notified=said,
                calling=called,
                rate=notified_rate(said, called) if counted else None,
                warn=rule.terms.warn if rule else None,
                limit=rule.terms.limit if rule else None,
                reckoned_at=counted.reckoned_at if counted else None,
            )
        )
    return sorted(
        rows, key=lambda row: (-(row.rate or 0), row.carrier.name, row.contract.number if row.contract else "")
    )
