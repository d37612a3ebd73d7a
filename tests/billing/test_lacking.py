"""Reminders of call records that lack (R82; carriers keep details five months)."""

from django.urls import reverse

from billing.choices import Expectation
from billing.models import UsageBatch
from billing.tasks import remind_usage
from cardfleet.accounts.choices import Role
from cardfleet.kernel.clock import business_day
from cardfleet.notify.models import InboxItem
from tests.billing.conftest import at
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.billing import UsageSourceFactory


def test_a_lacking_month_is_told_when_due_and_before_the_carrier_drops_it(reference, now):
    """Once each to everybody who may import; a run later or twice tells nobody again."""
    source = UsageSourceFactory(slug="cmcc", expected_every=Expectation.MONTHLY)
    UsageBatch.objects.create(
        source=source, state="stored", first_at=at(1, month=6), last_at=at(30, month=9), created_at=now
    )
    PersonFactory(role=Role.FINANCE)
    PersonFactory(role=Role.SUPERVISOR, scope=TeamFactory())
    PersonFactory(role=Role.AGENT)
    today = business_day(now)
    assert remind_usage(on=today, now=now) == {"lacking": 1, "people": 2}
    remind_usage(on=today, now=now)
    assert InboxItem.objects.count() == 2
    remind_usage(on=today.replace(year=2027, month=3, day=25), now=now)
    october = InboxItem.objects.filter(params__until="2027-03-31")
    assert october.count() == 4
    assert {item.url for item in october} == {f"{reverse('billing:usage-import')}?source=cmcc"}


def test_the_page_shows_what_lacks(client, reference, now):
    UsageSourceFactory(slug="cmcc", expected_every=Expectation.MONTHLY)
    UsageSourceFactory(slug="pbx")
    client.force_login(PersonFactory(role=Role.FINANCE))
    shown = client.get(reverse("billing:usage-import")).context["expected"]
    assert [(one.source.slug, len(one.lacks)) for one in shown] == [("cmcc", 5)]
