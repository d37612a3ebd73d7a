"""`/api/v1/number-notices/` and `/api/v1/forwardings/`: customers told of a changed number (R110, R111).

Nobody is told by CardFleet itself, and no address of a person is ever answered: only counts, and the rows of a file
that were refused, by line.
"""

from collections.abc import Callable
from typing import Any, BinaryIO, cast

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import parsers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.filtersets import Ids, ListFilterSet
from cardfleet.kernel.tabular import open_table
from lifecycle.forms.failover import RESULTS
from lifecycle.importers.recipients import read_recipients
from lifecycle.models import Forwarding, NumberNotice
from lifecycle.services.forwarding import end_forwarding, set_up_forwarding
from lifecycle.services.number_notices import (
    CHANGEABLE,
    Listed,
    change_notice,
    list_recipients,
    record_result,
    record_results,
)

MOST_PEOPLE = 1000


class NumberNoticeSerializer(serializers.ModelSerializer[NumberNotice]):
    """A notice of a changed number and its counts; its people are deleted after `delete_after`."""

    class Meta:
        model = NumberNotice
        fields = (
            "id", "old_card", "new_card", "case", "company", "opt_out", "changes_on", "crm_link", "crm_told",
            "crm_failed", "told", "failed", "refused", "delete_after", "forgotten_at", "made_by", "made_at",
        )  # fmt: skip
        read_only_fields = fields


class DraftSerializer(serializers.ModelSerializer[NumberNotice]):
    """What may be changed of a notice; what is left out stays."""

    class Meta:
        model = NumberNotice
        fields = CHANGEABLE
        extra_kwargs = {name: {"required": False} for name in CHANGEABLE}


class NoticeResultSerializer(serializers.Serializer[Any]):
    """What came of telling some people of the notice, by the ids that its page shows."""

    people = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=serializers.LARGEST_ID),
        min_length=1,
        max_length=MOST_PEOPLE,
    )
    result = serializers.ChoiceField(choices=RESULTS)
    remark = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")


class PeopleFileSerializer(serializers.Serializer[Any]):
    """A list of people, CSV or Excel: 号码 or 邮箱, 称呼; what came of telling them: 结果, 原因 as well."""

    file = serializers.FileField()


class RefusedLineSerializer(serializers.Serializer[Any]):
    """A row that was refused: its line, and why."""

    line = serializers.IntegerField(source="number")
    reasons = serializers.SerializerMethodField()

    def get_reasons(self, line: Any) -> list[str]:
        """Each reason as a sentence."""
        return [str(reason.message) for reason in line.reasons]


class ListedSerializer(serializers.Serializer[Listed]):
    """What became of a file: rows new or changed, rows as they were, rows refused."""

    new = serializers.IntegerField()
    known = serializers.IntegerField()
    refused = RefusedLineSerializer(many=True)


