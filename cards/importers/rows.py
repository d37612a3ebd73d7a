"""What one line of a card file says, read but not yet compared with what is recorded (design, section 8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from cardfleet.kernel.errors import Reason
from cards.choices import Purpose, RealNameState, ServiceState, StopReason


@dataclass(frozen=True, kw_only=True)
class CardRow:
    """One card as a line describes it; None where the line says nothing.

    `carrier`, `plan`, `contract` and `registrant` are names as written. Holder, issue date and balance are facts of
    higher apps: they are read here and handed on by the import's outcome. Money is CNY, days are Shanghai's.
    """

    line: int
    iccid: str
    msisdn: str
    carrier: str
    imsi: str | None = None
    plan: str | None = None
    contract: str | None = None
    registrant: str | None = None
    region: str | None = None
    purpose: Purpose | None = None
    location: str | None = None
    batch: str | None = None
    note: str | None = None
    device_imei: str | None = None
    activated_on: date | None = None
    expires_on: date | None = None
    service_state: ServiceState | None = None
    stop_reason: StopReason | None = None
    real_name_state: RealNameState | None = None
    holder: str | None = None
    issued_on: date | None = None
    balance: Decimal | None = None
    tags: Sequence[str] = ()
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the file: its row, unless it is refused for `reasons`; `warnings` refuse nothing."""

    number: int
    cells: Sequence[str] = field(repr=False)
    row: CardRow | None = None
    reasons: Sequence[Reason] = ()
    warnings: Sequence[Reason] = ()
