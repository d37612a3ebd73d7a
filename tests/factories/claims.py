"""Claims: an agent of a company with a card in hand, and an invoice that fits."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from zlib import crc32

from django.core.files.base import ContentFile
from stdnum.cn import uscc

from agents.models import Agent
from billing.models import Claim
from billing.services.claims import Given, add_line, submit_claim
from cardfleet.accounts.choices import Role
from cardfleet.kernel.crypto import fingerprint
from cards.choices import RegistrantKind
from cards.models import Card, Registrant
from tests.conftest import FRIDAY
from tests.factories.agents import AgentFactory
from tests.factories.billing import held
from tests.factories.cards import CardFactory
from tests.factories.cards import picture as coloured

COMPANY = "示例科技有限公司"
CODE = "91110108MA0100000"
TAX_ID = CODE + uscc.calc_check_digit(CODE)
OCTOBER = date(2026, 10, 1)
PICTURE = coloured()
numbers = count(1)


def company() -> Registrant:
    """The legal entity in whose name cards are and invoices must be."""
    return Registrant.objects.get_or_create(
        kind=RegistrantKind.COMPANY, name=COMPANY, defaults={"id_number": TAX_ID, "id_fingerprint": fingerprint(TAX_ID)}
    )[0]


def claimant(agent: Agent | None = None) -> tuple[Agent, Card]:
    """An agent and a card of the company held since before October."""
    agent = agent or AgentFactory(user__role=Role.AGENT)
    card = CardFactory(registrant=company(), team=agent.user.team)
    held(card, agent, FRIDAY - timedelta(days=60))
    return agent, card


def given(card: Card, **changes: Any) -> Given:
    """An invoice of 100 yuan that fits, with a number of its own."""
    facts: Mapping[str, Any] = {
        "kind": "digital",
        "code": "",
        "number": f"{next(numbers):020}",
        "title": COMPANY,
        "tax_id": TAX_ID,
        "issued_on": date(2026, 11, 2),
        "net": Decimal("91.74"),
        "tax": Decimal("8.26"),
        "gross": Decimal("100.00"),
    }
    return Given(card=card, **{**facts, **changes})


def drawn(say: str = "") -> bytes:
    """Return a picture that is the same whenever the same is said, and no other's where nothing is."""
    return coloured(colour=f"#{crc32((say or str(next(numbers))).encode()) & 0xFFFFFF:06x}")


def picture(say: str = "") -> ContentFile:
    """A picture of its own."""
    return ContentFile(drawn(say), name="receipt.png")


def drafted(
    agent: Agent,
    card: Card,
    *,
    month: date = OCTOBER,
    now: datetime = FRIDAY,
    proof: ContentFile | None = None,
    **changes: Any,
) -> Claim:
    """A draft with one invoice."""
    facts = given(card, **changes)
    line = add_line(month=month, given=facts, content=picture(), proof=proof, actor=agent.user, now=now)
    return line.claim


def sent(agent: Agent, card: Card, *, now: datetime = FRIDAY, **changes: Any) -> Claim:
    """A claim that waits for finance."""
    claim = drafted(agent, card, now=now, **changes)
    return submit_claim(claim_id=claim.pk, note="", actor=agent.user, now=now)
