"""`/api/v1/claims/`: filed by who paid, decided on by finance, as on the pages (R67)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import parsers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from billing.choices import InvoiceKind
from billing.errors.claims import NoClaimant
from billing.lists import CLAIMS
from billing.models import Claim, ClaimLine
from billing.selectors.claim_terms import cards_held_in, claimant_of
from billing.services.claim_decisions import approve_claim, put_draft_away, refuse_claim
from billing.services.claims import (
    Given,
    add_line,
    look_at_line,
    remove_line,
    reopen_claim,
    submit_claim,
    withdraw_claim,
)
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.parsers import OneMeaningJSONParser
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.clock import month_start
from cardfleet.kernel.errors import BadInput, Reason
from cardfleet.lists.api.listed import Listed
from cards.models import Card

ADD, APPROVE = "billing.add_claim", "billing.approve_claim"
# What only the claimant does to a claim.
WRITING = frozenset({"remove", "send", "withdraw", "reopen"})


class ClaimLineSerializer(serializers.ModelSerializer[ClaimLine]):
    """An invoice of a claim and its card; `picture` and `proof` are ids of files."""

    number = serializers.CharField(source="invoice.number", read_only=True)
    issued_on = serializers.DateField(source="invoice.issued_on", read_only=True)
    picture = serializers.UUIDField(source="invoice.file_id", read_only=True, allow_null=True)
    proof = serializers.UUIDField(source="file_id", read_only=True, allow_null=True)

    class Meta:
        model = ClaimLine
        fields = ("id", "card", "number", "issued_on", "amount", "picture", "proof")
        read_only_fields = fields


class ClaimSerializer(serializers.ModelSerializer[Claim]):
    """A claim; amounts in CNY."""

    lines = ClaimLineSerializer(many=True, read_only=True)

    class Meta:
        model = Claim
        fields = (
            "id", "claimant", "month", "state", "amount", "cap", "payable", "is_late", "note", "submitted_at",
            "decided_at", "reason", "batch", "lines",
        )  # fmt: skip
        read_only_fields = fields


class InvoiceSerializer(serializers.Serializer[Any]):
    """An invoice for a card held in a month (any day of it), CNY; below zero on a red letter."""

    month = serializers.DateField()
    card = serializers.IntegerField(min_value=1)
    kind = serializers.ChoiceField(choices=InvoiceKind.choices)
    number = serializers.CharField(max_length=20)
    code = serializers.CharField(max_length=12, required=False, allow_blank=True, default="")
    issued_on = serializers.DateField()
    title = serializers.CharField(max_length=120)
    tax_id = serializers.CharField(max_length=20)
    gross = serializers.DecimalField(max_digits=11, decimal_places=2)
    net = serializers.DecimalField(max_digits=11, decimal_places=2)
    tax = serializers.DecimalField(max_digits=11, decimal_places=2)
    red_number = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")


class NewLineSerializer(InvoiceSerializer):
    """An invoice with its picture, and what else shows the payment."""

    file = serializers.FileField(max_length=255)
    proof = serializers.FileField(max_length=255, required=False, allow_null=True, default=None)


class CheckSerializer(serializers.Serializer[Any]):
    """What fits or does not; what blocks keeps the invoice out of a claim."""

    code = serializers.CharField()
    label: Any = serializers.CharField()
    fits = serializers.BooleanField()
    blocks = serializers.BooleanField()
    message = serializers.CharField()
    field = serializers.CharField()


class ClaimNoteSerializer(serializers.Serializer[Any]):
    """What the claimant says to finance."""

    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class ClaimReasonSerializer(serializers.Serializer[Any]):
    """Why a claim comes to nothing."""

    reason = serializers.CharField(max_length=200)


class ClaimViewSet(Listed, viewsets.ReadOnlyModelViewSet[Claim]):
    """One's own claims, and those in scope for who decides on them, the latest first."""

    queryset = Claim.objects.all()
    serializer_class = ClaimSerializer
    listing = CLAIMS
    permission_classes = (HasRight,)
    parser_classes = (OneMeaningJSONParser, parsers.MultiPartParser)
    right = "billing.view_claim"
    rights = {
        "create": ADD,
        "check": ADD,
        "remove": ADD,
        "send": ADD,
        "withdraw": ADD,
        "reopen": ADD,
        "approve": APPROVE,
        "refuse": APPROVE,
        "put_away": APPROVE,
    }

    def get_queryset(self) -> QuerySet[Claim]:
        """Return the claims in scope; only their own to whom writes one."""
        person = person_of(self.request)
        claims = Claim.objects.visible_to(person).prefetch_related("lines__invoice")
        return claims.filter(claimant__user=person) if self.action in WRITING else claims

    @extend_schema(request={"multipart/form-data": NewLineSerializer}, responses={201: ClaimSerializer})
    def create(self, request: Request) -> Response:
        """Put an invoice into one's draft of a month, which is begun where there is none."""
        given = _read(NewLineSerializer, request)
        month, picture, proof = month_start(given.pop("month")), given.pop("file"), given.pop("proof")
        line = add_line(month=month, given=self.invoice(given, month), content=picture, proof=proof, **self.about())
        return self.answer(line.claim_id, status.HTTP_201_CREATED)

    @extend_schema(request=InvoiceSerializer, responses=CheckSerializer(many=True))
    @action(detail=False, methods=["post"])
    def check(self, request: Request) -> Response:
        """Say what fits and what does not of an invoice; nothing is stored."""
        given = _read(InvoiceSerializer, request)
        month = month_start(given.pop("month"))
        checks = look_at_line(month=month, given=self.invoice(given, month), **self.about())
        return Response(CheckSerializer(checks, many=True).data)

    @extend_schema(request=None, responses=ClaimSerializer)
    @action(detail=True, methods=["post"], url_path=r"lines/(?P<line>\d+)/remove", url_name="line-remove")
    def remove(self, request: Request, pk: str, line: str) -> Response:
        """Take an invoice out of one's draft."""
        return self.answer(remove_line(claim_id=self.get_object().pk, line_id=int(line), **self.about()).pk)

    @extend_schema(request=ClaimNoteSerializer, responses=ClaimSerializer)
    @action(detail=True, methods=["post"])
    def send(self, request: Request, pk: str) -> Response:
        """Send one's draft to finance."""
        return self.answer(
            submit_claim(claim_id=self.get_object().pk, **_read(ClaimNoteSerializer, request), **self.about()).pk
        )

    @extend_schema(request=None, responses=ClaimSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take one's claim back before it is approved."""
        return self.answer(withdraw_claim(claim_id=self.get_object().pk, **self.about()).pk)

    @extend_schema(request=None, responses=ClaimSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """Make one's refused claim a draft again."""
        return self.answer(reopen_claim(claim_id=self.get_object().pk, **self.about()).pk)

    @extend_schema(request=None, responses=ClaimSerializer)
    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        """Approve a claim of somebody else."""
        return self.answer(approve_claim(claim_id=self.get_object().pk, **self.about()).pk)

    @extend_schema(request=ClaimReasonSerializer, responses=ClaimSerializer)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: str) -> Response:
        """Refuse a claim of somebody else that is not paid yet."""
        return self.answer(
            refuse_claim(claim_id=self.get_object().pk, **_read(ClaimReasonSerializer, request), **self.about()).pk
        )

    @extend_schema(request=ClaimReasonSerializer, responses=ClaimSerializer)
    @action(detail=True, methods=["post"], url_path="put-away")
    def put_away(self, request: Request, pk: str) -> Response:
        """End the draft of somebody who left."""
        return self.answer(
            put_draft_away(claim_id=self.get_object().pk, **_read(ClaimReasonSerializer, request), **self.about()).pk
        )

    def about(self) -> dict[str, Any]:
        """Return who does it, and when."""
        return {"actor": person_of(self.request), "now": timezone.now()}

    def answer(self, pk: int, code: int = status.HTTP_200_OK) -> Response:
        """Return a claim as it is then."""
        return Response(self.get_serializer(self.get_queryset().get(pk=pk)).data, status=code)

    def invoice(self, given: dict[str, Any], month: date) -> Given:
        """Return an invoice with its card, which its claimant held in the month."""
        agent = claimant_of(person_of(self.request))
        if agent is None:
            raise NoClaimant
        return Given(card=_held(cards_held_in(agent, month), given.pop("card")), **given)


def _held(cards: Sequence[Card], pk: int) -> Card:
    for card in cards:
        if card.pk == pk:
            return card
    message = _("You did not hold this card in the month.")
    raise BadInput(reasons=[Reason(code="held", message=message, field="card")])


def _read(serializer: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    asked = serializer(data=request.data)
    asked.is_valid(raise_exception=True)
    return dict(asked.validated_data)
