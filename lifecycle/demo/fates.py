"""What becomes of the cards of a demo fleet, and how many share each fate."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from random import Random

from cards.choices import CustodyState, RealNameState, ServiceState, StopReason

Service, Custody = ServiceState, CustodyState


class Calling(StrEnum):
    """How a card is used."""

    NONE = "none"
    RARE = "rare"
    CALM = "calm"
    BUSY = "busy"
    BURSTY = "bursty"
    SHORT = "short"
    REPEATS = "repeats"


@dataclass(frozen=True, kw_only=True)
class Fate:
    """One kind of card. `per_mille` of the fleet share it; `ago` is how many days its last state has lasted.

    `balance` is what its own prepaid account holds in the end; `expires_in` and `idle_since` are days.
    """

    code: str
    per_mille: int
    at_least: int = 0
    service: ServiceState = Service.ACTIVE
    reason: str = ""
    custody: CustodyState = Custody.ISSUED
    calling: Calling = Calling.CALM
    ago: tuple[int, int] = (0, 0)
    balance: tuple[Decimal, Decimal] = (Decimal(50), Decimal(160))
    expires_in: tuple[int, int] = (65, 330)
    idle_since: tuple[int, int] = (0, 0)
    complaints: int = 0
    real_name: RealNameState = RealNameState.VALID

    @property
    def is_in_hands(self) -> bool:
        """Whether an agent holds it in the end."""
        return self.custody not in {Custody.IN_STOCK, Custody.SPARE, Custody.RETURNED, Custody.DESTROYED}


def _cny(low: int, high: int) -> tuple[Decimal, Decimal]:
    return Decimal(low), Decimal(high)


CALM = Fate(code="calm", per_mille=0)
FATES: tuple[Fate, ...] = (
    CALM,
    Fate(code="awaiting", per_mille=8, at_least=2, calling=Calling.RARE, ago=(0, 1)),
    Fate(code="busy", per_mille=12, at_least=1, calling=Calling.BUSY),
    Fate(code="bursty", per_mille=6, at_least=1, calling=Calling.BURSTY),
    Fate(code="short_calls", per_mille=8, at_least=1, calling=Calling.SHORT),
    Fate(code="repeats", per_mille=4, at_least=1, calling=Calling.REPEATS),
    Fate(code="complained", per_mille=8, at_least=1, complaints=1),
    Fate(code="running_low", per_mille=24, at_least=1, balance=_cny(2, 9)),
    Fate(
        code="arrears_half",
        per_mille=12,
        at_least=1,
        service=Service.HALF_STOP,
        reason=StopReason.ARREARS,
        ago=(0, 6),
        balance=_cny(-30, -3),
    ),
    Fate(
        code="arrears_full",
        per_mille=10,
        at_least=1,
        service=Service.FULL_STOP,
        reason=StopReason.ARREARS,
        ago=(2, 20),
        balance=_cny(-90, -31),
    ),
    Fate(code="high_fee", per_mille=4, service=Service.HALF_STOP, reason=StopReason.HIGH_FEE, ago=(0, 3)),
    Fate(
        code="complaint_stop",
        per_mille=6,
        at_least=1,
        service=Service.FORCED_STOP,
        reason=StopReason.COMPLAINT,
        ago=(0, 9),
        complaints=2,
    ),
    Fate(
        code="abnormal_stop",
        per_mille=4,
        service=Service.FORCED_STOP,
        reason=StopReason.ABNORMAL_USE,
        calling=Calling.BUSY,
        ago=(1, 12),
    ),
    Fate(
        code="reverify",
        per_mille=6,
        at_least=1,
        service=Service.REVERIFY_STOP,
        reason=StopReason.REVERIFICATION,
        ago=(0, 4),
    ),
    Fate(
        code="lost",
        per_mille=4,
        at_least=1,
        service=Service.LOST_STOP,
        reason=StopReason.LOST,
        custody=Custody.MISSING,
        ago=(1, 8),
    ),
    Fate(code="expiring_week", per_mille=10, at_least=1, expires_in=(2, 7)),
    Fate(code="expiring_month", per_mille=20, at_least=1, expires_in=(8, 30)),
    Fate(code="idle_in_hand", per_mille=12, at_least=1, idle_since=(40, 80)),
    Fate(code="resting", per_mille=8, custody=Custody.RESTING, ago=(1, 5)),
    Fate(code="faulty", per_mille=6, custody=Custody.FAULTY, ago=(1, 6)),
    Fate(
        code="voluntary",
        per_mille=24,
        at_least=1,
        service=Service.VOLUNTARY_STOP,
        reason=StopReason.VOLUNTARY,
        custody=Custody.IN_STOCK,
        ago=(5, 40),
    ),
    Fate(
        code="cancelling",
        per_mille=14,
        at_least=1,
        service=Service.CANCEL_PENDING,
        reason=StopReason.BUSINESS_CHANGE,
        custody=Custody.IN_STOCK,
        ago=(1, 10),
    ),
    Fate(
        code="pre_cancelled",
        per_mille=4,
        service=Service.PRE_CANCELLED,
        reason=StopReason.ARREARS,
        custody=Custody.IN_STOCK,
        calling=Calling.NONE,
        ago=(2, 20),
        balance=_cny(-120, -80),
    ),
    Fate(
        code="cancelled",
        per_mille=8,
        at_least=1,
        service=Service.CANCELLED,
        reason=StopReason.UNUSED,
        custody=Custody.IN_STOCK,
        calling=Calling.NONE,
        ago=(20, 50),
        balance=_cny(0, 0),
    ),
    Fate(
        code="destroyed",
        per_mille=4,
        service=Service.FROZEN,
        custody=Custody.DESTROYED,
        calling=Calling.NONE,
        ago=(10, 30),
        balance=_cny(0, 0),
    ),
    Fate(
        code="pending",
        per_mille=30,
        at_least=1,
        service=Service.PENDING,
        custody=Custody.IN_STOCK,
        calling=Calling.NONE,
        ago=(1, 12),
        balance=_cny(0, 0),
        real_name=RealNameState.PENDING,
    ),
    Fate(code="spare", per_mille=56, at_least=2, custody=Custody.SPARE, calling=Calling.RARE),
    Fate(
        code="idle_spare",
        per_mille=16,
        at_least=1,
        custody=Custody.SPARE,
        calling=Calling.RARE,
        idle_since=(60, 80),
        balance=_cny(5, 30),
    ),
    Fate(code="in_stock", per_mille=40, at_least=2, custody=Custody.IN_STOCK, calling=Calling.RARE),
    Fate(
        code="unregistered",
        per_mille=8,
        custody=Custody.IN_STOCK,
        calling=Calling.NONE,
        real_name=RealNameState.PENDING,
    ),
)


def deal(count: int, rng: Random) -> list[Fate]:
    """Return the fate of each of `count` cards, shuffled; all that no other fate claims are calm."""
    dealt = [fate for fate in FATES for _ in range(max(fate.at_least, round(count * fate.per_mille / 1000)))]
    rng.shuffle(dealt)
    dealt = (dealt + [CALM] * count)[:count]
    rng.shuffle(dealt)
    return dealt


def within(bounds: tuple[Decimal, Decimal], rng: Random) -> Decimal:
    """Return an amount between two bounds, to the fen."""
    low, high = bounds
    return (low + (high - low) * Decimal(rng.randrange(10_000)) / 10_000).quantize(Decimal("0.01"))
