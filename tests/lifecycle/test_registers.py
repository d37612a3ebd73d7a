"""The registers of conduct: complaints, notifications, marks, re-verifications (R35, R40, R79, R87)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from cardfleet.accounts.choices import Role
from cardfleet.kernel.clock import business_day
from cards.choices import ENDED
from lifecycle.choices import AlertKind
from lifecycle.errors import MarkedAlready, TakenBack
from lifecycle.models import Alert, Complaint, NumberMark, Reverification
from lifecycle.rules.kinds import find
from lifecycle.selectors.facts import facts_of, ground_at, inputs_of, keep_inputs
from lifecycle.selectors.notified_rates import notified_rates
from lifecycle.selectors.rules import rule_book
from lifecycle.selectors.sieve import touched
from lifecycle.services.complaints import record_complaint, take_back
from lifecycle.services.marks import end_mark, record_mark
from lifecycle.services.reverification import confirm_verified, record_notice, watch_reverification
from lifecycle.tasks import reckon_numbers, watch_clocks
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.cards import CardFactory
from tests.factories.lifecycle import ComplaintFactory, NumberMarkFactory, ReverificationFactory, UsageDailyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
TODAY = business_day(FRIDAY)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(FRIDAY, tick=False)


def alert_of(card) -> Alert:
    return Alert.objects.get(card=card, kind=AlertKind.REVERIFICATION)


def test_a_clock_runs_24_hours_and_then_the_alert_is_critical():
    """R79: from the notice, for many cards at once; a second notice moves no clock, a job may run twice."""
    cards = [CardFactory(), CardFactory()]
    ids = [card.pk for card in cards]
    given = {"noticed_at": FRIDAY - HOUR, "source": "10086", "actor": None}
    assert len(record_notice(card_ids=ids, now=FRIDAY, **given).started) == 2
    assert record_notice(card_ids=ids, now=FRIDAY, **given).running == 2
    cards[0].refresh_from_db()
    assert cards[0].reverify_due_at == FRIDAY + 23 * HOUR
    assert (alert_of(cards[0]).severity, alert_of(cards[0]).due_at) == ("high", FRIDAY + 23 * HOUR)
    over = FRIDAY + 23 * HOUR
    for _run in range(2):
        watch_clocks(on=business_day(over), now=over)
    assert (alert_of(cards[0]).severity, alert_of(cards[0]).code) == ("critical", "reverification_over")
    confirm_verified(reverification_id=Reverification.objects.get(card=cards[0]).pk, actor=None, now=over)
    cards[0].refresh_from_db()
    assert (cards[0].reverify_due_at, alert_of(cards[0]).state) == (None, "closed")
    assert watch_reverification(now=over).refreshed == 1
    assert alert_of(cards[1]).state == "open"


def test_a_complaint_taken_back_counts_no_more():
    """R35, R40: evidence stays, a reversing row ends its effect; notifications are not complaints."""
    card = CardFactory()
    said = {"card_id": card.pk, "received_at": FRIDAY - HOUR, "channel": "12321", "actor": None, "now": FRIDAY}
    wrong = record_complaint(**said)
    record_complaint(**said)
    record_complaint(**said, kind="notified")
    assert inputs_of([card.pk], now=FRIDAY)[card.pk].complaints == 2
    back = take_back(complaint_id=wrong.pk, reason="another number", actor=None, now=FRIDAY)
    assert inputs_of([card.pk], now=FRIDAY)[card.pk].complaints == 1
    for pk in (wrong.pk, back.pk):
        with pytest.raises(TakenBack):
            take_back(complaint_id=pk, reason="again", actor=None, now=FRIDAY)
    assert Complaint.objects.count() == 4


def test_marks_are_counted_by_platform():
    """R87: each from when to when; the card is flagged while one is shown."""
    card = CardFactory()
    given = {"card_id": card.pk, "marked_on": TODAY, "actor": None, "now": FRIDAY}
    marks = [record_mark(platform=name, **given) for name in ("腾讯手机管家", "360手机卫士")]
    with pytest.raises(MarkedAlready):
        record_mark(platform="360手机卫士", **given)
    assert inputs_of([card.pk], now=FRIDAY)[card.pk].marks == 2
    for mark in marks:
        end_mark(mark_id=mark.pk, ended_on=TODAY, actor=None, now=FRIDAY)
    card.refresh_from_db()
    assert (card.is_marked, inputs_of([card.pk], now=FRIDAY)[card.pk].marks) == (False, 0)


def test_the_notified_rate_stands_against_the_contracts_lines():
    """R35: 1 of 2 numbers that called was notified; each card of the carrier has the finding."""
    noted, other = CardFactory(), CardFactory()
    for card in (noted, CardFactory(carrier=noted.carrier), other):
        UsageDailyFactory(card=card)
    for _run in range(2):
        assert reckon_numbers(on=TODAY, now=FRIDAY) == {"groups": 2}
    ComplaintFactory(card=noted, kind="notified")
    ComplaintFactory(card=noted, kind="notified", received_at=FRIDAY - timedelta(days=40))
    row = notified_rates(TODAY)[0]
    assert (row.carrier, row.notified, row.calling, row.rate, row.tone) == (noted.carrier, 1, 2, Decimal(50), "red")
    assert (row.warn, row.limit) == (Decimal("0.3"), Decimal("0.5"))
    book, ground = rule_book(TODAY), ground_at(FRIDAY)
    keep_inputs(None, now=FRIDAY)
    hit = {inputs.card_id for inputs, kinds in touched(book.rules, ground, but=ENDED) if "reported_rate" in kinds}
    assert noted.pk in hit
    assert other.pk not in hit
    rules = [book.choices(noted)["reported_rate"].terms]
    found = find(facts_of(inputs_of([noted.pk], now=FRIDAY)[noted.pk], ground), rules)
    assert [(one.kind, one.value, one.severity) for one in found] == [("reported_rate", Decimal(50), "critical")]


@pytest.fixture
def desk():
    """A supervisor at the pages, with a card of the team."""
    team, client = TeamFactory(), Client()
    client.force_login(PersonFactory(role=Role.SUPERVISOR, scope=team))
    return client, CardFactory(team=team)


def test_the_registers_are_kept_on_their_pages(desk):
    """R35, R79, R87: recorded, ended and taken back by those who may."""
    client, card = desk
    moment = "2026-11-20T08:00"
    about = {"card": card.iccid, "received_at": moment, "channel": "12321", "valid": "on"}
    assert client.post(reverse("lifecycle:complaint-record"), {**about, "kind": "complaint"}).status_code == 302
    assert client.post(reverse("lifecycle:complaint-record"), {**about, "kind": "gossip"}).status_code == 422
    row = Complaint.objects.get()
    client.post(reverse("lifecycle:complaint-take-back", args=[row.pk]), {"reason": "wrong number"})
    assert not Complaint.objects.standing().exists()
    client.post(reverse("lifecycle:mark-record"), {"card": card.iccid, "platform": "360", "marked_on": "2026-11-19"})
    client.post(reverse("lifecycle:mark-end", args=[NumberMark.objects.get().pk]))
    assert not NumberMark.objects.open().exists()
    notice = {"cards": f"{card.iccid}\n", "noticed_at": moment, "source": "10086"}
    client.post(reverse("lifecycle:reverification-notice"), notice)
    client.post(reverse("lifecycle:reverification-done", args=[Reverification.objects.get().pk]))
    assert not Reverification.objects.open().exists()
    outside = client.post(reverse("lifecycle:reverification-notice"), {**notice, "cards": CardFactory().iccid})
    assert outside.status_code == 422


@pytest.mark.parametrize("page", ["lifecycle:conduct", "lifecycle:reverification"])
def test_the_pages_cost_the_same_however_long(desk, page, django_assert_max_num_queries):
    client, card = desk
    ComplaintFactory(card=card), NumberMarkFactory(card=card), ReverificationFactory(card=card)
    client.get(reverse(page))
    with django_assert_max_num_queries(40) as few:
        assert client.get(reverse(page)).status_code == 200
    for _more in range(2):
        one = CardFactory(team=card.team)
        ComplaintFactory(card=one), NumberMarkFactory(card=one), ReverificationFactory(card=one)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(reverse(page))


@pytest.mark.parametrize(
    ("page", "form", "field", "given"),
    [
        ("complaint-record", "complaint_form", "received_at", {"kind": "complaint", "channel": "12321"}),
        ("mark-record", "mark_form", "marked_on", {"platform": "360"}),
        ("reverification-notice", "form", "noticed_at", {"source": "10086"}),
    ],
)
def test_a_time_to_come_is_refused_beside_its_field_and_what_was_typed_stays(desk, page, form, field, given):
    client, card = desk
    when = "2026-12-01" if field == "marked_on" else "2026-12-01T10:00"
    answer = client.post(reverse(f"lifecycle:{page}"), {**given, "card": card.iccid, "cards": card.iccid, field: when})
    assert answer.status_code == 400
    assert field in answer.context[form].errors
    assert answer.context[form].data[field] == when
    assert not Complaint.objects.exists()
    assert not NumberMark.objects.exists()
    assert not Reverification.objects.exists()
