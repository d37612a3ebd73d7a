"""`/api/v1/cases/`: cases, their steps, what was said about them, and how they end (design section 8)."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from drf_spectacular.utils import extend_schema
from rest_framework import parsers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import viewsets
from cardfleet.kernel.api.forms import cleaned
from cardfleet.kernel.api.parsers import OneMeaningJSONParser
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.errors import BadInput, NotAllowed, NotVisible
from cardfleet.kernel.forms import as_sent, refuse_misplaced
from cardfleet.lists.api.listed import Listed
from lifecycle.api.case_forms import (
    AssignSerializer,
    AttachSerializer,
    CaseSerializer,
    CloseSerializer,
    CommentSerializer,
    ContactSerializer,
    DoneSerializer,
    EscalateSerializer,
    NewCaseSerializer,
    ProofSerializer,
    WhySerializer,
)
from lifecycle.choices import CaseSource
from lifecycle.forms.cases import RecordForm, act_form
from lifecycle.lists.cases import CASES
from lifecycle.models import Case, CaseFile, CaseStep
from lifecycle.playbooks.registry import CLOSE, OPEN, VIEW, WORK, kinds_opened_by
from lifecycle.selectors.cases.progress import with_column
from lifecycle.services import cases as services


class CaseViewSet(Listed, viewsets.ReadOnlyModelViewSet[Case]):
    """The cases of cards in scope, and those the person opened."""

    queryset = Case.objects.all()
    serializer_class = CaseSerializer
    listing = CASES
    parser_classes = (OneMeaningJSONParser, parsers.MultiPartParser)
    permission_classes = (HasRight,)
    right = VIEW
    rights = {"create": "", "assign": WORK, "escalate": WORK, "close": CLOSE}

    def get_queryset(self) -> QuerySet[Case]:
        """Return the cases in scope with their standing steps."""
        return with_steps(with_column(Case.objects.visible_to(person_of(self.request))))

    @extend_schema(request=NewCaseSerializer, responses={201: CaseSerializer})
    def create(self, request: Request) -> Response:
        """Open a case on a card."""
        person, kind = person_of(request), self._object().get("kind")
        if not person.has_perm(OPEN) and kind not in [str(one.name) for one in kinds_opened_by(person)]:
            raise NotAllowed
        given = self.given(NewCaseSerializer)
        if given["kind"] not in [str(one.name) for one in kinds_opened_by(person)]:
            raise NotAllowed
        source = CaseSource.PERSON if person.has_perm(OPEN) else CaseSource.AGENT
        case = services.open_case(
            card_id=given["card"].pk,
            kind=given["kind"],
            reason=given["reason"],
            note=given["note"],
            at=given["at"],
            source=source,
            actor=person,
            now=timezone.now(),
        )
        return self._answer(case.pk, status=status.HTTP_201_CREATED)

    @extend_schema(request=DoneSerializer, responses=CaseSerializer)
    @action(detail=True, methods=["post"], url_path=r"steps/(?P<step>[\w-]+)/complete", url_name="step-complete")
    def complete(self, request: Request, pk: str, step: str) -> Response:
        """Record a step (its code or id) as done."""
        found, person = self._step(step), person_of(request)
        data = self._sent()
        record = RecordForm(data, request.FILES)
        act = act_form(found, person=person, data=data, files=request.FILES)
        refuse_misplaced(data, record, act)
        given, entered = cleaned(record, act)
        services.complete_step(
            step_id=found.pk,
            note=given["note"],
            given=entered,
            evidence=given["files"],
            done_at=given["done_at"],
            actor=person,
            now=timezone.now(),
        )
        return self._answer(found.case_id)

    @extend_schema(request=DoneSerializer, responses=CaseSerializer)
    @action(detail=True, methods=["post"], url_path=r"steps/(?P<step>[\w-]+)/confirm", url_name="step-confirm")
    def confirm(self, request: Request, pk: str, step: str) -> Response:
        """Confirm a step as its second person."""
        found = self._step(step)
        data = self._sent()
        record = RecordForm(data, request.FILES)
        refuse_misplaced(data, record)
        (given,) = cleaned(record)
        services.confirm_step(
            step_id=found.pk,
            note=given["note"],
            evidence=given["files"],
            actor=person_of(request),
            now=timezone.now(),
        )
        return self._answer(found.case_id)

    @extend_schema(request=WhySerializer, responses=CaseSerializer)
    @action(detail=True, methods=["post"], url_path=r"steps/(?P<step>[\w-]+)/skip", url_name="step-skip")
    def skip(self, request: Request, pk: str, step: str) -> Response:
        """Leave out a step that no other waits for."""
        found, reason = self._step(step), self.given(WhySerializer)["reason"]
        services.skip_step(step_id=found.pk, reason=reason, actor=person_of(request), now=timezone.now())
        return self._answer(found.case_id)

    @extend_schema(request=WhySerializer, responses=CaseSerializer)
    @action(detail=True, methods=["post"], url_path=r"steps/(?P<step>[\w-]+)/reopen", url_name="step-reopen")
    def reopen(self, request: Request, pk: str, step: str) -> Response:
        """Put a recorded step right: it is to be done anew."""
        found, reason = self._step(step), self.given(WhySerializer)["reason"]
        services.reopen_step(step_id=found.pk, reason=reason, actor=person_of(request), now=timezone.now())
        return self._answer(found.case_id)

    @extend_schema(request=ContactSerializer, responses={200: ContactSerializer(many=True), 201: ContactSerializer})
    @action(detail=True, methods=["get", "post"], filterset_class=None, pagination_class=None)
    def contacts(self, request: Request, pk: str) -> Response:
        """List the contacts, the latest first; or record one."""
        case = self.get_object()
        if request.method == "GET":
            return Response(ContactSerializer(case.contacts.all(), many=True).data)
        self._needs(WORK)
        contact = services.record_contact(
            case_id=case.pk, actor=person_of(request), now=timezone.now(), **self.given(ContactSerializer)
        )
        return Response(ContactSerializer(contact).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=CommentSerializer, responses={200: CommentSerializer(many=True), 201: CommentSerializer})
    @action(detail=True, methods=["get", "post"], filterset_class=None, pagination_class=None)
    def comments(self, request: Request, pk: str) -> Response:
        """List the comments, the latest first; or write one."""
        case = self.get_object()
        if request.method == "GET":
            return Response(CommentSerializer(case.comments.all(), many=True).data)
        text = self.given(CommentSerializer)["text"]
        written = services.comment(case_id=case.pk, text=text, actor=person_of(request), now=timezone.now())
        return Response(CommentSerializer(written).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        request=AttachSerializer, responses={200: ProofSerializer(many=True), 201: ProofSerializer(many=True)}
    )
    @action(detail=True, methods=["get", "post"], filterset_class=None, pagination_class=None)
    def documents(self, request: Request, pk: str) -> Response:
        """List the documents; or attach some, as proof of a step where one is named (multipart)."""
        case, answered = self.get_object(), int(status.HTTP_200_OK)
        if request.method == "POST":
            self._needs(WORK)
            given = self.given(AttachSerializer)
            step = self._step(given["step"]) if given["step"] else None
            services.attach_proof(
                case_id=case.pk,
                evidence=given["files"],
                step_id=step.pk if step else None,
                actor=person_of(request),
                now=timezone.now(),
            )
            answered = status.HTTP_201_CREATED
        return Response(ProofSerializer(case.documents.select_related("file"), many=True).data, status=answered)

    @extend_schema(request=AssignSerializer, responses=CaseSerializer)
    @action(detail=True, methods=["post"])
    def assign(self, request: Request, pk: str) -> Response:
        """Give the case to somebody who sees it and may work on it."""
        case, given = self.get_object(), self.given(AssignSerializer)
        services.assign(case_id=case.pk, person=given["person"], actor=person_of(request), now=timezone.now())
        return self._answer(case.pk)

    @extend_schema(request=EscalateSerializer, responses=CaseSerializer)
    @action(detail=True, methods=["post"])
    def escalate(self, request: Request, pk: str) -> Response:
        """Ask the next instance."""
        case, given = self.get_object(), self.given(EscalateSerializer)
        services.escalate(case_id=case.pk, actor=person_of(request), now=timezone.now(), **given)
        return self._answer(case.pk)

    @extend_schema(request=CloseSerializer, responses=CaseSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """End the case; the refusal names every gate, proof and state in the way."""
        case, given = self.get_object(), self.given(CloseSerializer)
        services.close_case(case_id=case.pk, actor=person_of(request), now=timezone.now(), **given)
        return self._answer(case.pk)

    def _object(self) -> Mapping[str, Any]:
        if not isinstance(self.request.data, Mapping):
            raise BadInput
        return self.request.data

    def _sent(self) -> MultiValueDict[str, Any]:
        """Return what was sent of a step as a browser sends it; in JSON, what each step asks has the schema's types."""
        data = self._object()
        if not isinstance(data, MultiValueDict):
            asked = {name: value for name, value in data.items() if name in DoneSerializer().fields}
            DoneSerializer(data=asked).is_valid(raise_exception=True)
        return as_sent(data)

    def _step(self, step: str) -> CaseStep:
        case = self.get_object()
        steps: list[CaseStep] = case.standing  # type: ignore[attr-defined]
        found = next((one for one in steps if step in (one.code, str(one.pk))), None)
        if found is None:
            raise NotVisible
        found.case = case
        return found

    def _needs(self, right: str) -> None:
        if not person_of(self.request).has_perm(right):
            raise NotAllowed

    def _answer(self, case_id: int, *, status: int = 200) -> Response:
        return Response(self.get_serializer(with_steps(Case.objects.all()).get(pk=case_id)).data, status=status)


def with_steps(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Let each case know its standing steps as `standing`."""
    proofs = Prefetch("documents", CaseFile.objects.select_related("file"))
    steps = CaseStep.objects.standing().order_by("position").prefetch_related(proofs)
    return cases.prefetch_related(Prefetch("steps", steps, to_attr="standing"))
