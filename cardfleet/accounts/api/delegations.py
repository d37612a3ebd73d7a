"""`/api/v1/delegations/`: who stands in for whom (R12)."""

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import acting, person_of, refuse_stale_session
from cardfleet.accounts.forms import DelegationForm
from cardfleet.accounts.models import Delegation, Team, User
from cardfleet.accounts.querysets import DelegationQuerySet
from cardfleet.accounts.services.delegations import delegate, end_delegation
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.forms import cleaned
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.filtersets import ListFilterSet


class DelegationSerializer(serializers.ModelSerializer[Delegation]):
    """What one supervisor lends another of a team, and until when; `revoked_at` is its end before the time."""

    class Meta:
        model = Delegation
        fields = ("id", "giver", "receiver", "team", "starts_at", "ends_at", "reason", "given_at", "revoked_at")
        read_only_fields = fields


class LendingSerializer(serializers.Serializer[object]):
    """Who stands in for whom, for a team with all below it, on whole days; `giver` is oneself where it is left out."""

    giver = serializers.PrimaryKeyRelatedField(queryset=User.objects.active(), required=False)
    receiver = serializers.PrimaryKeyRelatedField(queryset=User.objects.active())
    team = serializers.InScope(queryset=Team.objects.all())
    first = serializers.DateField()
    last = serializers.DateField()
    reason = serializers.CharField(max_length=200)


class DelegationFilter(ListFilterSet):
    """Filters over delegations; `running`: somebody sees more by it right now."""

    giver = django_filters.NumberFilter(field_name="giver_id")
    receiver = django_filters.NumberFilter(field_name="receiver_id")
    team = django_filters.NumberFilter(field_name="team_id")
    running = django_filters.BooleanFilter(method="filter_running")

    class Meta:
        model = Delegation
        fields: tuple[str, ...] = ()

    def filter_running(self, lent: DelegationQuerySet, _name: str, value: bool) -> DelegationQuerySet:  # noqa: FBT001
        """Return what holds now, or all else."""
        now = Delegation.objects.running().values("pk")
        return lent.filter(pk__in=now) if value else lent.exclude(pk__in=now)


class DelegationViewSet(viewsets.ReadOnlyModelViewSet[Delegation]):
    """What is lent of the teams in sight, and by or to the person."""

    queryset = Delegation.objects.all()
    serializer_class = DelegationSerializer
    filterset_class = DelegationFilter
    permission_classes = (HasRight,)
    right = "accounts.view_delegation"
    rights = {"create": "accounts.delegate_scope"}

    def get_queryset(self) -> QuerySet[Delegation]:
        """Return those in scope."""
        return Delegation.objects.visible_to(person_of(self.request))

    @extend_schema(request=LendingSerializer, responses={201: DelegationSerializer})
    def create(self, request: Request) -> Response:
        """Lend what one sees of a team to another supervisor for some days; for others, who grants scopes."""
        refuse_stale_session(request)
        asked = LendingSerializer(data=request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        person, today = person_of(request), business_day(timezone.now())
        given = {name: getattr(value, "pk", value) for name, value in asked.validated_data.items()}
        form = DelegationForm({"giver": person.pk, **given}, person=person, today=today)
        cleaned(form)
        lent = delegate(**form.facts(), **acting(request))
        return Response(DelegationSerializer(lent).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=DelegationSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """End it before its time."""
        ended = end_delegation(delegation_id=self.get_object().pk, **acting(request))
        return Response(DelegationSerializer(ended).data)
