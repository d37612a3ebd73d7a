"""Claims once they are sent: who decides and pays, what is looked at again, what is left of them (R67, R76)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from agents.choices import AgentStatus
from agents.errors.leaving import ClaimsOpen
from agents.models import Agent, LeavingTask
from billing.choices import ClaimState, EntryKind
from billing.errors.claims import (
    ClaimNotUsable,
    NothingToPay,
    OwnClaim,
)
from billing.models import Claim, Invoice, PaymentBatch
from billing.services.claim_decisions import (
    approve_claim,
    pay_claims,
    put_draft_away,
    refuse_claim,
)
from billing.services.ledger import reverse, top_up
from billing.services.past_claims import drop_unpaid_of
from cardfleet.accounts.choices import Role
from cardfleet.files.models import StoredFile
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import NotAllowed, NotVisible
from cardfleet.kernel.retention import categories
from lifecycle.services.leavers import complete_leaver_task
from tests.factories.accounts import PersonFactory
from tests.factories.agents import AgentFactory, LeavingFactory
from tests.factories.billing import AccountFactory
from tests.factories.claims import claimant, drafted, sent


@pytest.fixture
def finance(reference):
    """Two people of finance."""
    return PersonFactory(role=Role.FINANCE), PersonFactory(role=Role.FINANCE)


def codes(refused) -> set[str]:
    """Return the codes of the reasons of a refusal."""
    return {reason.code for reason in refused.value.reasons}


def test_who_may_decide_and_pay(finance, now) -> None:
    """R12, R67: a supervisor decides in scope only; who has not the right, nothing; nobody on their own."""
    agent, card = claimant()
    claim = sent(agent, card)
    ours = PersonFactory(role=Role.SUPERVISOR, scope=agent.user.team)
    with pytest.raises(NotVisible):
        approve_claim(
            claim_id=claim.pk, actor=PersonFactory(role=Role.SUPERVISOR, scope=AgentFactory().user.team), now=now
        )
    with pytest.raises(NotAllowed):
        approve_claim(claim_id=claim.pk, actor=agent.user, now=now)
    both = AgentFactory(user__role=Role.FINANCE)
    own = sent(*claimant(both))
    with pytest.raises(OwnClaim):
        approve_claim(claim_id=own.pk, actor=both.user, now=now)
    approve_claim(claim_id=claim.pk, actor=ours, now=now)
    with pytest.raises(NotAllowed):
        pay_claims(claim_ids=[claim.pk], reference="P", actor=ours, now=now)
    with pytest.raises(NothingToPay):
        pay_claims(claim_ids=[claim.pk], reference="", actor=finance[0], now=now)
    assert not Claim.objects.visible_to(AgentFactory().user).exists()
    assert Claim.objects.visible_to(agent.user).get() == claim


def test_a_company_payment_found_later_stops_the_approval(finance, now) -> None:
    """R67: what fitted on sending is looked at again; a payment that was reversed counts no more."""
    agent, card = claimant()
    account = AccountFactory(cards=[card])
    claim = sent(agent, card)
    entry = top_up(account=account, card=card, amount=Decimal(50), actor=None, now=now - timedelta(days=30))
    assert entry.kind == EntryKind.TOP_UP
    with pytest.raises(ClaimNotUsable) as refused:
        approve_claim(claim_id=claim.pk, actor=finance[0], now=now)
    assert codes(refused) == {"company_paid"}
    reverse(entry=entry, actor=None, now=now - timedelta(days=29), note="wrong card")
    assert approve_claim(claim_id=claim.pk, actor=finance[0], now=now).state == ClaimState.APPROVED


def test_leavers_are_not_settled_while_a_claim_waits(finance, now) -> None:
    """R76: the task "claims settled" is by hand, and refused while finance still has something to do."""
    agent, card = claimant()
    claim = sent(agent, card)
    leaving = LeavingFactory(agent=agent)
    task = LeavingTask.objects.create(leaving=leaving, kind="claims", due_on=leaving.leaves_on)
    settle = {"leaving_id": leaving.pk, "task_id": task.pk, "note": "all paid", "actor": None, "now": now}
    with pytest.raises(ClaimsOpen) as refused:
        complete_leaver_task(**settle)
    assert codes(refused) == {"claim"}
    refuse_claim(claim_id=claim.pk, reason="left", actor=finance[0], now=now)
    draft = drafted(agent, card)
    with pytest.raises(ClaimsOpen):
        complete_leaver_task(**settle)
    with pytest.raises(NotVisible):
        put_draft_away(claim_id=draft.pk, reason="left", actor=finance[0], now=now)
    Agent.objects.filter(pk=agent.pk).update(status=AgentStatus.LEFT, left_on=business_day(now))
    put_draft_away(claim_id=draft.pk, reason="left", actor=finance[0], now=now)
    draft.refresh_from_db()
    assert (draft.state, draft.lines.get().invoice.is_void) == (ClaimState.WITHDRAWN, True)
    assert complete_leaver_task(**settle).done_at == now


@pytest.mark.owner
def test_what_came_to_nothing_goes_and_vouchers_stay(finance, now) -> None:
    """会计档案管理办法: paid claims stay thirty years, with the name of the payee; others go with their pictures."""
    agent, card = claimant()
    paid, refused = sent(agent, card), sent(agent, card)
    approve_claim(claim_id=paid.pk, actor=finance[0], now=now)
    pay_claims(claim_ids=[paid.pk], reference="P", actor=finance[1], now=now)
    refuse_claim(claim_id=refused.pk, reason="no", actor=finance[0], now=now)
    assert categories()["claims"].floor.months == 360
    later = business_day(now) + timedelta(days=1)
    assert categories()["claims_unpaid"].look(later).count == 1
    assert drop_unpaid_of(person=agent.user, now=now) == 1
    assert [claim.pk for claim in Claim.objects.all()] == [paid.pk]
    assert StoredFile.objects.exclude(content="").count() == Invoice.objects.count() == 1
    assert categories()["claims"].drop(later, now) == {"rows": 1, "files": 1}
    assert not Invoice.objects.exists()
    assert not PaymentBatch.objects.exists(), "a payment goes with the last of its claims"
