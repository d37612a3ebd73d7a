"""The filters over jobs, the same on the page and in the API."""

import django_filters
from django.utils.translation import gettext_lazy as _

from cardfleet.jobs import handlers
from cardfleet.jobs.choices import JobState
from cardfleet.jobs.models import Job, JobItem, JobRow
from cardfleet.kernel.filtersets import ListFilterSet


class JobFilter(ListFilterSet):
    """Filters over jobs."""

    kind = django_filters.ChoiceFilter(choices=lambda: list(handlers.labels().items()), label=_("Kind"))
    state = django_filters.ChoiceFilter(choices=JobState, label=_("State"))

    class Meta:
        model = Job
        fields: tuple[str, ...] = ()


class JobRowFilter(ListFilterSet):
    """Filters over rows of a job."""

    ok = django_filters.BooleanFilter()

    class Meta:
        model = JobRow
        fields: tuple[str, ...] = ()


class JobDoneFilter(ListFilterSet):
    """Filters over done rows of a job."""

    subject = django_filters.NumberFilter()

    class Meta:
        model = JobItem
        fields: tuple[str, ...] = ()
