"""What fits of a claim and what does not: its invoices, cards and month, looked at with a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum

from billing.choices import AccountKind, ClaimState, EntryKind
from billing.models import AccountCard, Claim, ClaimLine, Invoice, LedgerEntry
from billing.rules.claims import CardFacts, Terms, cap_check, card_checks, time_checks
from billing.rules.invoices import Blue, Check, InvoiceFacts, as_title, invoice_checks
from billing.selectors.claim_terms import assignments_in
from cardfleet.kernel.clock import next_month
from cardfleet.kernel.crypto import fingerprint
from cardfleet.kernel.money import ZERO
from cards.choices import RegistrantKind
from cards.models import Registrant

NOT_COUNTED = (ClaimState.WITHDRAWN, ClaimState.DRAFT)


@dataclass(frozen=True)
class _Entity:
    """A company by its name, and the fingerprints of its credit codes."""

    name: str
    codes: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class CheckedLine:
    """A line of a claim and what was looked at on it."""

    line: ClaimLine
    checks: Sequence[Check]

    @property
    def faults(self) -> Sequence[Check]:
        """What does not fit."""
        return [check for check in self.checks if not check.fits]


@dataclass(frozen=True)
class CheckedClaim:
    """A claim, its lines, and what was looked at of the whole."""

    lines: Sequence[CheckedLine]
    checks: Sequence[Check]

    @property
    def all_checks(self) -> Sequence[Check]:
        """All, of the claim first."""
        return [*self.checks, *(check for one in self.lines for check in one.checks)]

    @property
    def blocking(self) -> Sequence[Check]:
        """What keeps it from being sent or approved."""
        return [check for check in self.all_checks if check.blocks and not check.fits]


def check_claim(claim: Claim, *, terms: Terms, left: Decimal | None, today: date) -> CheckedClaim:
    """Look at a claim as it would stand if it were sent on a day."""
    lines = list(claim.lines.select_related("card__registrant", "invoice__red_of", "invoice__file", "file"))
    amount = sum((line.amount for line in lines), ZERO)
    whole = [*time_checks(claim.month, terms=terms, today=today), cap_check(amount, left=left)]
    return CheckedClaim(lines=check_lines(lines, claim=claim, today=today), checks=whole)


def check_lines(lines: Sequence[ClaimLine], *, claim: Claim, today: date) -> list[CheckedLine]:
    """Look at lines of one claim, stored or not yet."""
    entities = _entities()
    used, seen = _others_with_number(lines)
    pictures = _others_with_picture(lines)
    taken_back = _taken_back(lines)
    cards = _card_facts(lines, claim)
    checked = []
    for line in lines:
        invoice = line.invoice
        red_of = invoice.red_of
        blue = Blue(title=red_of.title, gross=red_of.gross, taken_back=taken_back[red_of.pk]) if red_of else None
        key = (invoice.code, invoice.number)
        facts = InvoiceFacts(
            kind=invoice.kind,
            code=invoice.code,
            number=invoice.number,
            title=invoice.title,
            tax_id=invoice.tax_id,
            issued_on=invoice.issued_on,
            net=invoice.net,
            tax=invoice.tax,
            gross=invoice.gross,
            titles=[one.name for one in entities.values()],
            is_ours=_is_ours(invoice, entities),
            blue=blue,
            has_file=invoice.file is not None,
            used_in=used.get(key, ""),
            seen_in=seen.get(key, ""),
            picture_in=pictures.get(invoice.file.sha256, "") if invoice.file else "",
        )
        of_card = card_checks(cards[line.card_id], title=invoice.title)
        checked.append(CheckedLine(line=line, checks=[*of_card, *invoice_checks(facts, today=today)]))
    return checked


def titles() -> list[str]:
    """Return the exact names of the company's legal entities, which are what an invoice may be made out to."""
    return sorted(entity.name for entity in _entities().values())


def _entities() -> Mapping[str, _Entity]:
    """Return the companies by their names as titles are compared."""
    found: dict[str, _Entity] = {}
    registered = Registrant.objects.filter(kind=RegistrantKind.COMPANY).order_by("pk")
    for name, code in registered.values_list("name", "id_fingerprint"):
        entity = found.setdefault(as_title(str(name)), _Entity(name=str(name)))
        entity.codes.update({code} if code else ())
    return found


def _is_ours(invoice: Invoice, entities: Mapping[str, _Entity]) -> bool | None:
    entity = entities.get(as_title(invoice.title))
    return fingerprint(invoice.tax_id) in entity.codes if entity and entity.codes else None


def _own(lines: Iterable[ClaimLine]) -> list[int]:
    return [line.pk for line in lines if line.pk]


def _others_with_number(lines: Sequence[ClaimLine]) -> tuple[dict[tuple[str, str], str], dict[tuple[str, str], str]]:
    """Return claims with the same number: those it is used up in, and those it was refused in."""
    others = (
        ClaimLine.objects.filter(invoice__number__in=[line.invoice.number for line in lines])
        .exclude(pk__in=_own(lines))
        .values_list("invoice__code", "invoice__number", "invoice__is_void", "claim", "claim__state")
        .order_by("pk")
    )
    used, seen = {}, {}
    for code, number, is_void, claim, state in others:
        if not is_void:
            used[code, number] = str(claim)
        elif state == ClaimState.REFUSED:
            seen[code, number] = str(claim)
    return used, seen


def _others_with_picture(lines: Sequence[ClaimLine]) -> dict[str, str]:
    hashes = [line.invoice.file.sha256 for line in lines if line.invoice.file]
    others = ClaimLine.objects.filter(invoice__file__sha256__in=hashes).exclude(claim__state__in=NOT_COUNTED)
    found = others.exclude(pk__in=_own(lines)).values_list("invoice__file__sha256", "claim").order_by("pk")
    return {sha256: str(claim) for sha256, claim in found}


def _taken_back(lines: Sequence[ClaimLine]) -> Mapping[int, Decimal]:
    """Return what other red letters took back of the invoices that those of the lines name, CNY."""
    named = [line.invoice.red_of_id for line in lines if line.invoice.red_of_id]
    mine = [line.invoice.pk for line in lines if line.invoice.pk]
    others = Invoice.objects.filter(red_of__in=named, is_void=False).exclude(pk__in=mine)
    sums: defaultdict[int, Decimal] = defaultdict(lambda: ZERO)
    for blue, gross in others.values_list("red_of").annotate(back=Sum("gross")):
        sums[blue] -= gross
    return sums


def _card_facts(lines: Sequence[ClaimLine], claim: Claim) -> dict[int, CardFacts]:
    ids = [line.card_id for line in lines]
    end = next_month(claim.month)
    held = set(assignments_in(claim.month).filter(agent=claim.claimant_id, card__in=ids).values_list("card", flat=True))
    shared = set(
        AccountCard.objects.filter(card__in=ids, account__kind=AccountKind.SHARED, starts_on__lt=end)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gt=claim.month))
        .values_list("card", flat=True)
    )
    top_ups = LedgerEntry.objects.filter(kind=EntryKind.TOP_UP, reversed_by=None, card__in=ids, month=claim.month)
    paid = dict(top_ups.values_list("card").annotate(paid=Sum("amount")))
    return {
        line.card_id: CardFacts(
            was_held=line.card_id in held,
            in_shared=line.card_id in shared,
            company_paid=paid.get(line.card_id, ZERO),
            registered_to=str(line.card.registrant.name) if line.card.registrant else "",
        )
        for line in lines
    }
