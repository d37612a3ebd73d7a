"""How long what callees said is kept (domain.md section 2)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from agents.choices import ListingKind
from agents.models import CalleeListing
from agents.rules.callees import Entry
from agents.services.callee_import import PROOF
from agents.services.callees import list_number, withdraw
from billing.errors import RetentionTooShort
from billing.models import RetentionRule
from billing.services.retention import set_retention
from billing.tasks import drop_what_is_past
from cardfleet.files.services import store
from cardfleet.journal.models import Entry as JournalEntry
from cardfleet.kernel.clock import business_day

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
NUMBER = "+8613800001234"


@pytest.fixture
def said(now):
    """Record what a person said."""

    def said(kind, *, proof=None, **facts):
        entry = Entry(kind=ListingKind(kind), number=NUMBER, source="form", given_at=now - timedelta(9), **facts)
        return list_number(entry=entry, actor=None, now=now, proof=proof)

    return said


def drop(moment) -> dict[str, int]:
    counts = drop_what_is_past(on=business_day(moment), now=moment)
    return {kind: counts[kind] for kind in ("consents", "refusals")}


def test_consent_and_its_proof_are_kept_five_years_after_it_ended(said, now):
    """R57: 上海消保条例 art. 31; then the entry and the file go, and the file's hash stays."""
    proof = store(content=b"%PDF-1.4 form\n", name="form.pdf", purpose=PROOF, owner=None, now=now)
    said("consent", proof=proof, expires_at=now + timedelta(days=30))
    years = timedelta(days=365 * 5)
    assert drop(now + years) == {"consents": 0, "refusals": 0}
    assert CalleeListing.objects.get().end == "expired"
    assert drop(now + years + timedelta(days=70)) == {"consents": 2, "refusals": 0}
    assert not CalleeListing.objects.exists()
    proof.refresh_from_db()
    assert (proof.content.name, len(proof.sha256)) == ("", 64)
    assert drop(now + years + timedelta(days=70)) == {"consents": 0, "refusals": 0}
    assert JournalEntry.objects.filter(action="billing.retention_applied").exists()


def test_a_refusal_stays_as_long_as_it_is_in_force(said, now):
    """R40, R60: a do-not-call entry never runs out by age."""
    listing = said("do_not_call")
    later = now + timedelta(days=365 * 20)
    assert drop(later) == {"consents": 0, "refusals": 0}
    withdraw(listing_id=listing.pk, reason="asked for it", actor=None, now=later)
    assert drop(later + timedelta(days=365)) == {"consents": 0, "refusals": 0}
    assert drop(later + timedelta(days=365 * 3)) == {"consents": 0, "refusals": 1}


def test_five_years_cannot_be_undercut(now):
    """R57: neither the page nor the database lets consent go sooner."""
    rule = RetentionRule.objects.get(category="consents")
    assert rule.months == 60
    with pytest.raises(RetentionTooShort):
        set_retention(rule_id=rule.pk, months=59, actor=None, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        RetentionRule.objects.filter(pk=rule.pk).update(months=59)
