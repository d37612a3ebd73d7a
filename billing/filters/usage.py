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
from cards.models import Card


class UsageFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Calls of a card or number within a span of time (local times are Asia/Shanghai)."""

    card = django_filters.NumberFilter(field_name="card_id", label=_("Card"))
    msisdn = django_filters.CharFilter(method="filter_msisdn", label=_("Number"))
    source = django_filters.ModelChoiceFilter(
        queryset=UsageSource.objects.all(), to_field_name="slug", label=_("Source")
    )
    direction = django_filters.ChoiceFilter(choices=CallDirection, label=_("Direction"))
    started_after = django_filters.IsoDateTimeFilter(field_name="started_at", lookup_expr="gte", label=_("From"))
    started_before = django_filters.IsoDateTimeFilter(field_name="started_at", lookup_expr="lt", label=_("Until"))

    class Meta:
        model = UsageRecord
        fields: tuple[str, ...] = ()

    def filter_msisdn(self, calls: QuerySet[UsageRecord], _name: str, value: str) -> QuerySet[UsageRecord]:
        """Return the calls of the cards that have or had a number, with or without +86; the index is by card."""
        number = f"+86{value.strip().removeprefix('+86')}"
        return calls.filter(card__in=Card.objects.filter(msisdn=number).values("pk"))


class SignalFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Signals of a card, of a meaning."""

    card = django_filters.NumberFilter(field_name="card_id", label=_("Card"))
    meaning = django_filters.MultipleChoiceFilter(choices=SignalMeaning, label=_("Meaning"))

    class Meta:
        model = UsageSignal
        fields: tuple[str, ...] = ()


class LedgerFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Entries of a card or account."""

    card = django_filters.NumberFilter(field_name="card_id", label=_("Card"))
    account = django_filters.NumberFilter(field_name="account_id", label=_("Account"))
    kind = django_filters.MultipleChoiceFilter(choices=EntryKind, label=_("Kind"))
    month = django_filters.DateFilter(label=_("Month (its first day)"))

    class Meta:
        model = LedgerEntry
        fields: tuple[str, ...] = ()


class BatchFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Imports of a source, in a state."""

    source = django_filters.ModelChoiceFilter(queryset=UsageSource.objects.all(), to_field_name="slug")
    state = django_filters.ChoiceFilter(choices=BatchState)

    class Meta:
        model = UsageBatch
        fields: tuple[str, ...] = ()


class AttributionFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Attributions of a card or to an agent."""

    card = django_filters.NumberFilter(field_name="card_id")
    agent = django_filters.NumberFilter(field_name="agent_id")

    class Meta:
        model = UsageAttribution
        fields: tuple[str, ...] = ()


class RejectFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Refused rows by reason."""

    code = django_filters.ChoiceFilter(choices=RejectCode)

    class Meta:
        model = UsageReject
        fields: tuple[str, ...] = ()


class BalanceFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Balances of a card or account."""

    card = django_filters.NumberFilter(field_name="card_id")
    account = django_filters.NumberFilter(field_name="account_id")

    class Meta:
        model = AccountCard
        fields: tuple[str, ...] = ()
