"""What scripts ask beside the steps of cases: spares and switches, new SIMs, documents, intervals of reviews."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from agents.models import Assignment
from cardfleet.accounts.choices import Role
from cards.models import VoidedSim
from lifecycle.models import CardSwitch
from lifecycle.services.cases import close_case
from tests.cases.test_failover import NOW, Ground
from tests.cases.test_losses_faults import NEW
from tests.factories.accounts import PersonFactory
from tests.factories.cases import CaseFactory, step_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def client_of(person) -> APIClient:
    client = APIClient()
    client.force_authenticate(person)
    return client


def test_a_spare_takes_the_place_of_a_card_by_the_api() -> None:
    """R47, R55: the ranked spares, one switch however often it is asked, refusals with their reasons."""
    ground = Ground()
    client, at = client_of(ground.supervisor), f"/api/v1/cards/{ground.old.pk}/"
    found = client.get(f"{at}spares/").data
    assert [one["card"] for one in found["spares"]] == [ground.best.pk, ground.poor.pk]
    asked = {"standby": ground.best.pk, "old_goes_to": "return_due", "note": "欠费停机"}
    first, again = (client.post(f"{at}switch/", asked, format="json") for _ in range(2))
    assert (first.status_code, first.data["is_new"], again.data["is_new"]) == (200, True, False)
    switch = CardSwitch.objects.get()
    assert (first.data["new_card"], first.data["minutes_lost"]) == (ground.best.pk, switch.minutes_lost)
    other = client.post(f"{at}switch/", {"standby": ground.poor.pk, "old_goes_to": "return_due"}, format="json")
    assert (other.status_code, other.data["code"]) == (409, "already_switched")
    assert client.post(f"{at}switch/", {"standby": 0}, format="json").status_code == 400
    listed = client.get("/api/v1/card-switches/").data["results"]
    assert [(one["id"], one["notice"]) for one in listed] == [(switch.pk, switch.notice.pk)]


def test_a_new_sim_by_the_api_unless_a_case_records_it() -> None:
    """R39, R75: the number goes on; its holder signs for the new SIM; a loss or fault has a step for it."""
    ground = Ground(state=None)
    client, address = client_of(ground.supervisor), f"/api/v1/cards/{ground.old.pk}/reissue/"
    fault = CaseFactory(card=ground.old, kind="fault", reason="unknown")
    asked = {"iccid": NEW, "why": "form", "in_hand": True}
    refused = client.post(address, asked, format="json")
    assert (refused.status_code, refused.data["code"]) == (409, "reissue_in_case")
    close_case(case_id=fault.pk, outcome="withdrawn", actor=None, now=NOW)
    assert client.post(address, asked, format="json").status_code == 200
    assert VoidedSim.objects.get(card=ground.old).why == "form"
    assert Assignment.objects.open().get(card=ground.old).accepted_at is None
    again = client.post(address, asked, format="json")
    assert (again.status_code, again.data["details"][0]["code"]) == (409, "iccid_unchanged")


def test_documents_and_intervals_by_the_api() -> None:
    """R17, R101: a file proves the step it names; compliance sets how often an industry looks at its numbers."""
    ground = Ground(state=None)
    case = CaseFactory(card=ground.old)
    client, at = client_of(ground.supervisor), f"/api/v1/cases/{case.pk}/"
    sent = {"files": [SimpleUploadedFile("a.txt", b"a")], "step": "fetch"}
    attached = client.post(f"{at}documents/", sent, format="multipart")
    assert attached.status_code == 201, attached.data
    assert [(one["name"], one["step"]) for one in client.get(f"{at}documents/").data] == [
        ("a.txt", step_of(case, "fetch").pk)
    ]
    assert [len(step["proofs"]) for step in client.get(at).data["steps"]] == [1, 0, 0]
    compliance = client_of(PersonFactory(role=Role.COMPLIANCE))
    made = compliance.post("/api/v1/number-reviews/", {"industry": "loans", "every_days": 90}, format="json")
    assert made.status_code == 201, made.data
    changed = compliance.patch(f"/api/v1/number-reviews/{made.data['id']}/", {"every_days": 30}, format="json")
    assert (changed.status_code, changed.data["every_days"]) == (200, 30)
    assert client.post("/api/v1/number-reviews/", {"industry": "x"}, format="json").status_code == 403
    assert compliance.post("/api/v1/number-reviews/", {"industry": "loans"}, format="json").status_code == 400
