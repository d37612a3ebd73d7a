"""Pages, files and the API of top-ups: one next step for each person, each row answering for itself (R6, R28)."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from rest_framework.test import APIClient

from billing.choices import TopUpState
from billing.models import LedgerEntry, TopUpRequest
from billing.services.top_ups.asking import ask_top_up, withdraw_top_up
from tests.factories.cards import CardFactory
from tests.factories.top_ups import card_of, people_around

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(reference):
    return people_around()


@pytest.fixture
def card(people):
    return card_of(people)


def test_many_are_decided_on_at_once_and_each_answers_for_itself(card, people, client, now):
    """R28: one's own is refused by its row, as is one that moved meanwhile; the others are approved."""
    cards = [card, *CardFactory.create_batch(3, team=people["team"], carrier=card.carrier)]
    actors = [people["agent"], people["supervisor"], people["deputy"], people["agent"]]
    amounts = [50, 50, 300, 50]
    asks = [
        ask_top_up(card=one, amount=Decimal(amount), reason="", actor=by, now=now)
        for one, by, amount in zip(cards, actors, amounts, strict=True)
    ]
    withdraw_top_up(request_id=asks[3].pk, reason="", actor=people["agent"], now=now)
    client.force_login(people["supervisor"])
    page = client.get(reverse("billing:top-ups"))
    assert page.content.decode().count('name="pick"') == 3
    picks = {"pick": [f"{one.pk}:supervisor" for one in asks], "answer": "approve"}
    said = client.post(reverse("billing:top-ups-decide"), picks)
    assert said.status_code == 409
    assert {one.pk: why.code for one, why in said.context["refused"]} == {
        asks[1].pk: "own_top_up",
        asks[3].pk: "top_up_moved",
    }
    found = TopUpRequest.objects.order_by("pk").values_list("state", "rank")
    assert list(found) == [("approved", ""), ("asked", "supervisor"), ("asked", "finance"), ("withdrawn", "")]
    api = APIClient()
    api.force_authenticate(people["finance"])
    body = {"top_ups": [{"id": asks[2].pk, "rank": "finance"}, {"id": 999_999, "rank": "finance"}], "approved": True}
    answer = api.post("/api/v1/top-ups/decisions/", body, format="json").json()
    assert (answer["done"], [one["id"] for one in answer["refused"]]) == ([asks[2].pk], [999_999])
    client.force_login(people["deputy"])
    again = client.post(reverse("billing:top-ups-decide"), {**picks, "pick": [f"{asks[1].pk}:supervisor"]})
    assert again.status_code == 302
    assert TopUpRequest.objects.get(pk=asks[1].pk).state == TopUpState.APPROVED


def test_the_pages_lead_from_asking_to_the_arrival(card, people, client, now):
    """R28, R6: on the phone by the agent, then by supervisor and finance, each with one next step."""
    client.force_login(people["agent"])
    ask = reverse("billing:top-up-ask")
    assert client.get(ask, {"card": card.pk}).status_code == 200
    asked_for = {"card": card.iccid, "amount": "5000", "reason": "low"}
    assert client.post(ask, asked_for).context["form"].errors["amount"]
    assert not TopUpRequest.objects.exists()
    page = client.post(ask, {**asked_for, "amount": "50"}, follow=True)
    one = page.context["asked"]
    assert not page.context["steps"].label
    client.force_login(people["supervisor"])
    listed = client.get(reverse("billing:top-ups"), {"mine": "true"})
    assert [row.steps.label for row in listed.context["page_obj"]] == [gettext("Decide")]
    decide = {"rank": "supervisor", "answer": "approve"}
    assert client.post(reverse("billing:top-up-decide", args=[one.pk]), decide).status_code == 302
    client.force_login(people["finance"])
    at = f"{timezone.localtime():%Y-%m-%dT%H:%M}"
    payment = {"paid": "45", "face_value": "50", "channel": "alipay", "paid_at": at}
    page = client.post(reverse("billing:top-up-pay", args=[one.pk]), payment)
    assert (page.status_code, list(page.context["payment"].errors)) == (400, ["__all__", "risk_reason"])
    client.post(reverse("billing:top-up-pay", args=[one.pk]), {**payment, "risk_reason": "carrier's sale"})
    client.post(reverse("billing:top-up-arrive", args=[one.pk]), {"arrived_at": at})
    one.refresh_from_db()
    assert (one.state, one.risk) == ("arrived", "discounted")
    assert client.post(reverse("billing:top-up-withdraw", args=[one.pk]), {"reason": "came back"}).status_code == 302
    one.refresh_from_db()
    assert (one.state, one.account.balance) == ("withdrawn", 0)


