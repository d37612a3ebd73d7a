"""`/api/v1/compliance/matters/`: complaints, subject requests and breaches of the desk (R40, R83)."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import parsers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.rules.callees import read_callee
from cardfleet.accounts.access import person_of, refuse_stale_session
from cardfleet.accounts.models import User
from cardfleet.jobs.api.jobs import JobSerializer
from cardfleet.jobs.dispatch import enqueue
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.parsers import OneMeaningJSONParser
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.filtersets import ListFilterSet
from cardfleet.kernel.reading import Unreadable
from lifecycle.choices import MatterGroup, MatterKind, MatterOutcome
from lifecycle.models import Matter, MatterStep
from lifecycle.querysets import MatterQuerySet
from lifecycle.rules.desk.matters import GROUPS, erases
from lifecycle.services.desk.answers import ask_for_answer
from lifecycle.services.desk.matters import close_matter, do_step, extend, open_matter

OPENED_HERE = [(kind.value, kind.label) for kind in (*GROUPS[MatterGroup.REQUESTS], MatterKind.BREACH)]
MOST_PEOPLE = 2**31 - 1


class MatterStepSerializer(serializers.ModelSerializer[MatterStep]):
    """A step with its clock."""

    class Meta:
        model = MatterStep
        fields = ("code", "due_at", "done_at", "done_by")
        read_only_fields = fields


class MatterSerializer(serializers.ModelSerializer[Matter]):
    """A matter; `due_at` is the clock of its next step, `outcome` is empty while it is open.

    Who asked and about which number is on its page alone.
    """

    card = serializers.IntegerField(source="complaint.card_id", read_only=True, allow_null=True, default=None)
    outcome = serializers.CharField(read_only=True)
    steps = MatterStepSerializer(many=True, read_only=True)

    class Meta:
        model = Matter
        fields = (
            "id", "kind", "title", "channel", "received_at", "card", "about", "people", "opened_at", "due_at",
            "closed_at", "outcome", "steps",
        )  # fmt: skip
        read_only_fields = fields


class NewMatterSerializer(serializers.Serializer[Any]):
    """What came in: somebody asks about their own data, or data came where it must not.

    A complaint is recorded where its card is named (`POST /complaints/`). `about` is a person of ours by staff number,
    `number` somebody who was called; it and `asker` are kept encrypted and never answered. `data` and `people` are of
    a breach.
    """

    kind = serializers.ChoiceField(choices=OPENED_HERE)
    title = serializers.CharField(max_length=120)
    received_at = serializers.DateTimeField()
    summary = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    channel = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    about = serializers.SlugRelatedField(
        slug_field="staff_no", queryset=User.objects.all(), required=False, allow_null=True, default=None
    )
    number = serializers.CharField(max_length=40, required=False, allow_blank=True, default="", write_only=True)
    asker = serializers.CharField(max_length=200, required=False, allow_blank=True, default="", write_only=True)
    data: Any = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    people = serializers.IntegerField(min_value=0, max_value=MOST_PEOPLE, required=False, allow_null=True, default=None)

    def validate_number(self, value: str) -> str:
        """Return the number as call records hold it; the fault never repeats it."""
        try:
            return read_callee(value) if value.strip() else ""
        except Unreadable as fault:
            raise serializers.ValidationError(str(fault.message), code=fault.code) from None

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask of a breach whose data it is."""
        if attrs["kind"] == MatterKind.BREACH and not attrs["data"]:
            raise serializers.ValidationError({"data": _("Say whose data it is, and which.")}, code="required")
        return attrs


class StepDoneSerializer(serializers.Serializer[Any]):
    """How a step was done; without `done_at` now. A `proof` comes as multipart."""

    note = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    done_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    proof = serializers.FileField(max_length=255, required=False, default=None)


class LongerSerializer(serializers.Serializer[Any]):
    """Why it takes longer."""

    because = serializers.CharField(max_length=200)


