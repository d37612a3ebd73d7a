"""`/api/v1/complaints/` and `/api/v1/number-marks/`: what is said against numbers (R35, R40, R87)."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.filtersets import Ids, ListFilterSet
from cards.models import Card
from lifecycle.choices import ReportKind
from lifecycle.models import Complaint, NumberMark
from lifecycle.services.complaints import record_complaint, take_back
from lifecycle.services.marks import end_mark, record_mark


class ComplaintSerializer(serializers.ModelSerializer[Complaint]):
    """A complaint or a carrier's notification; `reverses` is the row that this one takes back."""

    card: Any = serializers.InScope(queryset=Card.objects.all())
    kind = serializers.ChoiceField(choices=ReportKind.choices)
    summary = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")

    class Meta:
        model = Complaint
        fields = (
            "id", "card", "kind", "received_at", "channel", "is_valid", "summary", "reverses", "reversed_by",
            "recorded_by",
        )  # fmt: skip
        read_only_fields = ("id", "reverses", "reversed_by", "recorded_by")

    reversed_by: Any = serializers.PrimaryKeyRelatedField(read_only=True, allow_null=True, default=None)


class ComplaintFilter(ListFilterSet):
    """Filters over the register; `standing`: neither taken back nor a row that takes back."""

    card = Ids("card_id")
    kind = django_filters.MultipleChoiceFilter(choices=ReportKind)
    valid = django_filters.BooleanFilter(field_name="is_valid")
    received_after = django_filters.IsoDateTimeFilter(field_name="received_at", lookup_expr="gte")
    received_before = django_filters.IsoDateTimeFilter(field_name="received_at", lookup_expr="lt")
    standing = django_filters.BooleanFilter(method="filter_standing")

    class Meta:
        model = Complaint
        fields: tuple[str, ...] = ()

    def filter_standing(self, rows: QuerySet[Complaint], _name: str, value: bool) -> QuerySet[Complaint]:  # noqa: FBT001
        """Return the rows that count, or all others."""
        standing = Complaint.objects.standing().order_by().values("pk")
        return rows.filter(pk__in=standing) if value else rows.exclude(pk__in=standing)


class WhyWrongSerializer(serializers.Serializer[Any]):
    """Why an entry was a mistake."""

    reason = serializers.CharField(max_length=200)


class ComplaintViewSet(viewsets.ReadOnlyModelViewSet[Complaint]):
    """Complaints and notifications about the cards in scope. No row is changed: a wrong one is taken back."""

    queryset = Complaint.objects.all()
    serializer_class = ComplaintSerializer
    filterset_class = ComplaintFilter
    permission_classes = (HasRight,)
    right = "lifecycle.view_complaint"
    rights = {"create": "lifecycle.add_complaint", "take_back": "lifecycle.add_complaint"}

    def get_queryset(self) -> QuerySet[Complaint]:
        """Return the rows about cards in scope."""
        return Complaint.objects.visible_to(person_of(self.request)).select_related("reversed_by")

    @extend_schema(request=ComplaintSerializer, responses={201: ComplaintSerializer})
    def create(self, request: Request) -> Response:
        """Record one; a complaint opens its matter at the compliance desk."""
        given = self.given(ComplaintSerializer)
        row = record_complaint(card_id=given.pop("card").pk, **given, actor=person_of(request), now=timezone.now())
        return Response(self.get_serializer(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=WhyWrongSerializer, responses={201: ComplaintSerializer})
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, pk: str) -> Response:
        """Take back a row recorded by mistake, and answer the row that does; neither counts."""
        mistaken, given = self.get_object(), self.given(WhyWrongSerializer)
        row = take_back(complaint_id=mistaken.pk, **given, actor=person_of(request), now=timezone.now())
        return Response(self.get_serializer(row).data, status=status.HTTP_201_CREATED)


class MarkSerializer(serializers.ModelSerializer[NumberMark]):
    """That a platform marks a number, under which label, from when to when."""

    card: Any = serializers.InScope(queryset=Card.objects.all())
    label: Any = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")

    class Meta:
        model = NumberMark
        fields = ("id", "card", "platform", "label", "marked_on", "ended_on", "recorded_at", "recorded_by")
        read_only_fields = ("id", "ended_on", "recorded_at", "recorded_by")
        validators = ()  # that a platform marks a number once at a time is the service's to say


class MarkFilter(ListFilterSet):
    """Filters over marks; `open`: shown still."""

    card = Ids("card_id")
    platform = django_filters.CharFilter()
    open = django_filters.BooleanFilter(field_name="ended_on", lookup_expr="isnull")

    class Meta:
        model = NumberMark
        fields: tuple[str, ...] = ()


class MarkEndSerializer(serializers.Serializer[Any]):
    """The day on which the mark was gone; today when left out."""

    ended_on = serializers.DateField(required=False)


class MarkViewSet(viewsets.ReadOnlyModelViewSet[NumberMark]):
    """Marks of the numbers in scope."""

    queryset = NumberMark.objects.all()
    serializer_class = MarkSerializer
    filterset_class = MarkFilter
    permission_classes = (HasRight,)
    right = "lifecycle.view_complaint"
    rights = {"create": "lifecycle.add_numbermark", "end": "lifecycle.change_numbermark"}

    def get_queryset(self) -> QuerySet[NumberMark]:
        """Return the marks of cards in scope."""
        return NumberMark.objects.visible_to(person_of(self.request))

    @extend_schema(request=MarkSerializer, responses={201: MarkSerializer})
    def create(self, request: Request) -> Response:
        """Record a mark. 409 while the platform marks the number already."""
        given = self.given(MarkSerializer)
        mark = record_mark(card_id=given.pop("card").pk, **given, actor=person_of(request), now=timezone.now())
        return Response(self.get_serializer(mark).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=MarkEndSerializer, responses=MarkSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """Record that a mark is gone."""
        mark, now = self.get_object(), timezone.now()
        ended_on = self.given(MarkEndSerializer).get("ended_on", business_day(now))
        return Response(
            self.get_serializer(end_mark(mark_id=mark.pk, ended_on=ended_on, actor=person_of(request), now=now)).data
        )