def test_a_file_is_looked_at_and_each_row_answers_for_itself(card, people, client, now):
    """Bad input: rows that cannot be read, strangers' numbers, a number twice, a slipped dot that needs a tick."""
    other = CardFactory(team=people["team"], carrier=card.carrier)
    twice = CardFactory(team=people["team"], carrier=card.carrier)
    rows = [f"{card.msisdn},50", f"{other.msisdn},20000", "13900000009,50", f"{card.msisdn[3:]}x,5"]
    rows += [f"{twice.msisdn},{amount}" for amount in (30, 40)] + [f"{CardFactory().msisdn},ten"]
    content = "\n".join(["手机号,金额", *rows]).encode()
    client.force_login(people["finance"])
    file = SimpleUploadedFile("t.csv", content)
    looked = client.post(reverse("billing:top-up-file"), {"file": file, "what": "record"})
    codes = [row.fault.code if row.fault else str(row.doubt or "") for row in looked.context["rows"]]
    assert codes == ["", "very_large", "unknown_card", codes[3], "twice", "twice", codes[6]]
    assert codes[3]
    assert codes[6]
    assert not TopUpRequest.objects.exists()
    confirmed = {"stored": looked.context["stored"].pk, "what": "record"}
    assert client.post(reverse("billing:top-up-file"), confirmed).context["usable"] == 1
    done = client.post(reverse("billing:top-up-file"), {**confirmed, "sure": "3"})
    assert (done.context["usable"], LedgerEntry.objects.count()) == (2, 2)


def test_a_program_sends_a_file_that_is_looked_at_before_it_is_carried_out(card, people, now):
    """R28: rows for themselves; a doubtful amount is confirmed, the same file records nothing twice."""
    other = CardFactory(team=people["team"], carrier=card.carrier)
    content = "\n".join(["手机号,金额", f"{card.msisdn},50", f"{other.msisdn},20000", "13900000009,50"]).encode()
    api = APIClient()

    def send(by: str, **given):
        api.force_authenticate(people[by])
        file = SimpleUploadedFile("t.csv", content)
        return api.post("/api/v1/top-ups/files/", {"file": file, **given}, format="multipart")

    looked = send("finance").json()
    codes = [row["fault"]["code"] if row["fault"] else row["doubt"] for row in looked["rows"]]
    assert (looked["usable"], looked["total"], codes) == (2, "20050.00", [None, "very_large", "unknown_card"])
    assert not TopUpRequest.objects.exists()
    assert send("supervisor", what="record").status_code == 403
    assert send("supervisor", what="record", sure="x").status_code == 400
    first = send("finance", what="record").json()
    assert [row["top_up"] is None for row in first["rows"]] == [False, True, True]
    again = send("finance", what="record", sure=["3"]).json()
    assert (again["usable"], again["rows"][0]["top_up"]) == (2, first["rows"][0]["top_up"])
    assert LedgerEntry.objects.count() == 2


def test_the_list_asks_as_much_for_three_as_for_one(card, people, client, now):
    client.force_login(people["finance"])
    counts = []
    for place, extra in enumerate((card, *CardFactory.create_batch(2, team=people["team"], carrier=card.carrier))):
        ask_top_up(card=extra, amount=Decimal(50), reason="", actor=people["supervisor"], now=now)
        if place != 1:
            with CaptureQueriesContext(connection) as asked_for:
                assert len(client.get(reverse("billing:top-ups")).context["page_obj"]) == place + 1
            counts.append(len(asked_for))
    assert counts[0] == counts[1]
