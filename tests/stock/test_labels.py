"""Labels with codes, and what a scanner reads from them (R7, R24)."""

import pytest
from django.urls import reverse

from cardfleet.accounts.choices import Role
from cards.models import Card
from cards.rules.labels import paged
from cards.rules.scans import Scan, read_scan, read_scans
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.cards import CardFactory


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("https://cards.example.com/cards/12/", "pk", "12"),
        ("HTTP://127.0.0.1:8000/CARDS/12", "pk", "12"),
        ("/cards/12/", "pk", "12"),
        ("8986 0012 3456 7890 1234", "iccid", "89860012345678901234"),
        ("13812345678", "msisdn", "+8613812345678"),
        ("6901234567892", "", ""),
        ("https://cards.example.com/cards/12/secrets/pin1/", "", ""),
        ("💳", "", ""),
    ],
)
def test_a_scan_names_a_card_or_nothing(text, field, value) -> None:
    """A wrong barcode is no error and no card."""
    assert read_scan(text) == Scan(text, field, value)


def test_each_scan_counts_once() -> None:
    """A scanner that types twice counts once."""
    assert [scan.value for scan in read_scans("/cards/3/\n/cards/1/，/cards/3/\n\n")] == ["3", "1"]


def test_used_places_of_a_sheet_stay_empty() -> None:
    """A sheet half used is put in again."""
    assert list(paged(["a", "b", "c"], 4, used=2)) == [[None, None, "a", "b"], ["c"]]


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
def test_labels_are_printed_without_a_secret(client) -> None:
    """R7, R24: the number is masked, of the ICCID there is the end; a card out of scope has no label."""
    team = TeamFactory()
    mine, others = CardFactory(team=team, location="A-01"), CardFactory(team=TeamFactory())
    client.force_login(PersonFactory(role=Role.SUPERVISOR, scope=team, team=team))
    asked = {"cards": f"{mine.iccid}\n{others.iccid}", "layout": "a4-24"}
    assert [reason.value for reason in client.post(reverse("cards:labels"), asked).context["unknown"]] == [others.iccid]
    answer = client.post(
        reverse("cards:labels"), {**asked, "cards": f"http://testserver/cards/{mine.pk}/"}, follow=True
    )
    [[label]] = answer.context["sheets"]
    assert (label.number, label.iccid_end, label.place) == (mine.masked_msisdn, mine.iccid[-6:], "A-01")
    page = answer.content.decode()
    assert "<svg" in page
    assert mine.iccid not in page
    assert mine.msisdn[3:] not in page
    assert client.get(reverse("cards:labels-print"), {"cards": others.pk}).context["sheets"] == []
    assert list(Card.objects.matching(f"HTTP://testserver/cards/{mine.pk}/")) == [mine]
