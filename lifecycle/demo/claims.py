"""Claims of the demo fleet: one in each state, for cards that the company paid nothing into in the month."""

import io
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from django.core.files.base import ContentFile
from django.db.models import Exists, OuterRef
from PIL import Image

from agents.models import Agent
from billing.choices import AccountKind, ClaimState, EntryKind
from billing.models import AccountCard, LedgerEntry
from billing.selectors.claim_terms import assignments_in
from billing.services.claim_decisions import approve_claim, pay_claims, refuse_claim
from billing.services.claims import Given, add_line, submit_claim
from cardfleet.kernel.clock import month_start
from cards.choices import RegistrantKind
from cards.models import Card, Registrant
from lifecycle.demo.calendar import Calendar
from lifecycle.demo.people import Staff

NET, TAX, GROSS = Decimal("55.05"), Decimal("4.95"), Decimal("60.00")
FATES = (
    ClaimState.PAID,
    ClaimState.SUBMITTED,
    ClaimState.REFUSED,
    ClaimState.APPROVED,
    ClaimState.DRAFT,
)
WHY, PAID_BY = "照片不清晰，看不清发票号码，请重拍（示例）", "网银-示例-0001"
MONTHS = 3
# Files write brackets of a name in either width; the contract's registrant has the credit code.
SAME = 6


def _paper(place: int) -> bytes:
    """Return a picture of one dot, whose shade makes it no other's."""
    out = io.BytesIO()
    Image.new("L", (1, 1), 255 - place).save(out, "PNG")
    return out.getvalue()


def write_claims(calendar: Calendar, staff: Staff) -> None:
    """File claims some days ago; the supervisor approved one that finance may pay, finance paid another."""
    for place, ((agent, card, month), fate) in enumerate(zip(_claimable(calendar), FATES, strict=False)):
        at, actor = calendar.at(3, 10, place), agent.user
        line = add_line(
            month=month,
            given=_invoice(card, max(month, calendar.day(5)), place),
            content=ContentFile(_paper(place), name=f"发票-{place + 1}.png"),
            actor=actor,
            now=at,
        )
        claim = line.claim_id
        if fate == ClaimState.DRAFT:
            continue
        submit_claim(claim_id=claim, note="", actor=actor, now=at)
        later = calendar.at(2, 15, place)
        if fate == ClaimState.REFUSED:
            refuse_claim(claim_id=claim, reason=WHY, actor=staff.finance, now=later)
        if fate in (ClaimState.APPROVED, ClaimState.PAID):
            approve_claim(claim_id=claim, actor=staff.supervisor, now=later)
        if fate == ClaimState.PAID:
            pay_claims(claim_ids=[claim], reference=PAID_BY, actor=staff.finance, now=calendar.at(1, 16))


def _claimable(calendar: Calendar) -> Iterator[tuple[Agent, Card, date]]:
    """Yield agents, each once, with a company's card and a month in which they held it and nobody else paid."""
    month, seen = month_start(calendar.day(3)), set[int]()
    for _step in range(MONTHS):
        paid = LedgerEntry.objects.filter(card=OuterRef("card"), month=month, kind=EntryKind.TOP_UP)
        shared = AccountCard.objects.filter(card=OuterRef("card"), account__kind=AccountKind.SHARED)
        own = assignments_in(month).filter(
            ~Exists(paid), ~Exists(shared), card__registrant__kind=RegistrantKind.COMPANY, agent__user__is_active=True
        )
        started = own.filter(started_at__lt=calendar.at(4, 10)).select_related("agent__user", "card__registrant")
        for one in started.order_by("agent", "pk"):
            if one.agent_id not in seen:
                seen.add(one.agent_id)
                yield one.agent, one.card, month
        month = month_start(month - timedelta(days=1))


def _invoice(card: Card, issued_on: date, place: int) -> Given:
    own = str(card.registrant)[:SAME]
    company = Registrant.objects.filter(id_fingerprint__isnull=False, name__startswith=own).earliest("pk")
    return Given(
        card=card,
        kind="digital",
        code="",
        number=f"2611200000{place:010}",
        title=str(company.name),
        tax_id=company.id_number,
        issued_on=issued_on,
        net=NET,
        tax=TAX,
        gross=GROSS,
    )
