"""Filters of the usage and ledger lists, the same in the pages and the API."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from billing.choices import BatchState, CallDirection, EntryKind, RejectCode, SignalMeaning
from billing.models import (
    AccountCard,
    LedgerEntry,
    UsageAttribution,
    UsageBatch,
    UsageRecord,
    UsageReject,
    UsageSignal,
    UsageSource,
)
from cardfleet.kernel.filtersets import Empty, Figures, Ids, ListFilterSet, Moments
from cards.models import Card


class UsageFilter(ListFilterSet):
    """Calls of a card or number within a span of time (local times are Asia/Shanghai)."""

    card = Ids(field_name="card_id", label=_("Card"))
    msisdn = django_filters.CharFilter(method="filter_msisdn", label=_("Number"))
    source = django_filters.ModelMultipleChoiceFilter(
        field_name="source__slug",
        queryset=UsageSource.objects.all(),
        to_field_name="slug",
        label=_("Source"),
        distinct=False,
    )
    direction = django_filters.MultipleChoiceFilter(choices=CallDirection, label=_("Direction"), distinct=False)
    started_at = Moments(label=_("Start"))
    duration = Figures("duration_s", label=_("Seconds"))
    fee = Figures(label=_("Fee"))
    agent__isnull = Empty("agent", label=_("Agent"))

    class Meta:
        model = UsageRecord
        fields: tuple[str, ...] = ()

    def filter_msisdn(self, calls: QuerySet[UsageRecord], _name: str, value: str) -> QuerySet[UsageRecord]:
        """Return the calls of the cards that have or had a number, with or without +86; the index is by card."""
        number = f"+86{value.strip().removeprefix('+86')}"
        return calls.filter(card__in=Card.objects.filter(msisdn=number).values("pk"))


class SignalFilter(ListFilterSet):
    """Signals of a card, of a meaning."""

    card = Ids(field_name="card_id", label=_("Card"))
    meaning = django_filters.MultipleChoiceFilter(choices=SignalMeaning, label=_("Meaning"))

    class Meta:
        model = UsageSignal
        fields: tuple[str, ...] = ()


class LedgerFilter(ListFilterSet):
    """Entries of a card or account."""

    card = Ids(field_name="card_id", label=_("Card"))
    account = Ids(field_name="account_id", label=_("Account"))
    kind = django_filters.MultipleChoiceFilter(choices=EntryKind, label=_("Kind"), distinct=False)
    month = django_filters.DateFilter(label=_("Month (its first day)"))
    at = Moments(label=_("Time"))
    amount = Figures(label=_("Amount"))
    card__isnull = Empty("card", label=_("Card"))

    class Meta:
        model = LedgerEntry
        fields: tuple[str, ...] = ()


class BatchFilter(ListFilterSet):
    """Imports of a source, in a state."""

    source = django_filters.ModelChoiceFilter(queryset=UsageSource.objects.all(), to_field_name="slug")
    state = django_filters.ChoiceFilter(choices=BatchState)

    class Meta:
        model = UsageBatch
        fields: tuple[str, ...] = ()


class AttributionFilter(ListFilterSet):
    """Attributions of a card or to an agent."""

    card = Ids(field_name="card_id")
    agent = Ids(field_name="agent_id")

    class Meta:
        model = UsageAttribution
        fields: tuple[str, ...] = ()


class RejectFilter(ListFilterSet):
    """Refused rows by reason."""

    code = django_filters.ChoiceFilter(choices=RejectCode)

    class Meta:
        model = UsageReject
        fields: tuple[str, ...] = ()


class BalanceFilter(ListFilterSet):
    """Balances of a card or account."""

    card = Ids(field_name="card_id")
    account = Ids(field_name="account_id")

    class Meta:
        model = AccountCard
        fields: tuple[str, ...] = ()
