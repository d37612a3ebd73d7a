"""Which cards of a fleet rules are applied to: never fewer than those they find something of."""

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

import pytest

from billing.choices import EntryKind, SourceRole
from billing.models import Account, AccountCard, BalanceReading, LedgerEntry, UsageBatch, UsagePlace, UsageSignal
from cardfleet.kernel.clock import business_day, month_start
from cards.choices import (
    ENDED,
    Axis,
    ChangeSource,
    Payment,
    RealNameState,
    RegistrantKind,
    ServiceState,
    StopReason,
)
from cards.models import Card, CardChange, CardSecret, CarrierRule, PlanPrice, RatePlan
from lifecycle.models import CardConduct, GroupDay
from lifecycle.rules import kinds
from lifecycle.selectors.facts import facts_of, ground_at, inputs_of, keep_inputs
from lifecycle.selectors.rules import rule_book
from lifecycle.selectors.sieve import touched
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.billing import UsageSourceFactory
from tests.factories.cards import CardFactory, CarrierFactory, CarrierRuleFactory, ContractFactory, RegistrantFactory
from tests.factories.lifecycle import ComplaintFactory, UsageDailyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
CARDS = 90


@pytest.fixture
def fleet(now):
    """Cards of all sorts, near and far from every limit that is gathered; the same for the same seed."""
    dice = Random(20261122)
    today = business_day(now)
    carriers = [CarrierFactory(stop_below=-5 * number, due_day=10 if number else None) for number in range(2)]
    plans = [_plan(carrier) for carrier in carriers]
    terms = {"daily_call_limit": 50, "purposes": ["service"], "industries": ["保险"], "ends_on": today}
    contracts = [ContractFactory(carrier=carrier, **terms) for carrier in carriers]
    person = RegistrantFactory(kind=RegistrantKind.PERSON)
    people = [PersonFactory(), PersonFactory(is_active=False)]
    team = TeamFactory()
    batch = UsageBatch.objects.create(source=UsageSourceFactory(), sha256="", created_at=now)
    cards = []
    for number in range(CARDS):
        carrier = dice.randrange(2)
        card = CardFactory(
            carrier=carriers[carrier],
            plan=dice.choice([None, plans[carrier]]),
            contract=dice.choice([None, None, contracts[carrier]]),
            registrant=dice.choice([None, None, None, person]),
            service_state=dice.choice([ServiceState.ACTIVE] * 4 + [ServiceState.PENDING, ServiceState.CANCEL_PENDING]),
            direction=dice.choice(["both", "both", "inbound", "outbound"]),
            hours_to=dice.choice([None, None, "09:00"]),
            region=dice.choice(["", "广东广州"]),
            may_long_distance=dice.random() < 0.5,
            device_imei=dice.choice(["", "490154203237518", "356938035643809"]),
            team=team,
            real_name_state=dice.choice([RealNameState.VALID] * 4 + [RealNameState.UNKNOWN, RealNameState.INVALID]),
            industry=dice.choice(["", "保险", " 贷款 "]),
            is_marked=dice.random() < 0.2,
            activated_on=dice.choice([None, *(today - timedelta(days=dice.randrange(most)) for most in (7, 100, 400))]),
            received_on=today - timedelta(days=dice.randrange(40)),
            created_at=now - timedelta(days=dice.randrange(100)),
            actual_user=dice.choice([None, *people]),
            holder=dice.choice([people[0], people[0], people[1]]),
            custody_state="issued",
            reverify_due_at=dice.choice([None, now + timedelta(hours=dice.randrange(48))]),
        )
        cards.append(card)
        _usage(card, dice, now)
        _further(card, dice, now, batch)
        _money(card, dice, now)
        if number % 5 == 0:
            _stopped_once(card, now)
        if dice.random() < 0.3:
            ComplaintFactory.create_batch(dice.randrange(1, 4), card=card)
    for per, key in (
        ("agent", people[0].pk),
        ("team", team.pk),
        ("entity", team.pk),
        ("campaign", f"{team.pk}/sales/"),
    ):
        calls = {"cards": 9, "calls": 180, "seconds": 40000, "hours": [0] * 9 + [50] + [0] * 14}
        GroupDay.objects.create(day=today, per=per, key=key, in_service=50, idle=8, **calls)
        for measure in ("out_calls", "hour_calls", "minutes"):
            if per != "agent":
                CarrierRuleFactory(kind=f"{per}_{measure}", warn=40, limit=600)
    CarrierRuleFactory(carrier=carriers[0], warn=20, limit=30)
    CarrierRuleFactory(card=cards[0], warn=1, limit=2)
    CarrierRuleFactory(plan=plans[1], kind="low_balance", unit="CNY", warn=100, limit=50)
    return cards


def _plan(carrier):
    plan = RatePlan.objects.create(carrier=carrier, name="Plan")
    PlanPrice.objects.create(plan=plan, effective_from="2026-01-01", monthly_fee=19, included_minutes=60)
    return plan


