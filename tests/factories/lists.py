"""Views and reports: the least that is valid."""

from datetime import time

import factory
from factory.django import DjangoModelFactory

from cardfleet.lists.models import SavedView, ScheduledReport
from tests.conftest import FRIDAY


class SavedViewFactory(DjangoModelFactory):
    """A view of the cards that asks for the stopped ones; give `owner`."""

    class Meta:
        model = SavedView

    listing = "cards"
    name = factory.Sequence(lambda number: f"View {number}")
    query = "stopped=true"
    changed_at = FRIDAY


class ScheduledReportFactory(DjangoModelFactory):
    """A daily report of a view, due on Friday at half past eight; give `view`, and `recipients` beside its owner."""

    class Meta:
        model = ScheduledReport
        skip_postgeneration_save = True

    view_name = factory.SelfAttribute("view.name")
    listing = factory.SelfAttribute("view.listing")
    owner = factory.SelfAttribute("view.owner")
    form = "csv"
    every = "day"
    at = time(8, 30)
    next_at = FRIDAY.replace(hour=8, minute=30)
    created_at = FRIDAY

    @factory.post_generation
    def recipients(self, create, extracted, **kwargs):
        self.recipients.set([self.owner, *(extracted or ())])
