"""Notices of changed numbers and what belongs to them: the least that is valid."""

from datetime import timedelta
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from cardfleet.kernel.clock import business_day
from lifecycle.models import Forwarding, NumberNotice, StandbyShare
from tests.conftest import FRIDAY
from tests.factories.cards import CardFactory


class NumberNoticeFactory(DjangoModelFactory):
    """A draft without people, for a number that changes on Friday."""

    class Meta:
        model = NumberNotice

    old_card = factory.SubFactory(CardFactory)
    new_card = factory.SubFactory(CardFactory)
    company = "Company"
    opt_out = "T"
    changes_on = business_day(FRIDAY)
    delete_after = business_day(FRIDAY) + timedelta(days=60)
    made_at = FRIDAY


class ForwardingFactory(DjangoModelFactory):
    """A forwarding of a notice for a month, not set up yet."""

    class Meta:
        model = Forwarding

    notice = factory.SubFactory(NumberNoticeFactory)
    old_card = factory.SelfAttribute("notice.old_card")
    new_card = factory.SelfAttribute("notice.new_card")
    starts_on = business_day(FRIDAY)
    ends_on = business_day(FRIDAY) + timedelta(days=30)


class StandbyShareFactory(DjangoModelFactory):
    """Three per cent of all cards."""

    class Meta:
        model = StandbyShare

    share = Decimal(3)
