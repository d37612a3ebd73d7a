"""`/api/v1/sanctions/` and `/api/v1/id-checks/`: who gets no new number, and what people found under their IDs.

R23, R74, R85. Nobody is looked up: the national service answers each person alone, and only counts are kept.
"""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import acting, person_of
from cardfleet.accounts.models import User
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.forms import asks, filled
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.filtersets import Days, Ids, ListFilterSet
from cards.choices.real_name import SanctionBasis
from cards.models import IdCheck, Registrant, Sanction
from cards.querysets import IdCheckQuerySet, SanctionQuerySet
from cards.services.id_checks import answer_id_check, settle_id_check
from cards.services.sanctions import lift_sanction, record_sanction
from lifecycle.forms.real_name import IdCheckForm, SanctionForm


class SanctionSerializer(serializers.ModelSerializer[Sanction]):
    """A sanction of a person of ours or of a registrant, from its first to its last day."""

    class Meta:
        model = Sanction
        fields = (
            "id", "person", "registrant", "basis", "source", "starts_on", "ends_on", "recorded_at", "recorded_by",
            "lifted_at", "lifted_why",
        )  # fmt: skip
        read_only_fields = fields


class SanctionLiftSerializer(serializers.Serializer[Any]):
    """Why a sanction is lifted."""

    reason = serializers.CharField(max_length=200, help_text="Kept in the journal.")


class SanctionFilter(ListFilterSet):
    """Filters over sanctions; `in_force`: holds today in Shanghai."""

    person = Ids(field_name="person_id", of=User, label=_("Person"))
    registrant = Ids(field_name="registrant_id", of=Registrant, label=_("Registrant"))
    basis = django_filters.MultipleChoiceFilter(choices=SanctionBasis, label=_("Basis"), distinct=False)
    in_force = django_filters.BooleanFilter(method="filter_in_force", label=_("In force"))
    ends_on = Days(label=_("until"))

    class Meta:
        model = Sanction
        fields: tuple[str, ...] = ()

    def filter_in_force(self, sanctions: SanctionQuerySet, _name: str, value: bool) -> QuerySet[Sanction]:  # noqa: FBT001
        """Return those that hold today, or the others."""
        standing = Sanction.objects.in_force(business_day(timezone.now())).order_by().values("pk")
        return sanctions.filter(pk__in=standing) if value else sanctions.exclude(pk__in=standing)


class SanctionViewSet(viewsets.ReadOnlyModelViewSet[Sanction]):
    """People and registrants that get no new number for a time; they hold for the person wherever they are."""

    queryset = Sanction.objects.all()
    serializer_class = SanctionSerializer
    filterset_class = SanctionFilter
    permission_classes = (HasRight,)
    right = "cards.view_sanction"
    rights = {"create": "cards.add_sanction", "lift": "cards.change_sanction"}

    @extend_schema(request=asks(SanctionForm), responses={201: SanctionSerializer})
    def create(self, request: Request) -> Response:
        """Record one: no card is handed to them and no number registered."""
        given = filled(request, SanctionForm, person=person_of(request)).cleaned_data
        made = record_sanction(**given, **acting(request))
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=SanctionLiftSerializer, responses=SanctionSerializer)
    @action(detail=True, methods=["post"])
    def lift(self, request: Request, pk: str) -> Response:
        """Lift one, as after an appeal. 409 for one that is lifted."""
        one, given = self.get_object(), self.given(SanctionLiftSerializer)
        return Response(self.get_serializer(lift_sanction(sanction_id=one.pk, **given, **acting(request))).data)


class IdCheckSerializer(serializers.ModelSerializer[IdCheck]):
    """A person's yearly check: numbers found under the ID, numbers known here, numbers the person does not know.

    Counts alone. It is null until it is answered; `settled_at` says when a difference was seen to.
    """

    class Meta:
        model = IdCheck
        fields = (
            "id", "person", "year", "asked_at", "due_on", "checked_on", "found", "known", "foreign", "answered_at",
            "settled_at", "settled_by", "note",
        )  # fmt: skip
        read_only_fields = fields


class IdCheckSettledSerializer(serializers.Serializer[Any]):
    """What was done about a difference."""

    note = serializers.CharField(max_length=200, help_text="Numbers cancelled, a registration corrected, explained.")


class IdCheckFilter(ListFilterSet):
    """Filters over checks; `unsettled`: the answer differs from what is known here, and nobody has seen to it."""

    person = Ids(field_name="person_id", of=User, label=_("Person"))
    year = django_filters.NumberFilter(min_value=2000, max_value=9999, label=_("year"))
    answered = django_filters.BooleanFilter(field_name="answered_at", lookup_expr="isnull", exclude=True)
    unsettled = django_filters.BooleanFilter(method="filter_unsettled")

    class Meta:
        model = IdCheck
        fields: tuple[str, ...] = ()

    def filter_unsettled(self, checks: IdCheckQuerySet, _name: str, value: bool) -> QuerySet[IdCheck]:  # noqa: FBT001
        """Return those that somebody must see to, or the others."""
        unsettled = IdCheck.objects.unsettled().order_by().values("pk")
        return checks.filter(pk__in=unsettled) if value else checks.exclude(pk__in=unsettled)


class IdCheckViewSet(viewsets.ReadOnlyModelViewSet[IdCheck]):
    """The yearly checks of people in scope, and one's own."""

    queryset = IdCheck.objects.all()
    serializer_class = IdCheckSerializer
    filterset_class = IdCheckFilter
    permission_classes = (HasRight,)
    right = "cards.view_idcheck"
    rights = {
        **dict.fromkeys(("mine", "answer"), "cards.answer_id_check"),
        "settle": "cards.change_idcheck",
    }

    def get_queryset(self) -> QuerySet[IdCheck]:
        """Return the checks in scope; to be answered are one's own alone."""
        person = person_of(self.request)
        if self.action in ("mine", "answer"):
            return IdCheck.objects.filter(person=person)
        return IdCheck.objects.visible_to(person)

    @extend_schema(responses=IdCheckSerializer(many=True))
    @action(detail=False)
    def mine(self, request: Request) -> Response:
        """List one's own checks."""
        return self.list(request)

    @extend_schema(request=asks(IdCheckForm), responses=IdCheckSerializer)
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str) -> Response:
        """Answer for one's own ID. 409 for a check that is answered."""
        one, given = self.get_object(), filled(request, IdCheckForm).cleaned_data
        return Response(self.get_serializer(answer_id_check(check_id=one.pk, **given, **acting(request))).data)

    @extend_schema(request=IdCheckSettledSerializer, responses=IdCheckSerializer)
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, pk: str) -> Response:
        """Note what was done about a difference. 409 where there is none, or it was settled."""
        one, given = self.get_object(), self.given(IdCheckSettledSerializer)
        return Response(self.get_serializer(settle_id_check(check_id=one.pk, **given, **acting(request))).data)
