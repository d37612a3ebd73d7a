"""What rules read of a card: the least that is valid."""

from datetime import timedelta

import factory
from factory.django import DjangoModelFactory

from billing.choices import SourceRole
from billing.models import UsageDaily
from cardfleet.kernel.clock import business_day
from cards.choices import Severity
from lifecycle.choices import AlertKind, NoticeKind, ProblemKind
from lifecycle.models import Alert, CarrierNotice, Complaint, CustomerProblem, NumberMark, QualityCheck, Reverification
from tests.conftest import FRIDAY
from tests.factories.cards import CardFactory, CarrierFactory


class UsageDailyFactory(DjangoModelFactory):
    """A quiet day of a card: give `calls` for its outgoing ones, all answered, in the hour before now."""

    class Meta:
        model = UsageDaily

    card = factory.SubFactory(CardFactory)
    day = business_day(FRIDAY)
    role = SourceRole.CARRIER
    calls = 10
    answered = factory.SelfAttribute("calls")
    seconds = factory.LazyAttribute(lambda usage: usage.calls * 60)
    distinct_callees = factory.SelfAttribute("calls")
    most_to_one = 1
    hours = factory.LazyAttribute(lambda usage: [0] * 9 + [usage.calls] + [0] * 14)
    last_at = FRIDAY - timedelta(minutes=10)


class ComplaintFactory(DjangoModelFactory):
    """A valid complaint of yesterday."""

    class Meta:
        model = Complaint

    card = factory.SubFactory(CardFactory)
    received_at = FRIDAY - timedelta(days=1)
    channel = "12321"


class CustomerProblemFactory(DjangoModelFactory):
    """A problem of yesterday nobody has solved; give `agent`."""

    class Meta:
        model = CustomerProblem

    kind = ProblemKind.PRICE
    text = "charged twice"
    raised_on = business_day(FRIDAY) - timedelta(days=1)
    recorded_at = FRIDAY


class QualityCheckFactory(DjangoModelFactory):
    """A call of yesterday that was led well; give `agent`."""

    class Meta:
        model = QualityCheck

    called_on = business_day(FRIDAY) - timedelta(days=1)
    courtesy = accuracy = 5
    no_pressure = identity_stated = opt_out_offered = True
    points = 100
    at = FRIDAY


class NumberMarkFactory(DjangoModelFactory):
    """A mark of a platform since yesterday."""

    class Meta:
        model = NumberMark

    card = factory.SubFactory(CardFactory)
    platform = "腾讯手机管家"
    marked_on = business_day(FRIDAY) - timedelta(days=1)
    recorded_at = FRIDAY


class ReverificationFactory(DjangoModelFactory):
    """A demand that came an hour ago."""

    class Meta:
        model = Reverification

    card = factory.SubFactory(CardFactory)
    noticed_at = FRIDAY - timedelta(hours=1)
    due_at = FRIDAY + timedelta(hours=23)
    source = "10086"


class AlertFactory(DjangoModelFactory):
    """An open alert on a card."""

    class Meta:
        model = Alert

    card = factory.SubFactory(CardFactory)
    kind = AlertKind.CARD_EXPIRY
    severity = Severity.WARN
    code = "card_expiry"
    params = factory.LazyFunction(lambda: {"due_on": "2026-12-20"})
    first_seen_at = FRIDAY
    opened_at = factory.SelfAttribute("first_seen_at")
    last_seen_at = FRIDAY


class CarrierNoticeFactory(DjangoModelFactory):
    """Works of four hours from now on, everywhere."""

    class Meta:
        model = CarrierNotice

    carrier = factory.SubFactory(CarrierFactory)
    kind = NoticeKind.MAINTENANCE
    title = "割接"
    starts_at = recorded_at = FRIDAY
    ends_at = FRIDAY + timedelta(hours=4)