class NumberNoticeFilter(ListFilterSet):
    """Filters over notices; `forgotten`: its people were deleted."""

    card = Ids("old_card_id")
    changes_before = django_filters.DateFilter(field_name="changes_on", lookup_expr="lt")
    forgotten = django_filters.BooleanFilter(field_name="forgotten_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = NumberNotice
        fields: tuple[str, ...] = ()


class NumberNoticeViewSet(viewsets.ReadOnlyModelViewSet[NumberNotice]):
    """Notices of the numbers in scope; a switch, or a case that changes a number, drafts them."""

    queryset = NumberNotice.objects.all()
    serializer_class = NumberNoticeSerializer
    filterset_class = NumberNoticeFilter
    permission_classes = (HasRight,)
    right = "lifecycle.view_numbernotice"
    rights = dict.fromkeys(("change", "people", "results", "result"), "lifecycle.change_numbernotice")

    def get_queryset(self) -> QuerySet[NumberNotice]:
        """Return the notices of numbers in scope."""
        return NumberNotice.objects.visible_to(person_of(self.request))

    @extend_schema(request=DraftSerializer, responses=NumberNoticeSerializer)
    @action(detail=True, methods=["post"])
    def change(self, request: Request, pk: str) -> Response:
        """Change a draft. 409 once its people were deleted."""
        notice, changes = self.get_object(), self.given(DraftSerializer)
        changed = change_notice(notice_id=notice.pk, changes=changes, actor=person_of(request), now=timezone.now())
        return Response(self.get_serializer(changed).data)

    @extend_schema(request={"multipart/form-data": PeopleFileSerializer}, responses=ListedSerializer)
    @action(detail=True, methods=["post"], parser_classes=[parsers.MultiPartParser])
    def people(self, request: Request, pk: str) -> Response:
        """List the people of a file, each once; good rows are stored, the others answered with their reasons."""
        return self._read(list_recipients, with_results=False)

    @extend_schema(request={"multipart/form-data": PeopleFileSerializer}, responses=ListedSerializer)
    @action(detail=True, methods=["post"], parser_classes=[parsers.MultiPartParser])
    def results(self, request: Request, pk: str) -> Response:
        """Record what came of telling the people of a file."""
        return self._read(record_results, with_results=True)

    @extend_schema(request=NoticeResultSerializer, responses=NumberNoticeSerializer)
    @action(detail=True, methods=["post"])
    def result(self, request: Request, pk: str) -> Response:
        """Record what came of telling some people; ids of other notices are passed over."""
        notice, given = self.get_object(), self.given(NoticeResultSerializer)
        people = given.pop("people")
        record_result(notice_id=notice.pk, recipient_ids=people, **given, actor=person_of(request), now=timezone.now())
        return Response(self.get_serializer(self.get_object()).data)

    def _read(self, service: Callable[..., Listed], *, with_results: bool) -> Response:
        notice, file = self.get_object(), self.given(PeopleFileSerializer)["file"]
        lines = read_recipients(open_table(cast("BinaryIO", file.file), file.name), with_results=with_results)
        listed = service(notice_id=notice.pk, lines=lines, actor=person_of(self.request), now=timezone.now())
        return Response(ListedSerializer(listed).data)


class ForwardingSerializer(serializers.ModelSerializer[Forwarding]):
    """Calls to an old number go to a new one; a person sets it up at the carrier, and ends it there."""

    class Meta:
        model = Forwarding
        fields = (
            "id", "old_card", "new_card", "notice", "starts_on", "ends_on", "set_up_at", "set_up_by", "ended_at",
            "ended_by", "asked_by",
        )  # fmt: skip
        read_only_fields = fields


class ForwardingFilter(ListFilterSet):
    """Filters over forwardings; `open`: not ended yet."""

    card = Ids("old_card_id")
    open = django_filters.BooleanFilter(field_name="ended_at", lookup_expr="isnull")

    class Meta:
        model = Forwarding
        fields: tuple[str, ...] = ()


class UntilSerializer(serializers.Serializer[Any]):
    """Until when calls go to the new number."""

    ends_on = serializers.DateField()


class ForwardingViewSet(viewsets.ReadOnlyModelViewSet[Forwarding]):
    """Forwardings of the numbers in scope."""

    queryset = Forwarding.objects.all()
    serializer_class = ForwardingSerializer
    filterset_class = ForwardingFilter
    permission_classes = (HasRight,)
    right = "lifecycle.view_numbernotice"
    rights = dict.fromkeys(("set_up", "end"), "lifecycle.change_numbernotice")

    def get_queryset(self) -> QuerySet[Forwarding]:
        """Return the forwardings of numbers in scope."""
        return Forwarding.objects.visible_to(person_of(self.request))

    @extend_schema(request=UntilSerializer, responses=ForwardingSerializer)
    @action(detail=True, methods=["post"], url_path="set-up")
    def set_up(self, request: Request, pk: str) -> Response:
        """Record that a forwarding works, or until when from now on. 409 for one that has ended."""
        one, given = self.get_object(), self.given(UntilSerializer)
        done = set_up_forwarding(forwarding_id=one.pk, **given, actor=person_of(request), now=timezone.now())
        return Response(self.get_serializer(done).data)

    @extend_schema(request=None, responses=ForwardingSerializer)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """Record that a forwarding was ended at the carrier."""
        done = end_forwarding(forwarding_id=self.get_object().pk, actor=person_of(request), now=timezone.now())
        return Response(self.get_serializer(done).data)