class MatterEndSerializer(serializers.Serializer[Any]):
    """How a matter ends, and why."""

    outcome = serializers.ChoiceField(choices=MatterOutcome.choices)
    because = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class MatterFilter(ListFilterSet):
    """Filters over matters; `late`: open, and the next step should have been done by now."""

    kind = django_filters.MultipleChoiceFilter(choices=MatterKind)
    open = django_filters.BooleanFilter(field_name="closed_at", lookup_expr="isnull")
    late = django_filters.BooleanFilter(method="filter_late")

    class Meta:
        model = Matter
        fields: tuple[str, ...] = ()

    def filter_late(self, matters: MatterQuerySet, _name: str, value: bool) -> MatterQuerySet:  # noqa: FBT001
        """Return matters that should have gone on by now, or all others."""
        late = Matter.objects.open().filter(due_at__lte=timezone.now()).values("pk")
        return matters.filter(pk__in=late) if value else matters.exclude(pk__in=late)


class MatterViewSet(viewsets.ReadOnlyModelViewSet[Matter]):
    """The matters of the desk, for those who work there."""

    queryset = Matter.objects.all()
    serializer_class = MatterSerializer
    filterset_class = MatterFilter
    permission_classes = (HasRight,)
    parser_classes = (OneMeaningJSONParser, parsers.MultiPartParser)
    right = "lifecycle.view_desk"
    rights = dict.fromkeys(("create", "complete", "extend", "answer", "close"), "lifecycle.change_desk")

    def get_queryset(self) -> QuerySet[Matter]:
        """Return the matters."""
        seen = Matter.objects.visible_to(person_of(self.request))
        return seen.select_related("complaint").prefetch_related("steps")

    @extend_schema(request=NewMatterSerializer, responses={201: MatterSerializer})
    def create(self, request: Request) -> Response:
        """Record what came in; its clocks run from the receipt."""
        matter = open_matter(**self.given(NewMatterSerializer), actor=person_of(request), now=timezone.now())
        return self._answer(matter, status=status.HTTP_201_CREATED)

    @extend_schema(
        request={"application/json": StepDoneSerializer, "multipart/form-data": StepDoneSerializer},
        responses=MatterSerializer,
    )
    @action(detail=True, methods=["post"], url_path=r"steps/(?P<step>\w+)/complete", url_name="step-complete")
    def complete(self, request: Request, pk: str, step: str) -> Response:
        """Record a step (its code) as done, with what was done or a file."""
        matter, given = self.get_object(), self.given(StepDoneSerializer)
        do_step(matter_id=matter.pk, code=step, **given, actor=person_of(request), now=timezone.now())
        return self._answer(matter)

    @extend_schema(request=LongerSerializer, responses=MatterSerializer)
    @action(detail=True, methods=["post"])
    def extend(self, request: Request, pk: str) -> Response:
        """Give a request up to 30 days from its receipt, once; the person is told why."""
        matter, given = self.get_object(), self.given(LongerSerializer)
        extend(matter_id=matter.pk, **given, actor=person_of(request), now=timezone.now())
        return self._answer(matter)

    @extend_schema(request=None, responses={202: JobSerializer})
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, pk: str) -> Response:
        """Have the file of what is kept of a person made. 409 unless they ask for it and are known."""
        job = ask_for_answer(matter_id=self.get_object().pk, actor=person_of(request), now=timezone.now())
        enqueue(job)
        return Response(JobSerializer(job).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request=MatterEndSerializer, responses=MatterSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """End a matter; what stands in the way is named. A deletion that is granted erases the person at once."""
        matter, given = self.get_object(), self.given(MatterEndSerializer)
        if erases(matter.kind, given["outcome"], of_person=matter.about_id is not None):
            refuse_stale_session(request)
        close_matter(matter_id=matter.pk, **given, actor=person_of(request), now=timezone.now())
        return self._answer(matter)

    def _answer(self, matter: Matter, *, status: int = 200) -> Response:
        return Response(self.get_serializer(self.get_queryset().get(pk=matter.pk)).data, status=status)
