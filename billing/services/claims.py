"""Claims as their claimants handle them: invoices put in and taken out, sent, taken back, taken up again (R67)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from django.core.files.base import File
from django.db import IntegrityError, transaction

from agents.models import Agent
from billing.choices import ClaimState
from billing.errors.claims import ClaimMoved, ClaimNotUsable, DraftThere, InvoiceNotUsable, NoClaimant
from billing.messages import CLAIM_SENT
from billing.models import Claim, ClaimLine, Invoice
from billing.rules.claims import is_late, nothing_left, payable, time_checks
from billing.rules.invoices import Check, number_taken, reason_of
from billing.selectors.claim_checks import check_claim, check_lines
from billing.selectors.claim_terms import claim_terms, left_in
from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import User
from cardfleet.files.models import StoredFile
from cardfleet.files.services import discard, store
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import NotVisible
from cardfleet.kernel.money import ZERO
from cardfleet.kernel.navigation import url_or_empty
from cardfleet.notify.services import Telling, tell_many
from cards.models import Card

PURPOSE = "claims.invoice"
Paper: TypeAlias = "File[bytes] | StoredFile"


@dataclass(frozen=True, kw_only=True)
class Given:
    """An invoice as it was entered, CNY; `red_number` is that of the invoice a red letter takes back.

    Gaps in numbers, and small letters in the tax ID, are put right when it is looked at or stored.
    """

    card: Card
    kind: str
    code: str
    number: str
    title: str
    tax_id: str
    issued_on: date
    net: Decimal
    tax: Decimal
    gross: Decimal
    red_number: str = ""


def look_at_line(*, month: date, given: Given, actor: User, now: datetime) -> Sequence[Check]:
    """Return what fits and what does not of an invoice before it is put into a claim. Writes nothing."""
    claim = Claim(claimant=_agent(actor), filed_by=actor, month=month)
    return _looked_at(claim, given, has_file=True, now=now)


@transaction.atomic
def keep_paper(*, content: "File[bytes]", name: str, actor: User, now: datetime, until: datetime) -> StoredFile:
    """Keep a picture or bill whose invoice does not fit yet, so that it need not be taken again."""
    return store(content=content, name=name, purpose=PURPOSE, owner=actor, now=now, delete_after=until)


@transaction.atomic
def add_line(
    *, month: date, given: Given, content: "Paper | None", actor: User, now: datetime, proof: "Paper | None" = None
) -> ClaimLine:
    """Put an invoice into the actor's draft for a month, which is begun where there is none.

    `content` is its picture, `proof` the carrier's bill or what shows the payment; each comes now or was kept before.
    NoClaimant; InvoiceNotUsable names each field.
    """
    agent = _agent(actor, lock=True)
    claim = Claim.objects.filter(claimant=agent, month=month, state=ClaimState.DRAFT).locked().first()
    if claim is None:
        claim = Claim.objects.create(claimant=agent, filed_by=actor, month=month, made_at=now)
    _refuse_blocked(_looked_at(claim, given, has_file=content is not None, now=now))
    line = _line(claim, given, _stored(content, claim, now=now) if content else None)
    _save_invoice(line.invoice)
    line.file = _stored(proof, claim, now=now) if proof else None
    line.save()
    _reckon(claim)
    record(actor=actor, action="billing.claim_line_added", subject=claim, now=now, data={"amount": str(line.amount)})
    return line


@transaction.atomic
def remove_line(*, claim_id: int, line_id: int, actor: User, now: datetime) -> Claim:
    """Take an invoice out of one's draft, with its papers."""
    claim = _own(claim_id, actor, ClaimState.DRAFT)
    line = claim.lines.filter(pk=line_id).select_related("invoice").first()
    if line is None:
        raise NotVisible
    amount, invoice = line.amount, line.invoice
    papers = [pk for pk in (invoice.file_id, line.file_id) if pk]
    line.delete()
    invoice.delete()
    discard(files=StoredFile.objects.filter(pk__in=papers), now=now, actor=actor)
    _reckon(claim)
    record(actor=actor, action="billing.claim_line_removed", subject=claim, now=now, data={"amount": str(amount)})
    return claim


@transaction.atomic
def submit_claim(*, claim_id: int, note: str, actor: User, now: datetime) -> Claim:
    """Send one's draft to finance; it pays back what the month's cap leaves. ClaimNotUsable says what does not fit."""
    agent = _agent(actor, lock=True)
    claim = _own(claim_id, actor, ClaimState.DRAFT)
    terms, today = claim_terms(agent), business_day(now)
    left = left_in(claim, terms)
    checked = check_claim(claim, terms=terms, left=left, today=today)
    amount = sum((one.line.amount for one in checked.lines), ZERO)
    reasons = [reason_of(check) for check in checked.blocking]
    if amount <= ZERO or left == ZERO:
        reasons.append(nothing_left(amount))
    if reasons:
        raise ClaimNotUsable(reasons=reasons)
    claim.amount, claim.cap, claim.payable = amount, left, payable(amount, left=left)
    claim.is_late = is_late(claim.month, terms=terms, today=today)
    claim.note, claim.team = note.strip()[:200], agent.user.team
    claim.state, claim.submitted_at = ClaimState.SUBMITTED, now
    claim.save()
    data = {"month": f"{claim.month:%Y-%m}", "amount": str(amount)}
    record(actor=actor, action="billing.claim_sent", subject=claim, related=(agent,), now=now, data=data)
    _tell_finance(claim, now=now)
    return claim


