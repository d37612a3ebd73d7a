"""`/api/v1/accounts/`: an account's balance beside the carrier's, what lies between them, how long the money lasts."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from billing.choices import DifferenceCause, DifferencePart
from billing.forms.differences import ExplanationForm
from billing.models import Account, BalanceExplanation
from billing.rules.burn_down import BurnDown
from billing.selectors.differences import Difference, burn_of, difference_of
from billing.services.differences import explain_difference
from cardfleet.accounts.access import acting, person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.forms import asks, filled
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import BadInput, Reason

NO_READING = _("No balance of the carrier is recorded for this account. Record one, then explain the difference.")


class PartSerializer(serializers.Serializer[Any]):
    """What may lie between the balances, CNY; `adds_up`: it is one of those that are the difference to the fen."""

    part = serializers.ChoiceField(choices=DifferencePart.choices)
    amount = serializers.DecimalField(max_digits=13, decimal_places=2)
    adds_up = serializers.BooleanField()


class ExplanationSerializer(serializers.ModelSerializer[BalanceExplanation]):
    """What somebody said of a difference of so much, CNY."""

    class Meta:
        model = BalanceExplanation
        fields = ("cause", "amount", "dispute", "note", "said_at", "actor")
        read_only_fields = fields


class BalanceDifferenceSerializer(serializers.Serializer[Difference]):
    """The carrier's last balance beside what we had computed for then, CNY; `amount` is the first less the second.

    `since` is what happened after it was read, `late` what came later about the time before. `is_open`: neither a sum
    of the parts nor a person explains it.
    """

    said = serializers.DecimalField(source="reading.balance", max_digits=13, decimal_places=2)
    read_at = serializers.DateTimeField(source="reading.read_at")
    read_by = serializers.CharField(source="reading.source")
    computed = serializers.DecimalField(max_digits=13, decimal_places=2)
    amount = serializers.DecimalField(max_digits=13, decimal_places=2)
    since = serializers.DecimalField(max_digits=13, decimal_places=2)
    late = serializers.DecimalField(max_digits=13, decimal_places=2)
    parts = serializers.SerializerMethodField()
    explanation = ExplanationSerializer(source="said", allow_null=True)
    is_open = serializers.BooleanField()

    @extend_schema_field(PartSerializer(many=True))
    def get_parts(self, found: Difference) -> Any:
        """Each part that is not nothing."""
        fits = found.adds_up or frozenset()
        parts = [
            {"part": part, "amount": amount, "adds_up": part in fits} for part, amount in found.parts.items() if amount
        ]
        return PartSerializer(parts, many=True).data


class LeftSerializer(serializers.Serializer[Any]):
    """What is left at the end of a day, CNY."""

    day = serializers.DateField()
    left = serializers.DecimalField(max_digits=13, decimal_places=2)


class BurnSerializer(serializers.Serializer[BurnDown]):
    """How the money goes: `mean` a day in calls, CNY, the first day on which nothing is left (null: not in 90)."""

    mean = serializers.DecimalField(max_digits=13, decimal_places=2)
    ends_on = serializers.DateField(allow_null=True)
    days = serializers.SerializerMethodField()

    @extend_schema_field(LeftSerializer(many=True))
    def get_days(self, burn: BurnDown) -> Any:
        """Each day until then."""
        return LeftSerializer([{"day": day, "left": left} for day, left in burn.left], many=True).data


class AccountSerializer(serializers.ModelSerializer[Account]):
    """An account at a carrier, CNY; `balance` is our own sum. `difference` is null until a balance was read."""

    difference = serializers.SerializerMethodField()
    burn_down = serializers.SerializerMethodField()

    class Meta:
        model = Account
        fields = (
            "id", "kind", "carrier", "code", "payment", "credit_limit", "balance", "opened_at", "difference",
            "burn_down",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(BalanceDifferenceSerializer(allow_null=True))
    def get_difference(self, account: Account) -> Any:
        """The carrier's balance beside ours."""
        found = self.context["found"]
        return BalanceDifferenceSerializer(found).data if found else None

    @extend_schema_field(BurnSerializer)
    def get_burn_down(self, account: Account) -> Any:
        """How long the money lasts."""
        return BurnSerializer(burn_of(account, self.context["found"], today=business_day(timezone.now()))).data


class AccountViewSet(mixins.RetrieveModelMixin, viewsets.GenericViewSet[Account]):
    """The accounts that pay for the cards in scope."""

    queryset = Account.objects.all()
    serializer_class = AccountSerializer
    permission_classes = (HasRight,)
    right = "billing.view_ledgerentry"
    rights = {"explain": "billing.add_balanceexplanation"}

    def get_queryset(self) -> QuerySet[Account]:
        """Return the accounts in scope."""
        return Account.objects.visible_to(person_of(self.request))

    def get_object(self) -> Account:
        """Return the account; what is answered of it needs its difference."""
        account = super().get_object()
        self.found = difference_of(account)
        return account

    def get_serializer_context(self) -> dict[str, Any]:
        """Return what is known beside the account."""
        return {**super().get_serializer_context(), "found": getattr(self, "found", None)}

    @extend_schema(request=asks(ExplanationForm), responses={201: ExplanationSerializer})
    @action(detail=True, methods=["post"])
    def explain(self, request: Request, pk: str) -> Response:
        """Say what lies between the carrier's last balance and ours."""
        account = self.get_object()
        given = filled(request, ExplanationForm, account=account).cleaned_data
        if self.found is None:
            raise BadInput(reasons=[Reason(code="no_reading", message=NO_READING)])
        cause = DifferenceCause(given.pop("cause"))
        said = explain_difference(
            reading=self.found.reading, amount=self.found.amount, cause=cause, **given, **acting(request)
        )
        return Response(ExplanationSerializer(said).data, status=status.HTTP_201_CREATED)
