"""What calls say beyond rollups: totals of groups, pauses, refusals and repeats over all cards."""

import io
from datetime import timedelta

import pytest

from agents.choices import ListingKind
from agents.models import CalleeListing
from agents.selectors.callees import hash_of
from billing.services.callee_calls import gather_callees
from billing.services.usage_import import Upload, begin_batch, import_usage
from cardfleet.kernel.clock import business_day
from cards.models import CarrierRule
from lifecycle.models import CardConduct, Finding, GroupDay
from lifecycle.rules.kinds import blocked, find
from lifecycle.selectors.facts import facts_of, ground_at, inputs_of
from lifecycle.selectors.groups import group_totals
from lifecycle.selectors.rules import rule_book
from lifecycle.services.watch import watch_fleet
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, CalleeListingFactory
from tests.factories.billing import UsageSourceFactory, held
from tests.factories.cards import CardFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
REFUSED, ASKED, ABROAD = "13900000001", "13900000002", "0085212345678"


@pytest.fixture
def cards(now):
    """Two cards in one agent's hands, of an entity with a team; 60 calls with each by half past ten."""
    entity = TeamFactory(kind="legal_entity")
    team = TeamFactory(parent=entity)
    agent = AgentFactory(user=PersonFactory(team=team))
    issued = {"custody_state": "issued", "holder": agent.user, "team": team, "may_long_distance": False}
    cards = CardFactory.create_batch(2, activated_on="2026-01-01", **issued)
    for card in cards:
        held(card, agent, now - timedelta(days=3))
    for number, kind in ((REFUSED, ListingKind.DO_NOT_CALL), (ASKED, ListingKind.CONSENT)):
        CalleeListingFactory(kind=kind, number_hash=hash_of(f"+86{number}"), given_at=now - timedelta(days=2))
    _call(cards, now)
    return cards


def _call(cards, now):
    rows = ["msisdn,started_at,direction,counterpart,duration_s,fee"]
    for place, card in enumerate(cards):
        callees = [REFUSED, ASKED, ASKED, ABROAD, *(f"1391{place}{number:06}" for number in range(56))]
        for number, callee in enumerate(callees):
            start = now - timedelta(minutes=60 - number, seconds=place)
            rows.append(f"{card.msisdn[3:]},{start:%Y-%m-%d %H:%M:%S},out,{callee},52,0.10")
    import_usage(
        batch=begin_batch(source=UsageSourceFactory(), sha256="", now=now),
        upload=Upload(file=io.BytesIO("\n".join(rows).encode()), name="calls.csv"),
        actor=None,
        now=now,
        progress=lambda _rows: None,
    )
    gather_callees(on=business_day(now), days=2)


def test_splitting_calls_over_cards_gains_nothing(cards, now):
    """R84, R86: the total of an agent is found on each of the cards, with its evidence, and forbids further calls."""
    CarrierRule.objects.filter(kind="agent_out_calls").update(warn=100, limit=120)
    today = business_day(now)
    watch_fleet(on=today, now=now)
    watch_fleet(on=today, now=now)
    found = Finding.objects.filter(kind="agent_out_calls").order_by("card")
    assert [finding.card_id for finding in found] == [card.pk for card in cards]
    assert {(finding.value, finding.share, finding.params["cards"]) for finding in found} == {(120, 1, 2)}
    assert found[0].evidence["totals"]["agent"]["calls"] == 120
    assert not Finding.objects.filter(kind="daily_out_calls").exists()
    assert GroupDay.objects.filter(calls=120, cards=2).values_list("per", flat=True).count() == 4
    assert group_totals(cards[0].pk, now=now)["entity"].calls == 120
    known = facts_of(inputs_of([cards[0].pk], now=now)[cards[0].pk], ground_at(now))
    rules = [choice.terms for choice in rule_book(today).choices(cards[0]).values()]
    assert "agent_out_calls" in {hit.kind for hit in blocked(find(known, rules), "call")}


def test_what_the_calls_of_a_day_say(cards, now):
    """R12, R40, R57, R60: pauses, refusals, missing consents, calls abroad and repeats over all cards, counted twice
    the same.
    """
    today = business_day(now)
    for _run in range(2):
        watch_fleet(on=today, now=now)
    first = CardConduct.objects.get(card=cards[0])
    assert (first.short_gap_s, first.to_do_not_call, first.without_consent, first.abroad) == (8, 1, 58, 1)
    assert (first.most_to_one_24h, first.most_to_one_30d) == (4, 4)
    kinds = set(Finding.objects.filter(card=cards[0]).values_list("kind", flat=True))
    assert kinds >= {"min_gap", "dnc", "consent", "long_distance", "callee_repeat"}


def test_while_no_consent_is_recorded_nobody_is_said_to_lack_one(cards, now):
    """R57: unknown is never zero, nor all."""
    CalleeListing.objects.filter(kind=ListingKind.CONSENT).delete()
    watch_fleet(on=business_day(now), now=now)
    assert set(CardConduct.objects.values_list("without_consent", flat=True)) == {None}
