"""`/api/v1/alerts/`: what needs somebody."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.models import Agent
from cardfleet.accounts.access import person_of
from cardfleet.jobs.api.idempotency import IdempotentMixin
from cardfleet.kernel.api.permissions import HasRight
from cards.choices import Severity
from cards.models import Card
from lifecycle.choices import AlertKind, AlertState
from lifecycle.models import Alert
from lifecycle.rules.texts import render
from lifecycle.services.alerts import acknowledge


class AlertSerializer(serializers.ModelSerializer[Alert]):
    """An alert about a card or an agent. `message` is in the language asked for; `code` and `params` for programs."""

    message = serializers.SerializerMethodField()
    params = serializers.DictField(read_only=True)
    evidence = serializers.ListField(child=serializers.DictField(), read_only=True)

    class Meta:
        model = Alert
        fields = (
            "id", "card", "agent", "kind", "severity", "state", "code", "params", "message", "evidence", "rule",
            "due_at", "first_seen_at", "last_seen_at", "acknowledged_at", "closed_at",
        )  # fmt: skip
        read_only_fields = fields

    def get_message(self, alert: Alert) -> str:
        """The sentence."""
        return render(alert.code, alert.params)


def cards_in_scope(request: Any) -> QuerySet[Card]:
    """Return the cards the asking person may name; all where nobody asks (the schema)."""
    return Card.objects.visible_to(person_of(request)) if request else Card.objects.all()


def agents_in_scope(request: Any) -> QuerySet[Agent]:
    """Return the agents the asking person may name; all where nobody asks (the schema)."""
    return Agent.objects.visible_to(person_of(request)) if request else Agent.objects.all()


class AlertFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Filters over alerts."""

    card = django_filters.ModelChoiceFilter(queryset=cards_in_scope)
    agent = django_filters.ModelChoiceFilter(queryset=agents_in_scope)
    kind = django_filters.MultipleChoiceFilter(choices=AlertKind)
    state = django_filters.MultipleChoiceFilter(choices=AlertState)
    severity = django_filters.MultipleChoiceFilter(choices=Severity)

    class Meta:
        model = Alert
        fields: tuple[str, ...] = ()


class AlertViewSet(IdempotentMixin, viewsets.ReadOnlyModelViewSet[Alert]):
    """The alerts about cards and agents in the person's scope, and about the person's own."""

    queryset = Alert.objects.all()
    serializer_class = AlertSerializer
    filterset_class = AlertFilter
    permission_classes = (HasRight,)
    right = "lifecycle.view_alert"
    rights = {"acknowledge": "lifecycle.change_alert"}

    def get_queryset(self) -> QuerySet[Alert]:
        """Return the alerts in scope."""
        return Alert.objects.visible_to(person_of(self.request))

    @extend_schema(request=None, responses=AlertSerializer)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, pk: str) -> Response:
        """Say that somebody sees to it; it stays open until its cause is gone."""
        alert = acknowledge(alert_id=self.get_object().pk, actor=person_of(request), now=timezone.now())
        return Response(self.get_serializer(alert).data)
