"""`/api/v1/alerts/`: what needs somebody."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.status import HTTP_202_ACCEPTED

from cardfleet.accounts.access import person_of
from cardfleet.accounts.models import User
from cardfleet.jobs.api.jobs import JobSerializer
from cardfleet.jobs.dispatch import enqueue
from cardfleet.jobs.services import start_job
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.errors import NotVisible
from cardfleet.lists.api.listed import Listed
from lifecycle.choices import AlertDeed
from lifecycle.lists.alerts import ALERTS
from lifecycle.models import Alert
from lifecycle.rules.texts import render
from lifecycle.selectors.alerts import alert_history
from lifecycle.services.alert_handling import Asked, Handled, handle
from lifecycle.tasks import ASSESSMENT


class AlertSerializer(serializers.ModelSerializer[Alert]):
    """An alert about a card, an agent, a matter of the desk or a connection.

    `message` is in the language asked for; `code` and `params` are for programs.
    """

    message = serializers.SerializerMethodField()
    params = serializers.DictField(read_only=True)
    evidence = serializers.ListField(child=serializers.DictField(), read_only=True)

    class Meta:
        model = Alert
        fields = (
            "id", "card", "agent", "matter", "connection", "kind", "severity", "state", "code", "params", "message",
            "evidence", "rule", "due_at", "first_seen_at", "opened_at", "last_seen_at", "acknowledged_at", "assignee",
            "snoozed_until", "escalation", "reopened", "closed_at",
        )  # fmt: skip
        read_only_fields = fields

    def get_message(self, alert: Alert) -> str:
        """The sentence."""
        return render(alert.code, alert.params)


class AlertEventSerializer(serializers.Serializer[Any]):
    """One entry of an alert's history. `text` is what somebody wrote."""

    at = serializers.DateTimeField(source="entry.at")
    action = serializers.CharField(source="entry.action")
    actor = serializers.CharField(source="entry.actor_name")
    text = serializers.CharField(source="entry.reason")


class DeedSerializer(serializers.Serializer[Any]):
    """A deed with one alert: `until` for a rest, `person` to assign it to, `text` of a comment."""

    deed = serializers.ChoiceField(choices=AlertDeed.choices)
    until = serializers.DateTimeField(required=False)
    person = serializers.PrimaryKeyRelatedField(queryset=User.objects.active(), required=False)
    text = serializers.CharField(required=False, max_length=1000)

    def asked(self) -> Asked:
        """Return the deed of valid input."""
        given = self.validated_data
        return Asked(
            deed=AlertDeed(given["deed"]),
            until=given.get("until"),
            person=given.get("person"),
            text=given.get("text", ""),
        )


class DeedsSerializer(DeedSerializer):
    """A deed with several alerts."""

    ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), min_length=1, max_length=5000
    )


class HandledSerializer(serializers.Serializer[Any]):
    """The ids it was done with, those that were so already, and by id why it was not done."""

    done = serializers.ListField(child=serializers.IntegerField())
    kept = serializers.ListField(child=serializers.IntegerField())
    refused = serializers.DictField(child=serializers.DictField())


class AlertViewSet(Listed, viewsets.ReadOnlyModelViewSet[Alert]):
    """The alerts about cards and agents in the person's scope, and about the person's own."""

    queryset = Alert.objects.all()
    serializer_class = AlertSerializer
    listing = ALERTS
    permission_classes = (HasRight,)
    right = "lifecycle.view_alert"
    rights = dict.fromkeys(("acknowledge", "deeds", "bulk", "assess"), "lifecycle.change_alert")

    def get_queryset(self) -> QuerySet[Alert]:
        """Return the alerts in scope."""
        return Alert.objects.visible_to(person_of(self.request))

    @extend_schema(request=None, responses=AlertSerializer)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, pk: str) -> Response:
        """Say that somebody sees to it; it stays open until its cause is gone."""
        return self._do(Asked(deed=AlertDeed.ACKNOWLEDGE))

    @extend_schema(request=DeedSerializer, responses=AlertSerializer)
    @action(detail=True, methods=["post"])
    def deeds(self, request: Request, pk: str) -> Response:
        """See to it, let it rest, assign it, put it back into the queue, or comment on it."""
        self.get_object()
        given = DeedSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return self._do(given.asked())

    @extend_schema(request=DeedsSerializer, responses=HandledSerializer)
    @action(detail=False, methods=["post"], filterset_class=None, pagination_class=None)
    def bulk(self, request: Request) -> Response:
        """Do one thing with up to 5,000 alerts; what cannot be done with one keeps nobody from the others."""
        given = DeedsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        asked_ids = set(given.validated_data["ids"])
        seen = list(self.get_queryset().filter(pk__in=asked_ids).values_list("pk", flat=True))
        handled = handle(asked=given.asked(), alert_ids=seen, actor=person_of(request), now=timezone.now())
        return Response(_answer(handled, asked_ids - set(seen)))

    @extend_schema(request=None, responses={202: JobSerializer})
    @action(detail=False, methods=["post"], filterset_class=None, pagination_class=None)
    def assess(self, request: Request) -> Response:
        """Assess the fleet now instead of at the next full hour."""
        job = start_job(kind=ASSESSMENT, owner=person_of(request), now=timezone.now())
        enqueue(job)
        return Response(JobSerializer(job).data, status=HTTP_202_ACCEPTED)

    @extend_schema(responses=AlertEventSerializer(many=True))
    @action(detail=True, filterset_class=None, pagination_class=None)
    def history(self, request: Request, pk: str) -> Response:
        """What happened to it, the latest first."""
        return Response(AlertEventSerializer(alert_history(self.get_object()), many=True).data)

    def _do(self, asked: Asked) -> Response:
        alert = self.get_object()
        handle(asked=asked, alert_ids=[alert.pk], actor=person_of(self.request), now=timezone.now()).only()
        alert.refresh_from_db()
        return Response(self.get_serializer(alert).data)


def _answer(handled: Handled, unseen: set[int]) -> dict[str, Any]:
    refused = {str(pk): refusal.as_json() for pk, refusal in handled.refused.items()}
    refused |= {str(pk): NotVisible().as_json() for pk in unseen}
    return {"done": handled.done, "kept": handled.kept, "refused": refused}
