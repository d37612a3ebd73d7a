"""The card page and its parts."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from cardfleet.accounts.choices import Role
from cardfleet.files.models import StoredFile
from cardfleet.journal.models import Entry
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.qr import qr
from cards.models import CardNote, CardSecret
from cards.services.notes import write_note
from cards.services.states import change_service_state
from cards.services.tags import add_tags
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.cards import CardFactory, CarrierRuleFactory, TagFactory, picture
from tests.factories.lifecycle import AlertFactory, UsageDailyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def supervisor(client):
    """A supervisor of a team, signed in."""
    person = PersonFactory(role=Role.SUPERVISOR, scope=TeamFactory())
    client.force_login(person)
    return person


@pytest.fixture
def card(supervisor):
    """A card of the supervisor's team."""
    return CardFactory(team=supervisor.scope_grants.get().team)


def queries(client, url: str) -> int:
    """Return how many queries a page makes, and see that it is well."""
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def test_tags_are_put_on_and_taken_off_and_found_by(client, card):
    """On the page and over the API; what is no tag stays in the field."""
    url, other = reverse("lifecycle:card-tags", args=[card.pk]), CardFactory(team=card.team)
    part = {"HX-Request": "true"}
    assert client.post(url, {"add": "VIP、🔥热卖"}, headers=part).content.lstrip().startswith(b"<div")
    refused = client.post(url, {"add": "x" * 41}, headers=part)
    assert (refused.status_code, "x" * 41 in refused.content.decode()) == (422, True)
    assert client.post(url, {"remove": "VIP"}, headers=part).status_code == 200
    assert [tag.name for tag in card.tags.all()] == ["🔥热卖"]
    api = APIClient()
    api.force_authenticate(PersonFactory(role=Role.ADMIN))
    changed = api.post(f"/api/v1/cards/{card.pk}/tags/", {"add": ["上海"], "remove": ["🔥热卖"]}, format="json")
    assert (changed.status_code, changed.json()["tags"]) == (200, ["上海"])
    found = api.get("/api/v1/cards/", {"tag": "上海"}).json()["results"]
    assert [(row["id"], row["tags"]) for row in found] == [(card.pk, ["上海"])]
    assert api.get("/api/v1/cards/", {"tag": "没有"}).status_code == 400
    assert [tag["name"] for tag in api.get("/api/v1/tags/", {"search": "上"}).json()["results"]] == ["上海"]
    listed = client.get(reverse("lifecycle:fleet"), {"tag": "上海"})
    assert [row.card.pk for row in listed.context["listed"].rows] == [card.pk]
    other.tags.set([card.tags.get(), TagFactory(name="VIP 2")])
    table = b"".join(client.get(reverse("lists:export", args=["cards"]), {"tag": "上海"}).streaming_content).decode()
    assert [line.rpartition(',"')[2] for line in table.splitlines()[2:]] == ['VIP 2, 上海"']


def test_tags_are_changed_where_no_script_runs(client, card):
    """A whole page with the field, the reason where it was refused, and back to the card."""
    url = reverse("lifecycle:card-tags", args=[card.pk])
    assert f'href="{url}"' in client.get(reverse("lifecycle:card", args=[card.pk])).content.decode()
    assert b"</html>" in client.get(url).content
    refused = client.post(url, {"add": "x" * 41})
    assert (refused.status_code, b"</html>" in refused.content, b"x" * 41 in refused.content) == (422, True, True)
    assert client.post(url, {"add": "VIP"})["Location"] == reverse("lifecycle:card", args=[card.pk])
    assert [tag.name for tag in card.tags.all()] == ["VIP"]


def test_notes_are_written_and_read_and_told_of_in_the_timeline(client, supervisor, card):
    """R14: whole with lines and emoji, or refused with the text kept; nobody outside the scope sees them."""
    url, long = reverse("lifecycle:card-notes", args=[card.pk]), "长" * 10_000
    assert client.post(url, {"text": long}).status_code == 200
    refused = client.post(url, {"text": long + "🎉"})
    assert (refused.status_code, f"{long}🎉" in refused.content.decode()) == (422, True)
    for number in range(6):
        write_note(card_id=card.pk, text=f"note {number}", actor=supervisor, now=FRIDAY)
    first = client.get(url).content.decode()
    assert ("note 1" in first, "note 0" in first, long in first) == (True, False, False)
    assert long in client.get(url, {"before": CardNote.objects.all()[4].pk}).content.decode()
    told = client.get(reverse("lifecycle:card-timeline", args=[card.pk]), {"kind": "papers"}).content.decode()
    assert "note 5" in told
    assert not Entry.objects.filter(data__icontains="note 5").exists()
    api = APIClient()
    api.force_authenticate(supervisor)
    assert api.post("/api/v1/notes/", {"card": card.pk, "text": "over the API"}).status_code == 201
    found = api.get("/api/v1/notes/", {"search": "API"}).json()["results"]
    assert [(note["card"], note["text"]) for note in found] == [(card.pk, "over the API")]
    assert [row["id"] for row in api.get("/api/v1/cards/", {"noted": "true"}).json()["results"]] == [card.pk]
    other = CardFactory(team=TeamFactory())
    assert client.post(reverse("lifecycle:card-notes", args=[other.pk]), {"text": "x"}).status_code == 404
    assert api.post("/api/v1/notes/", {"card": other.pk, "text": "x"}).status_code == 400
    assert CardNote.objects.filter(card=other).count() == 0