def _further(card, dice, now, batch):
    if dice.random() < 0.5:
        CardConduct.objects.create(
            card=card, day=business_day(now), short_gap_s=dice.randrange(5, 15), to_do_not_call=dice.randrange(2),
            without_consent=dice.randrange(2), abroad=dice.randrange(2), most_to_one_24h=dice.randrange(4),
            most_to_one_30d=dice.randrange(12),
        )  # fmt: skip
    if dice.random() < 0.3:
        CardSecret.objects.create(card=card, pin_tries_left=dice.randrange(4), puk_tries_left=dice.randrange(11))
    if dice.random() < 0.3:
        Card.objects.filter(pk=card.pk).update(device_imei="352099001761481", updated_at=now - timedelta(days=2))
    if dice.random() < 0.5:
        for back in range(2):
            day = business_day(now) - timedelta(days=back)
            UsagePlace.objects.create(card=card, day=day, province=dice.choice(["广东", "四川"]), batch=batch)
    failed = {
        "card": card,
        "code": "1",
        "meaning": "vacant",
        "source": batch.source,
        "batch": batch,
        "recorded_at": now,
    }
    for number in range(dice.choice([0, 0, 30])):
        UsageSignal.objects.create(at=now - timedelta(seconds=number), **failed)


def _stopped_once(card: Card, now: datetime) -> None:
    CardChange.objects.create(
        card=card,
        axis=Axis.SERVICE,
        from_state=ServiceState.ACTIVE,
        to_state=ServiceState.FULL_STOP,
        reason=StopReason.ABNORMAL_USE,
        at=now - timedelta(days=20),
        recorded_at=now,
        source=ChangeSource.CARRIER_SMS,
    )


def _usage(card, dice, now):
    today = business_day(now)
    for back in {0, dice.randrange(4), dice.randrange(31)} if dice.random() < 0.8 else {70 + dice.randrange(20)}:
        for role in dice.choice([[SourceRole.CARRIER], [SourceRole.CARRIER, SourceRole.SWITCH]]):
            calls = dice.choice([dice.randrange(5), dice.randrange(30, 60), dice.randrange(100, 250)])
            answered = dice.randrange(calls + 1)
            hours = [0] * 24
            hours[dice.choice([8, 9, 13])] = calls
            UsageDailyFactory(
                card=card, day=today - timedelta(days=back), role=role, calls=calls, answered=answered,
                under_10=dice.randrange(answered + 1), seconds=calls * dice.randrange(120), hours=hours,
                distinct_callees=dice.randrange(calls + 1), most_to_one=dice.randrange(4), cost=dice.randrange(30),
                most_in_60=dice.randrange(70), most_in_10=dice.randrange(20), incoming=dice.randrange(2),
            )  # fmt: skip


def _money(card, dice, now):
    if dice.random() < 0.2:
        return
    account = Account.objects.create(
        carrier=card.carrier, code=card.msisdn, opened_at=now, payment=dice.choice(Payment.values),
        credit_limit=dice.choice([0, 0, 20]), balance=dice.randrange(-30, 100),
    )  # fmt: skip
    AccountCard.objects.create(account=account, card=card, starts_on="2026-01-01")
    month = month_start(business_day(now))
    for back in range(4):
        belongs = month_start(month - timedelta(days=28 * back))
        LedgerEntry.objects.create(
            account=account, card=card, kind=EntryKind.MONTHLY_FEE, at=now,
            amount=-dice.randrange(1, 8 if back else 60),
            month=belongs, posted_at=now, key=f"{account.pk}-{back}",
        )  # fmt: skip
    if dice.random() < 0.4:
        LedgerEntry.objects.create(
            account=account, card=card, kind=EntryKind.TOP_UP, amount=30, at=now - timedelta(days=dice.randrange(90)),
            month=month, posted_at=now, key=f"{account.pk}-top-up",
        )  # fmt: skip
    if dice.random() < 0.5:
        BalanceReading.objects.create(
            account=account, read_at=now - timedelta(days=dice.randrange(5)), balance=Decimal(dice.randrange(-20, 60)),
            source="app", recorded_at=now,
        )  # fmt: skip


def found_by(known, rules, ground):
    """Return the kinds of which rules find something."""
    return sorted(finding.kind for finding in kinds.find(facts_of(known, ground), rules))


def test_the_sieve_drops_no_card_of_which_a_rule_finds_something(fleet, now):
    """R37, R42: cards that are not looked at are those of which nothing is found."""
    book, ground = rule_book(business_day(now)), ground_at(now)
    known = inputs_of([card.pk for card in fleet], now=now)
    everything = {
        pk: found_by(inputs, [choice.terms for choice in book.for_inputs(inputs).values()], ground)
        for pk, inputs in known.items()
    }
    keep_inputs(None, now=now)
    sieved = {
        inputs.card_id: found_by(inputs, [book.for_inputs(inputs)[kind].terms for kind in hit], ground)
        for inputs, hit in touched(book.rules, ground, but=ENDED)
    }
    assert sieved == {pk: found for pk, found in everything.items() if found or pk in sieved}
    seen = {kind for found in everything.values() for kind in found}
    assert seen >= set(kinds.KINDS) - RARE


RARE = {"holiday", "min_spend", "reported_rate"}


def test_the_fleet_and_some_cards_have_the_same_inputs(fleet, now):
    """One statement serves pages and runs."""
    keep_inputs(None, now=now)
    of_fleet = {inputs.card_id: inputs for inputs, _hit in touched([], ground_at(now), but=ENDED, also="true")}
    assert of_fleet == inputs_of([card.pk for card in fleet], now=now)


def test_a_card_that_no_rule_can_hit_is_not_read(now):
    """A quiet card in order costs no work in Python."""
    CarrierRule.objects.exclude(kind="daily_out_calls").delete()
    quiet, busy = UsageDailyFactory(calls=10).card, UsageDailyFactory(calls=180).card
    keep_inputs([quiet.pk, busy.pk], now=now)
    read = list(touched(rule_book(business_day(now)).rules, ground_at(now), but=ENDED))
    assert [(inputs.card_id, hit) for inputs, hit in read] == [(busy.pk, ["daily_out_calls"])]
