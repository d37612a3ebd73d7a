"""`/api/v1/cards/{id}/loss|fault|stopped|approvals/`: what its holder says of a card, and what is let pass.

R12, R32, R52, R78, R101.
"""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import acting, person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.forms import asks, filled
from cardfleet.kernel.errors import NotVisible
from cards.choices import StopReason
from cards.models import Card, CarrierRule
from cards.querysets import CardQuerySet
from lifecycle.api.case_forms import CaseSerializer
from lifecycle.api.cases import with_steps
from lifecycle.choices import CaseKind, CaseReason, CaseSource, LostWith
from lifecycle.forms.reports import FaultForm, StoppedForm
from lifecycle.models import Approval, Case
from lifecycle.playbooks.registry import REPORT
from lifecycle.services.approvals import decide_approval
from lifecycle.services.cases import open_case
from lifecycle.services.faults import report_fault
from lifecycle.services.losses import report_loss

LOST_OR_STOLEN = [(reason.value, reason.label) for reason in (StopReason.LOST, StopReason.STOLEN)]
REPORT_RIGHTS = {**dict.fromkeys(("loss", "fault", "stopped"), REPORT), "approvals": "lifecycle.add_approval"}


class LossSerializer(serializers.Serializer[Any]):
    """What happened to a card; all of it may be left out, since a loss is reported at once and told of later."""

    reason = serializers.ChoiceField(choices=LOST_OR_STOLEN, default=StopReason.LOST)
    noticed_at = serializers.DateTimeField(
        required=False, allow_null=True, default=None, help_text="When it was noticed; now where it is left out."
    )
    lost = serializers.ListField(
        child=serializers.ChoiceField(choices=LostWith.choices),
        max_length=len(LostWith),
        default=list,
        help_text="What lay on the card, or was lost with it.",
    )
    note = serializers.CharField(max_length=400, required=False, allow_blank=True, default="", help_text="Where, how.")


class ApprovalDecisionSerializer(serializers.Serializer[Any]):
    """What is decided about the card under one version of a rule."""

    rule = serializers.PrimaryKeyRelatedField(
        queryset=CarrierRule.objects.all(), help_text="A rule that asks for an approval."
    )
    is_granted = serializers.BooleanField(help_text="True lets the card pass, false refuses it.")
    note = serializers.CharField(max_length=400, help_text="On what the decision rests.")
    until = serializers.DateField(
        required=False,
        allow_null=True,
        default=None,
        help_text="The last day of a yes; else as long as the rule, or for the day the rule counts.",
    )


class ApprovalSerializer(serializers.ModelSerializer[Approval]):
    """A decision about a card; the latest holds."""

    class Meta:
        model = Approval
        fields = ("id", "card", "rule", "is_granted", "note", "until", "decided_by", "decided_at")
        read_only_fields = fields


class ReportActions(viewsets.GenericViewSet[Card]):
    """What is said of a card by whoever holds it, and the approvals that some rules ask for."""

    @extend_schema(request=LossSerializer, responses={201: CaseSerializer})
    @action(detail=True, methods=["post"])
    def loss(self, request: Request, pk: str) -> Response:
        """Report one's own card lost or stolen; the case it opens asks for the carrier's stop first."""
        card = self._held()
        given = self.given(LossSerializer)
        return self._opened(report_loss(card_id=card.pk, cards=self._own(), **given, **acting(request)))

    @extend_schema(request=asks(FaultForm), responses={201: CaseSerializer})
    @action(detail=True, methods=["post"])
    def fault(self, request: Request, pk: str) -> Response:
        """Report that one's own card does not work; it makes no calls until its case ends."""
        card = self._held()
        given = filled(request, FaultForm).cleaned_data
        return self._opened(report_fault(card_id=card.pk, cards=self._own(), **given, **acting(request)))

    @extend_schema(request=asks(StoppedForm), responses={201: CaseSerializer})
    @action(detail=True, methods=["post"])
    def stopped(self, request: Request, pk: str) -> Response:
        """Report that one's own card can neither call nor be called."""
        card = self._held()
        case = open_case(
            card_id=card.pk,
            kind=CaseKind.SUSPENSION,
            reason=CaseReason.UNKNOWN,
            source=CaseSource.AGENT,
            note=filled(request, StoppedForm).cleaned_data["note"],
            **acting(request),
        )
        return self._opened(case)

    @extend_schema(request=ApprovalDecisionSerializer, responses={201: ApprovalSerializer})
    @action(detail=True, methods=["post"])
    def approvals(self, request: Request, pk: str) -> Response:
        """Approve or refuse what a rule asks about the card; the latest decision holds."""
        card, given = self.get_object(), self.given(ApprovalDecisionSerializer)
        made = decide_approval(card_id=card.pk, rule_id=given.pop("rule").pk, **given, **acting(request))
        return Response(ApprovalSerializer(made).data, status=status.HTTP_201_CREATED)

    def _own(self) -> CardQuerySet:
        return Card.objects.filter(holder=person_of(self.request))

    def _held(self) -> Card:
        card: Card = self.get_object()
        if card.holder_id != person_of(self.request).pk:
            raise NotVisible
        return card

    def _opened(self, case: Case) -> Response:
        told = CaseSerializer(with_steps(Case.objects.all()).get(pk=case.pk))
        return Response(told.data, status=status.HTTP_201_CREATED)