def test_documents_are_attached_by_content_and_seen_as_the_card_is(client, supervisor, card, settings):
    """R105: type by content and size; who sees the card sees them, others do not; removed ones leave their name."""
    url = reverse("lifecycle:card-documents", args=[card.pk])
    file = SimpleUploadedFile("🔥合同.pdf", b"%PDF-1.7 contract")
    page = client.post(url, {"file": file}).content.decode()
    document = StoredFile.objects.get(subject=f"cards.card:{card.pk}")
    address = reverse("files:download", args=[document.pk])
    assert address in page
    got = client.get(address)
    assert got.getvalue() == b"%PDF-1.7 contract"
    assert "%F0%9F%94%A5" in got["Content-Disposition"]
    program = SimpleUploadedFile("合同.pdf", b"MZ\x90\x00\x03")
    assert client.post(url, {"file": program}).status_code == 422
    large = SimpleUploadedFile("big.pdf", b"%PDF-1.7" + bytes(20 * 1024 * 1024))
    assert client.post(url, {"file": large}).status_code == 422
    assert StoredFile.objects.count() == 1
    api = APIClient()
    api.force_authenticate(supervisor)
    sent = {"card": card.pk, "file": SimpleUploadedFile("photo.png", picture())}
    assert api.post("/api/v1/documents/", sent, format="multipart").json()["content_type"] == "image/png"
    listed = api.get("/api/v1/documents/", {"card": card.pk}).json()["results"]
    assert {one["name"] for one in listed} == {"🔥合同.pdf", "photo.png"}
    CardFactory(team=card.team)
    assert [row["id"] for row in api.get("/api/v1/cards/", {"documented": "true"}).json()["results"]] == [card.pk]
    colleague = PersonFactory(role=Role.SUPERVISOR, scope=card.team)
    stranger = PersonFactory(role=Role.SUPERVISOR, scope=TeamFactory())
    client.force_login(stranger)
    assert (client.get(address).status_code, client.post(url, {"file": program}).status_code) == (404, 404)
    client.force_login(colleague)
    assert client.get(address).getvalue() == b"%PDF-1.7 contract"
    assert client.post(reverse("lifecycle:card-document-remove", args=[card.pk, document.pk])).status_code == 200
    assert client.get(address).status_code == 404
    assert StoredFile.objects.get(pk=document.pk).name == "🔥合同.pdf"
    assert client.post(reverse("lifecycle:card-document-remove", args=[card.pk, document.pk])).status_code == 404


def test_the_page_asks_at_most_12_queries_however_much_happened(client, card, supervisor):
    """Its panels load by address; at most 120 kB."""
    url = reverse("lifecycle:card", args=[card.pk])
    bare = queries(client, url)
    add_tags(card_ids=[card.pk], names=["a", "b"], actor=supervisor, now=FRIDAY)
    write_note(card_id=card.pk, text="x", actor=supervisor, now=FRIDAY)
    AlertFactory(card=card, kind="card_expiry")
    AlertFactory(card=card, kind="arrears")
    CardSecret.objects.create(card=card, pin1="4711", pin_tries_left=1)
    hand_over(card, AgentFactory(user__team=card.team))
    assert queries(client, url) == bare <= 12
    assert len(client.get(url).content) < 120_000


def test_calls_stand_beside_the_cap_and_the_stops(client, card):
    """R2, R31: bars over warning and limit differ, the limit is a line, a stop a band; the table says the same."""
    CarrierRuleFactory(kind="daily_out_calls", warn=5, limit=8)
    today = business_day(timezone.now())
    for offset, count in enumerate((9, 6, 2)):
        UsageDailyFactory(card=card, day=today - timedelta(days=offset), calls=count)
    change_service_state(
        card_id=card.pk, to="half_stop", reason="high_fee", source="carrier_sms", at=timezone.now(),
        actor=None, now=timezone.now(),
    )  # fmt: skip
    url = reverse("lifecycle:card-calls", args=[card.pk])
    calls = client.get(url, {"span": "7"}).context["chart"]
    bars = calls.option["series"][0]
    assert [bar["itemStyle"]["color"] for bar in bars["data"][-3:]] == ["tone:azure", "tone:orange", "tone:red"]
    assert [line["yAxis"] for line in bars["markLine"]["data"]] == [8, 5]
    assert [band[0]["xAxis"] for band in bars["markArea"]["data"]] == [f"{today:%m-%d}"]
    assert (calls.rows[0][1], bool(calls.rows[0][-1]), bool(calls.rows[1][-1])) == (9, True, False)
    assert len(client.get(url, {"span": "today"}).context["chart"].rows) == 24


def test_the_timeline_is_filtered_by_kind_and_goes_back(client, card, supervisor):
    """R14: the journal of the card, 20 at a time, with what was done to its files."""
    url = reverse("lifecycle:card-timeline", args=[card.pk])
    for number in range(22):
        add_tags(card_ids=[card.pk], names=[f"t{number}"], actor=supervisor, now=FRIDAY)
    hand_over(card, AgentFactory(user__team=card.team))
    latest = client.get(url, {"kind": "facts"}).context
    assert ({line.entry.action for line in latest["told"]}, latest["more"]) == ({"cards.tags_added"}, True)
    before = latest["told"][-1].entry.pk
    older = client.get(url, {"kind": "facts", "before": before}).context
    assert (len(older["told"]), older["more"]) == (2, False)
    assert {line.entry.action for line in client.get(url, {"kind": "broken"}).context["told"]} >= {"cards.tags_added"}


def test_the_print_view_leads_back_and_holds_no_secret(client, card):
    """R24: a code that a phone reads as the card's address."""
    CardSecret.objects.create(card=card, pin1="4711")
    answer = client.get(reverse("lifecycle:card-print", args=[card.pk]))
    page = answer.content.decode()
    assert ("<svg" in page, "4711" in page) == (True, False)
    assert answer.context["code"] == qr(f"http://testserver{reverse('lifecycle:card', args=[card.pk])}")
