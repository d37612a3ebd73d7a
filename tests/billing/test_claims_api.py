"""`/api/v1/claims/`: every step of a claim as on the pages, with the same rights and the same refusals (R67)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from agents.choices import AgentStatus
from agents.models import Agent
from billing.models import Claim, PaymentBatch
from cardfleet.accounts.choices import Role
from cardfleet.journal.models import Entry
from tests.factories.accounts import PersonFactory
from tests.factories.claims import COMPANY, OCTOBER, TAX_ID, claimant, drafted, drawn, numbers, sent

pytestmark = pytest.mark.usefixtures("reference")
CLAIMS = "/api/v1/claims/"


def api_of(person) -> APIClient:
    """Return a client that somebody is signed in with."""
    api = APIClient()
    api.force_authenticate(person)
    return api


def invoice(card, **changes) -> dict:
    """An invoice that fits, as it is sent."""
    return {
        "month": "2026-10-17",
        "card": card.pk,
        "kind": "digital",
        "number": f"{next(numbers):020}",
        "issued_on": "2026-11-02",
        "title": COMPANY,
        "tax_id": TAX_ID.lower(),
        "gross": "100.00",
        "net": "91.74",
        "tax": "8.26",
        **changes,
    }


def paper(name: str) -> SimpleUploadedFile:
    """A picture of its own."""
    return SimpleUploadedFile(name, drawn())


@pytest.fixture
def people(time_machine, now):
    """An agent's client and card; two clients of finance."""
    time_machine.move_to(now, tick=False)
    agent, card = claimant()
    approver, payer = (api_of(PersonFactory(role=Role.FINANCE)) for _one in range(2))
    return api_of(agent.user), card, approver, payer


def test_a_claim_is_filed_approved_and_paid(people) -> None:
    """R67: draft with picture and proof, sent, approved by another, paid by a third, taken out; a key counts once."""
    agent, card, approver, payer = people
    new = {**invoice(card), "file": paper("receipt.png"), "proof": paper("bill.png")}
    made = agent.post(CLAIMS, new, format="multipart").json()
    assert (made["state"], made["month"], made["amount"]) == ("draft", OCTOBER.isoformat(), "100.00")
    line = made["lines"][0]
    assert line["picture"] != line["proof"]
    one = f"{CLAIMS}{made['id']}/"
    assert approver.get(one).status_code == 404, "a draft is for its claimant alone"
    assert agent.post(f"{one}send/", {"note": "October"}).json()["state"] == "submitted"
    assert agent.post(f"{one}approve/").status_code == 403
    assert approver.post(f"{one}approve/").json()["state"] == "approved"
    paid = {"claims": [made["id"]], "reference": "P-1"}
    assert approver.post(f"{CLAIMS}payments/", paid, format="json").json()["code"] == "payer_decided"
    key = {"HTTP_IDEMPOTENCY_KEY": "p1"}
    batch = payer.post(f"{CLAIMS}payments/", paid, format="json", **key).json()
    assert payer.post(f"{CLAIMS}payments/", paid, format="json", **key).json() == batch
    assert (batch["count"], batch["amount"], batch["claims"]) == (1, "100.00", [made["id"]])
    rows = payer.post(f"{CLAIMS}payments/{batch['id']}/export/").json()
    assert [(row["amount"], row["reference"]) for row in rows] == [("100.00", f"P-1 / {made['id']}")]
    assert Entry.objects.filter(action="billing.payment_exported").count() == 1
    assert (Claim.objects.get().state, PaymentBatch.objects.count()) == ("paid", 1)
    found = payer.get(f"{CLAIMS}payments/", {"search": "P-"}).json()["results"]
    assert [one["reference"] for one in found] == ["P-1"]


def test_what_is_wrong_names_its_field_and_stores_nothing(people) -> None:
    """Bad input: somebody else's card, a wrong title, no picture."""
    agent, card, approver, _payer = people
    _other, theirs = claimant()
    said = agent.post(CLAIMS, {**invoice(theirs), "file": paper("r.png")}, format="multipart").json()
    assert [one["field"] for one in said["details"]] == ["card"]
    said = agent.post(CLAIMS, {**invoice(card, title="别的公司"), "file": paper("r.png")}, format="multipart").json()
    assert {one["field"] for one in said["details"]} == {"title"}
    assert agent.post(CLAIMS, invoice(card), format="multipart").status_code == 400
    checks = agent.post(f"{CLAIMS}check/", invoice(card, title="别的公司"), format="json").json()
    assert "title" in [check["code"] for check in checks if not check["fits"]]
    assert approver.post(CLAIMS, invoice(card), format="json").status_code == 403
    assert not Claim.objects.exists()


def test_a_claim_is_taken_back_refused_and_taken_up_again(people, now) -> None:
    """R67, R76: refused for a reason, a draft again, its line taken out; a leaver's draft is put away by finance."""
    _agent, _card, approver, _payer = people
    person, card = claimant()
    own = api_of(person.user)
    one = f"{CLAIMS}{sent(person, card, now=now).pk}/"
    assert approver.post(f"{one}refuse/", {}).status_code == 400
    assert approver.post(f"{one}refuse/", {"reason": "blurred"}).json()["reason"] == "blurred"
    again = own.post(f"{one}reopen/").json()
    assert again["state"] == "draft"
    assert own.post(f"{one}lines/{again['lines'][0]['id']}/remove/").json()["lines"] == []
    assert own.post(f"{one}send/").status_code == 409
    assert own.post(f"{one}withdraw/").json()["state"] == "withdrawn"
    left = f"{CLAIMS}{drafted(person, card, now=now).pk}/"
    assert approver.post(f"{left}put-away/", {"reason": "left"}).status_code == 404
    Agent.objects.filter(pk=person.pk).update(status=AgentStatus.LEFT, left_on=now.date())
    assert approver.post(f"{left}put-away/", {"reason": "left"}).json()["state"] == "withdrawn"
