"""`/api/v1/compliance/audits/`: campaign checklists and the yearly self-audit, question by question (R40)."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import parsers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.parsers import OneMeaningJSONParser
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.filtersets import Days, ListFilterSet
from lifecycle.choices import ChecklistKind, Verdict
from lifecycle.models import Audit, AuditAnswer
from lifecycle.rules.desk.audits import Answer
from lifecycle.selectors.desk.audits import Question, questions_of
from lifecycle.services.desk.audits import answer_audit, close_audit, open_audit


class AuditSerializer(serializers.ModelSerializer[Audit]):
    """An audit; open while it has no `closed_at`."""

    kind = serializers.ChoiceField(source="checklist.kind", choices=ChecklistKind.choices, read_only=True)

    class Meta:
        model = Audit
        fields = (
            "id", "kind", "title", "industry", "due_on", "opened_at", "opened_by", "closed_at", "closed_by",
            "conclusion",
        )  # fmt: skip
        read_only_fields = fields


class AnswerSerializer(serializers.ModelSerializer[AuditAnswer]):
    """An answer; `proof` is the id of a file, `GET /files/{proof}/`."""

    class Meta:
        model = AuditAnswer
        fields = ("verdict", "note", "measure_by", "proof", "at", "by")
        read_only_fields = fields


class QuestionSerializer(serializers.Serializer[Question]):
    """A question with the law it rests on, and its answer if it has one."""

    number = serializers.IntegerField()
    text = serializers.CharField()
    law = serializers.CharField()
    answer = AnswerSerializer(allow_null=True)


class WholeAuditSerializer(AuditSerializer):
    """An audit with its questions."""

    questions = serializers.SerializerMethodField()

    class Meta(AuditSerializer.Meta):
        fields: Any = (*AuditSerializer.Meta.fields, "questions")
        read_only_fields = fields

    @extend_schema_field(QuestionSerializer(many=True))
    def get_questions(self, audit: Audit) -> Any:
        """The questions in their order."""
        return QuestionSerializer(questions_of(audit), many=True).data  # type: ignore[arg-type]


class NewAuditSerializer(serializers.Serializer[Any]):
    """Which audit is begun; `industry` as on the cards, for a campaign."""

    kind = serializers.ChoiceField(choices=ChecklistKind.choices)
    title = serializers.CharField(max_length=120)
    industry = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    due_on = serializers.DateField()


class AnsweredQuestionSerializer(serializers.Serializer[Any]):
    """The answer to a question; a `file` that proves it comes as multipart."""

    number = serializers.IntegerField(min_value=1, max_value=1000)
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    note = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    measure_by = serializers.DateField(required=False, allow_null=True, default=None)
    file = serializers.FileField(max_length=255, required=False, default=None)


class ConclusionSerializer(serializers.Serializer[Any]):
    """What the audit showed."""

    conclusion = serializers.CharField(max_length=4000)


class AuditFilter(ListFilterSet):
    """Filters over audits; `open`: not closed yet."""

    kind = django_filters.MultipleChoiceFilter(field_name="checklist__kind", choices=ChecklistKind)
    open = django_filters.BooleanFilter(field_name="closed_at", lookup_expr="isnull")
    due_on = Days()

    class Meta:
        model = Audit
        fields: tuple[str, ...] = ()


class AuditViewSet(viewsets.ReadOnlyModelViewSet[Audit]):
    """Audits, for those who work at the desk."""

    queryset = Audit.objects.all()
    serializer_class = AuditSerializer
    filterset_class = AuditFilter
    permission_classes = (HasRight,)
    parser_classes = (OneMeaningJSONParser, parsers.MultiPartParser)
    right = "lifecycle.view_desk"
    rights = dict.fromkeys(("create", "answers", "close"), "lifecycle.change_desk")

    def get_queryset(self) -> QuerySet[Audit]:
        """Return the audits, each with its list."""
        return Audit.objects.select_related("checklist")

    @extend_schema(responses=WholeAuditSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        """Return one with its questions."""
        return self._answer(self.get_object().pk)

    @extend_schema(request=NewAuditSerializer, responses={201: WholeAuditSerializer})
    def create(self, request: Request) -> Response:
        """Begin an audit by the latest list. 409 for a campaign of a forbidden industry."""
        audit = open_audit(**self.given(NewAuditSerializer), actor=person_of(request), now=timezone.now())
        return self._answer(audit.pk, status=status.HTTP_201_CREATED)

    @extend_schema(
        request={"application/json": AnsweredQuestionSerializer, "multipart/form-data": AnsweredQuestionSerializer},
        responses=WholeAuditSerializer,
    )
    @action(detail=True, methods=["post"])
    def answers(self, request: Request, pk: str) -> Response:
        """Answer a question, or answer it anew while the audit is open."""
        audit, given = self.get_object(), self.given(AnsweredQuestionSerializer)
        number, file = given.pop("number"), given.pop("file")
        kept = audit.answers.filter(number=number, proof__isnull=False).exists()
        answer_audit(
            audit_id=audit.pk,
            answers={number: Answer(**given, has_file=bool(file or kept))},
            files={number: file} if file else {},
            actor=person_of(request),
            now=timezone.now(),
        )
        return self._answer(audit.pk)

    @extend_schema(request=ConclusionSerializer, responses=WholeAuditSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Close an audit with its conclusion. 409 names what is open."""
        audit, given = self.get_object(), self.given(ConclusionSerializer)
        close_audit(audit_id=audit.pk, **given, actor=person_of(request), now=timezone.now())
        return self._answer(audit.pk)

    def _answer(self, audit_id: int, *, status: int = 200) -> Response:
        return Response(WholeAuditSerializer(self.get_queryset().get(pk=audit_id)).data, status=status)
