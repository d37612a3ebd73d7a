"""The page of a case and its API."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from cardfleet.accounts.choices import Role
from lifecycle.choices import CaseKind, CaseOutcome, CaseReason, StepState
from lifecycle.models import Case
from lifecycle.services.cases import comment, record_contact
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.cards import CardFactory
from tests.factories.cases import CaseFactory, do, step_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def supervisor():
    team = TeamFactory()
    return PersonFactory(role=Role.SUPERVISOR, scope=team, team=team)


def test_a_case_is_opened_worked_and_closed_on_its_page(supervisor) -> None:
    """R96: opening, steps with their proof, a refusal that keeps what was entered, putting right, the end."""
    client = Client()
    client.force_login(supervisor)
    card = CardFactory(team=supervisor.team)
    form = client.get(reverse("lifecycle:case-new"), {"card": card.pk, "kind": CaseKind.DRILL})
    assert form.status_code == 200
    asked = {"card": card.iccid, "kind": CaseKind.DRILL, "reason": CaseReason.PLANNED, "note": "十一月"}
    answer = client.post(reverse("lifecycle:case-new"), asked)
    case = Case.objects.get()
    assert answer.headers["Location"] == reverse("lifecycle:case", args=[case.pk])

    def post(code, **data):
        return client.post(reverse("lifecycle:case-step", args=[case.pk, step_of(case, code).pk]), data)

    proof = SimpleUploadedFile("shelf.txt", b"shelf 3")
    assert post("fetch", deed="complete", note="3号柜", files=[proof]).status_code == 302
    refused = post("call", deed="complete", note="")
    assert refused.status_code == 409
    assert post("call", deed="complete", note="四分钟接通").status_code == 302
    assert post("call", deed="reopen", reason="是五分钟").status_code == 302
    assert post("call", deed="complete", note="五分钟接通").status_code == 302
    assert post("back", deed="skip", reason="留在手机里").status_code == 302
    page = client.get(reverse("lifecycle:case", args=[case.pk]))
    assert page.status_code == 200
    assert page.context["page"].done == 3
    assert client.post(reverse("lifecycle:case-close", args=[case.pk]), {"outcome": "kept"}).status_code == 302
    assert client.get(reverse("lifecycle:case", args=[case.pk])).status_code == 200
    assert Case.objects.get().outcome == CaseOutcome.KEPT


def test_a_case_by_the_api(supervisor, django_assert_max_num_queries) -> None:
    """R18 (design section 8): opened, its steps by code, contacts, comments, assigned, escalated, closed."""
    client = APIClient()
    client.force_authenticate(supervisor)
    card = CardFactory(team=supervisor.team)
    asked = {"kind": "drill", "card": card.pk, "reason": "planned"}
    case = client.post("/api/v1/cases/", asked, format="json")
    assert case.status_code == 201, case.data
    at = f"/api/v1/cases/{case.data['id']}/"
    assert client.post("/api/v1/cases/", asked, format="json").data["details"][0]["code"] == "case_open_already"
    refused = client.post(f"{at}steps/call/complete/", {"note": "x"}, format="json")
    assert (refused.status_code, refused.data["details"][0]["code"]) == (409, "gate_open")
    done = client.post(
        f"{at}steps/fetch/complete/", {"note": "x", "files": [SimpleUploadedFile("a.txt", b"a")]}, format="multipart"
    )
    assert [step["state"] for step in done.data["steps"]] == [StepState.DONE, StepState.OPEN, StepState.WAITING]
    contact = {"channel": "hotline", "said": "48 小时内答复", "ticket": "T1", "level": 2}
    assert client.post(f"{at}contacts/", contact, format="json").status_code == 201
    assert client.post(f"{at}comments/", {"text": "well"}, format="json").status_code == 201
    assert client.post(f"{at}assign/", {"person": supervisor.pk}, format="json").data["assignee"] == supervisor.pk
    assert client.post(f"{at}escalate/", {"level": 1}, format="json").data["code"] == "level_unfit"
    assert client.post(f"{at}escalate/", {"level": 3}, format="json").data["level"] == 3
    assert client.post(f"{at}steps/call/complete/", {"note": "x"}, format="json").status_code == 200
    assert client.post(f"{at}steps/back/skip/", {"reason": "x"}, format="json").status_code == 200
    assert client.post(f"{at}close/", {"outcome": "kept"}, format="json").data["outcome"] == "kept"
    assert [len(client.get(f"{at}{part}/").data) for part in ("contacts", "comments")] == [1, 1]
    listed = client.get("/api/v1/cases/", {"card": card.pk, "open": "false", "kind": "drill"})
    assert [one["id"] for one in listed.data["results"]] == [case.data["id"]]


def test_a_long_case_is_read_as_fast_as_a_short_one(supervisor) -> None:
    """The number of statements does not depend on steps, contacts, comments and documents."""
    client = Client()
    client.force_login(supervisor)
    counts = []
    for times in (1, 3):
        case = CaseFactory(card=CardFactory(team=supervisor.team), actor=supervisor)
        do(case, "fetch", evidence=[ContentFile(b"a", name=f"{number}.txt") for number in range(times)])
        for _ in range(times):
            record_contact(case_id=case.pk, channel="hotline", said="x", actor=supervisor, now=FRIDAY)
            comment(case_id=case.pk, text="x", actor=supervisor, now=FRIDAY)
        address = reverse("lifecycle:case", args=[case.pk])
        client.get(address)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1]


def test_how_such_cases_ended_before_stands_beside_the_next_one(supervisor, client) -> None:
    """R20: closing note and latest comment, the same carrier first; nothing of another scope, reason or kind."""
    card = CardFactory(team=supervisor.team)
    case = CaseFactory(card=card, kind=CaseKind.DRILL)

    def ended(card, **given):
        earlier = CaseFactory(card=card, kind=CaseKind.DRILL, **given)
        comment(case_id=earlier.pk, text="先打短号", actor=None, now=FRIDAY)
        Case.objects.filter(pk=earlier.pk).update(outcome=CaseOutcome.KEPT, closed_at=FRIDAY, closing_note="四分钟")
        return earlier

    of_others = ended(CardFactory(team=supervisor.team))
    of_ours = ended(CardFactory(team=supervisor.team, carrier=card.carrier))
    ended(CardFactory())
    client.force_login(supervisor)
    page = client.get(reverse("lifecycle:case", args=[case.pk])).context["page"]
    assert [(one.pk, one.closing_note, one.tip) for one in page.earlier] == [
        (of_ours.pk, "四分钟", "先打短号"),
        (of_others.pk, "四分钟", "先打短号"),
    ]