@transaction.atomic
def withdraw_claim(*, claim_id: int, actor: User, now: datetime) -> Claim:
    """Take one's claim back before somebody approved it; its invoices may be brought again."""
    claim = _own(claim_id, actor, ClaimState.DRAFT, ClaimState.SUBMITTED)
    claim.state = ClaimState.WITHDRAWN
    claim.save(update_fields=["state"])
    free_invoices(claim)
    record(actor=actor, action="billing.claim_withdrawn", subject=claim, now=now)
    return claim


@transaction.atomic
def reopen_claim(*, claim_id: int, actor: User, now: datetime) -> Claim:
    """Make one's refused claim a draft again, to correct it. DraftThere; ClaimNotUsable once an invoice is used up."""
    claim = _own(claim_id, actor, ClaimState.REFUSED)
    if Claim.objects.filter(claimant=claim.claimant_id, month=claim.month, state=ClaimState.DRAFT).exists():
        raise DraftThere
    claim.state = ClaimState.DRAFT
    claim.save(update_fields=["state"])
    for line in claim.lines.select_related("invoice").order_by("pk"):
        line.invoice.is_void = False
        _save_invoice(line.invoice)
    record(actor=actor, action="billing.claim_reopened", subject=claim, now=now)
    return claim


def free_invoices(claim: Claim) -> None:
    """Let the invoices of a claim that came to nothing be brought again; part of its refusal or taking back."""
    Invoice.objects.filter(line__claim=claim).update(is_void=True)


def _agent(actor: User, *, lock: bool = False) -> Agent:
    agents = Agent.objects.filter(user=actor).select_related("user__team")
    agent = (agents.locked() if lock else agents).first()
    if agent is None:
        raise NoClaimant
    return agent


def _own(claim_id: int, actor: User, *states: str) -> Claim:
    claim = Claim.objects.filter(pk=claim_id, claimant__user=actor).locked().first()
    if claim is None:
        raise NotVisible
    if claim.state not in states:
        raise ClaimMoved
    return claim


def _stored(content: Paper, claim: Claim, *, now: datetime) -> StoredFile:
    """Return a paper as the claim's own; one kept before would go with its day."""
    if not isinstance(content, StoredFile):
        name = content.name or ""
        return store(content=content, name=name, purpose=PURPOSE, owner=claim.filed_by, subject=claim, now=now)
    with content.content.open("rb") as kept:
        picture: File[bytes] = File(kept, name=content.name)
        return store(content=picture, name=content.name, purpose=PURPOSE, owner=claim.filed_by, subject=claim, now=now)


def _line(claim: Claim, given: Given, file: StoredFile | None) -> ClaimLine:
    """Return the line as it would be stored; what is below zero names the claimant's own invoice."""
    red_of, red_number = None, "".join(given.red_number.split())
    if red_number:
        mine = Invoice.objects.filter(claimant=claim.claimant, number=red_number, is_void=False, gross__gt=0)
        red_of = mine.first()
    invoice = Invoice(
        claimant=claim.claimant,
        kind=given.kind,
        code=given.code,
        number="".join(given.number.split()),
        title=given.title,
        tax_id="".join(given.tax_id.split()).upper(),
        issued_on=given.issued_on,
        month=claim.month,
        net=given.net,
        tax=given.tax,
        gross=given.gross,
        red_of=red_of,
        file=file,
    )
    return ClaimLine(claim=claim, card=given.card, invoice=invoice, amount=given.gross)


def _looked_at(claim: Claim, given: Given, *, has_file: bool, now: datetime) -> Sequence[Check]:
    """Look at what was entered; its picture is compared with others once it is stored."""
    today = business_day(now)
    line = _line(claim, given, StoredFile(sha256="") if has_file else None)
    checked = check_lines([line], claim=claim, today=today)
    of_time = time_checks(claim.month, terms=claim_terms(claim.claimant), today=today)
    return [*of_time, *checked[0].checks]


def _refuse_blocked(checks: Sequence[Check]) -> None:
    if reasons := [reason_of(check) for check in checks if check.blocks and not check.fits]:
        raise InvoiceNotUsable(reasons=reasons)


def _save_invoice(invoice: Invoice) -> None:
    """Store an invoice; a number that came into another claim at the same moment is refused as any used up."""
    try:
        with transaction.atomic():
            invoice.save()
    except IntegrityError as error:
        raise InvoiceNotUsable(reasons=[number_taken()]) from error


def _reckon(claim: Claim) -> None:
    claim.amount = sum((line.amount for line in claim.lines.all()), ZERO)
    claim.payable = claim.amount
    claim.save(update_fields=["amount", "payable"])


def _tell_finance(claim: Claim, *, now: datetime) -> None:
    people = User.objects.active().filter(groups__name=Role.FINANCE).exclude(pk=claim.filed_by_id).order_by("pk")
    params = {"claimant": str(claim.claimant), "amount": str(claim.amount), "month": f"{claim.month:%Y-%m}"}
    key, url = f"claim:{claim.pk}:{now:%Y%m%d%H%M%S}", url_or_empty("billing:claim", claim.pk)
    tellings = [Telling(user=one, code=CLAIM_SENT, params=params, key=key, url=url, email=True) for one in people]
    tell_many(tellings=tellings, now=now)
