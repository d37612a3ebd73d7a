"""What the tests of usage share."""

import io
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from billing.models import UsageBatch, UsageSource
from billing.services.usage_import import Upload, begin_batch, import_usage
from cardfleet.kernel.clock import SHANGHAI
from tests.factories.billing import UsageSourceFactory
from tests.factories.cards import CardFactory, PlanPriceFactory

HEADER = "msisdn,started_at,direction,counterpart,duration_s,fee"
OWN = "+8613812345678"


def at(day: int, hour: int = 9, minute: int = 0, second: int = 0, month: int = 11) -> datetime:
    """A moment of November 2026 in Shanghai."""
    return datetime(2026, month, day, hour, minute, second, tzinfo=SHANGHAI)


@pytest.fixture
def card(db):
    """A card of 13812345678 activated in March, at 0.15 yuan a minute."""
    price = PlanPriceFactory(minute_price=Decimal("0.15"), monthly_fee=Decimal("30.00"))
    return CardFactory(msisdn=OWN, carrier=price.plan.carrier, plan=price.plan, activated_on=date(2026, 3, 1))


@pytest.fixture
def load(db, now, tmp_path) -> Callable[..., UsageBatch]:
    """Import a text or the bytes of a file and return its batch."""

    def load(
        content: str | bytes,
        *,
        source: UsageSource | None = None,
        name: str = "calls.csv",
        own_number: str = "",
        wanted: str = "",
        rejects_to: Path | None = None,
    ) -> UsageBatch:
        raw = content.encode() if isinstance(content, str) else content
        source = source or UsageSource.objects.filter(slug="carrier").first() or UsageSourceFactory(slug="carrier")
        return import_usage(
            batch=begin_batch(source=source, sha256="", now=now, own_number=own_number),
            upload=Upload(file=io.BytesIO(raw), name=name, wanted=wanted, own_number=own_number),
            actor=None,
            now=now,
            progress=lambda _rows: None,
            rejects_to=rejects_to,
        )

    return load


def generic(*rows: str) -> str:
    """A generic CSV."""
    return "\n".join([HEADER, *rows]) + "\n"
