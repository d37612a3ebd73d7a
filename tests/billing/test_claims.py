"""Claims on the database: one way through, and what it refuses."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from billing.choices import ClaimState
from billing.errors.claims import (
    ClaimMoved,
    ClaimNotUsable,
    DraftThere,
    InvoiceNotUsable,
    NoClaimant,
    PayerDecided,
)
from billing.models import AccountCard, Claim, ClaimPolicy, Invoice, PaymentBatch
from billing.services.claim_decisions import (
    approve_claim,
    checked_as_sent,
    export_payment,
    pay_claims,
    refuse_claim,
)
from billing.services.claims import add_line, look_at_line, remove_line, reopen_claim, submit_claim, withdraw_claim
from billing.services.ledger import top_up
from cardfleet.accounts.choices import Role
from cardfleet.files.models import StoredFile
from cardfleet.journal.models import Entry
from cardfleet.kernel.errors import BadInput, NotVisible
from cardfleet.notify.models import InboxItem
from tests.factories.accounts import PersonFactory
from tests.factories.agents import AgentFactory
from tests.factories.billing import AccountFactory
from tests.factories.claims import OCTOBER, claimant, drafted, given, picture, sent


@pytest.fixture
def finance(reference):
    """Two people of finance."""
    return PersonFactory(role=Role.FINANCE), PersonFactory(role=Role.FINANCE)


def add(agent, card, now, *, month=OCTOBER, content=True, **changes):
    """Put an invoice into the agent's draft."""
    paper = picture() if content else None
    return add_line(month=month, given=given(card, **changes), content=paper, actor=agent.user, now=now)


def codes(refused) -> set[str]:
    """Return the codes of the reasons of a refusal."""
    return {reason.code for reason in refused.value.reasons}


def test_a_claim_is_filed_approved_and_paid_by_three_people(finance, now) -> None:
    """R67: each deed is journalled and told; the constraint holds apart who filed, approved and paid."""
    approver, payer = finance
    agent, card = claimant()
    claim = sent(agent, card)
    assert (claim.state, claim.amount, claim.payable, claim.is_late) == (ClaimState.SUBMITTED, 100, 100, True)
    assert checked_as_sent(claim).blocking == []
    assert InboxItem.objects.filter(code="billing.claim_sent").count() == 2

    approve_claim(claim_id=claim.pk, actor=approver, now=now)
    with pytest.raises(PayerDecided):
        pay_claims(claim_ids=[claim.pk], reference="P-1", actor=approver, now=now)
    batch = pay_claims(claim_ids=[claim.pk], reference="P-1", actor=payer, now=now)
    claim.refresh_from_db()
    assert (claim.state, claim.payee, batch.amount) == (ClaimState.PAID, agent.user.name, Decimal(100))
    with pytest.raises(ClaimMoved):
        pay_claims(claim_ids=[claim.pk], reference="P-1", actor=payer, now=now)

    assert export_payment(batch=batch, actor=payer, now=now) == [
        (agent.user.staff_no, agent.user.name, Decimal(100), f"P-1 / {claim.pk}")
    ]
    told = list(InboxItem.objects.filter(user=agent.user).order_by("pk").values_list("code", flat=True))
    assert told == ["billing.claim_approved", "billing.claim_paid"]
    done = Entry.objects.filter(subject=f"billing.claim:{claim.pk}").order_by("id").values_list("action", flat=True)
    assert list(done) == [f"billing.claim_{deed}" for deed in ("line_added", "sent", "approved", "paid")]
    assert Entry.objects.filter(action="billing.payment_exported").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"decided_by": "filed_by"},
        {"state": "paid", "paid_by": "decided_by"},
        {"state": "paid", "paid_by": "filed_by"},
        {"state": "refused", "reason": ""},
        {"payable": 101},
    ],
)
def test_the_database_holds_what_a_claim_may_be(finance, now, wrong) -> None:
    """R67: submitter is not approver is not payer, whatever writes."""
    agent, card = claimant()
    claim = approve_claim(claim_id=sent(agent, card).pk, actor=finance[0], now=now)
    batch = PaymentBatch.objects.create(reference="x", count=1, amount=1, paid_by=finance[1], paid_at=now)
    for name, value in wrong.items():
        setattr(claim, name, getattr(claim, value) if name.endswith("_by") else value)
    claim.batch = batch if claim.state == "paid" else None
    with pytest.raises(IntegrityError), transaction.atomic():
        claim.save()


def test_what_is_wrong_is_said_before_anything_is_stored(finance, now) -> None:
    """Bad input: another's card, a card the company pays, a red letter without its blue one, a number used up."""
    agent, card = claimant()
    other, theirs = claimant()
    first = drafted(other, theirs)
    number = first.lines.get().invoice.number
    wrong = {
        "held": {"card": theirs},
        "once": {"number": number},
        "red": {"net": Decimal("-91.74"), "tax": Decimal("-8.26"), "gross": Decimal(-100)},
        "title": {"title": "别的公司"},
        "tax_id": {"tax_id": "110108123456789"},
        "issued": {"issued_on": date(2026, 12, 1)},
    }
    for code, changes in wrong.items():
        of = changes.pop("card", card)
        with pytest.raises(InvoiceNotUsable) as refused:
            add(agent, of, now, **changes)
        assert codes(refused) == {code}
    with pytest.raises(InvoiceNotUsable) as refused:
        add(agent, card, now, month=date(2026, 4, 1), content=False)
    assert codes(refused) == {"months_back", "held", "file"}
    assert Claim.objects.count() == 1
    assert StoredFile.objects.count() == 1
    with pytest.raises(NoClaimant):
        add_line(month=OCTOBER, given=given(card), content=picture(), actor=finance[0], now=now)


def test_cards_that_the_company_pays_are_not_claimed_for(finance, now) -> None:
    """R67: in a shared account at any time of the month, or topped up by the company in it."""
    agent, card = claimant()
    account = AccountFactory(cards=[card])
    entry = top_up(account=account, card=card, amount=Decimal(50), actor=None, now=now - timedelta(days=30))
    assert entry.month == OCTOBER
    with pytest.raises(InvoiceNotUsable) as refused:
        add(agent, card, now)
    assert codes(refused) == {"company_paid"}
    assert not [
        check
        for check in look_at_line(month=date(2026, 11, 1), given=given(card), actor=agent.user, now=now)
        if not check.fits
    ]
    AccountCard.objects.filter(card=card).update(ends_on=date(2026, 10, 31))
    AccountCard.objects.create(account=AccountFactory(kind="shared"), card=card, starts_on=date(2026, 10, 31))
    with pytest.raises(InvoiceNotUsable) as refused:
        add(agent, card, now)
    assert codes(refused) == {"company_paid", "shared"}


def test_a_refused_claim_is_corrected_and_a_withdrawn_one_frees_its_invoices(finance, now) -> None:
    """R67: refused for a reason that is told; the same paper may come again, and finance sees that it did."""
    agent, card = claimant()
    claim = sent(agent, card)
    number = claim.lines.get().invoice.number
    with pytest.raises(BadInput):
        refuse_claim(claim_id=claim.pk, reason=" ", actor=finance[0], now=now)
    refuse_claim(claim_id=claim.pk, reason="blurred", actor=finance[0], now=now)
    again = drafted(agent, card, number=number)
    seen = [check.code for check in checked_as_sent(again).lines[0].faults]
    assert seen == ["seen"]
    with pytest.raises(DraftThere):
        reopen_claim(claim_id=claim.pk, actor=agent.user, now=now)
    withdraw_claim(claim_id=again.pk, actor=agent.user, now=now)
    reopen_claim(claim_id=claim.pk, actor=agent.user, now=now)
    assert submit_claim(claim_id=claim.pk, note="sharper", actor=agent.user, now=now).state == ClaimState.SUBMITTED
    with pytest.raises(ClaimMoved):
        submit_claim(claim_id=claim.pk, note="", actor=agent.user, now=now)
    approve_claim(claim_id=claim.pk, actor=finance[0], now=now)
    with pytest.raises(ClaimMoved):
        withdraw_claim(claim_id=claim.pk, actor=agent.user, now=now)
    other, theirs = claimant()
    with pytest.raises(InvoiceNotUsable):
        drafted(other, theirs, number=number)


def test_a_line_is_taken_out_with_its_papers(finance, now) -> None:
    """A draft is changed by taking out and putting in; nobody else may. What shows the payment belongs to its line."""
    agent, card = claimant()
    claim = drafted(agent, card, proof=picture("the receipt"))
    assert claim.lines.get().file.subject == f"billing.claim:{claim.pk}"
    line = claim.lines.get()
    with pytest.raises(NotVisible):
        remove_line(claim_id=claim.pk, line_id=line.pk, actor=AgentFactory().user, now=now)
    remove_line(claim_id=claim.pk, line_id=line.pk, actor=agent.user, now=now)
    assert not Invoice.objects.exists()
    assert not StoredFile.objects.exclude(content="").exists()
    with pytest.raises(ClaimNotUsable) as refused:
        submit_claim(claim_id=claim.pk, note="", actor=agent.user, now=now)
    assert codes(refused) == {"nothing_claimed"}


def test_the_cap_of_the_nearest_rules_pays_back_what_is_left(finance, now) -> None:
    """R67: a person's rules before the team's before everybody's; other claims of the month use the cap up."""
    agent, card = claimant()
    ClaimPolicy.objects.create(team=agent.user.team, cap=150, deadline_day=28)
    first, second = sent(agent, card), sent(agent, card)
    assert [(one.cap, one.payable, one.is_late) for one in (first, second)] == [(150, 100, False), (50, 50, False)]
    with pytest.raises(ClaimNotUsable) as refused:
        sent(agent, card)
    assert codes(refused) == {"cap_used"}
    ClaimPolicy.objects.create(agent=agent, cap=None)
    draft = Claim.objects.get(state=ClaimState.DRAFT)
    assert submit_claim(claim_id=draft.pk, note="", actor=agent.user, now=now).payable == 100


def test_a_red_letter_takes_off_and_never_more_than_there_was(finance, now) -> None:
    """Bad input: a red letter names its claimant's blue invoice and takes back at most the whole of it."""
    agent, card = claimant()
    blue = drafted(agent, card).lines.get().invoice
    red = {"net": Decimal("-45.87"), "tax": Decimal("-4.13"), "gross": Decimal(-50), "red_number": blue.number}
    add(agent, card, now, **red)
    add(agent, card, now, **red)
    with pytest.raises(InvoiceNotUsable) as refused:
        add(agent, card, now, **red)
    assert codes(refused) == {"red"}
    with pytest.raises(ClaimNotUsable) as refused:
        submit_claim(claim_id=blue.line.claim_id, note="", actor=agent.user, now=now)
    assert codes(refused) == {"nothing_claimed"}
