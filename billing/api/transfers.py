"""`/api/v1/wallets/` and `/api/v1/transfers/`: the company's money at carriers, and balance moved to and from cards."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from billing.api.money import EntrySerializer
from billing.choices import EntryKind
from billing.models import Account, LedgerEntry, Transfer
from billing.selectors.wallets import paying_accounts, transfers, wallets
from billing.services.ledger import post
from billing.services.transfers import open_wallet, transfer
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.errors import BadInput, Reason
from cardfleet.kernel.money import ZERO
from cards.models import Card, Carrier

SMALLEST = Decimal("0.01")


class WalletSerializer(serializers.ModelSerializer[Account]):
    """A wallet of the company at a carrier; `balance` in CNY."""

    carrier = serializers.PrimaryKeyRelatedField(queryset=Carrier.objects.all())

    class Meta:
        model = Account
        fields = ("id", "carrier", "code", "balance", "opened_at")
        read_only_fields = ("id", "balance", "opened_at")
        validators = ()  # that a carrier has a number once is the service's to say


class PaidInSerializer(serializers.Serializer[Any]):
    """What was paid into a wallet, CNY."""

    amount = serializers.DecimalField(max_digits=11, decimal_places=2, min_value=SMALLEST)
    reference = serializers.CharField(required=False, allow_blank=True, max_length=120, default="")


class WalletViewSet(viewsets.ReadOnlyModelViewSet[Account]):
    """The company's wallets."""

    queryset = Account.objects.all()
    serializer_class = WalletSerializer
    permission_classes = (HasRight,)
    right = "billing.view_transfer"
    rights = {"create": "billing.make_transfer", "pay": "billing.make_transfer"}

    def get_queryset(self) -> QuerySet[Account]:
        """Return all of them: a wallet is the company's."""
        return wallets()

    @extend_schema(request=WalletSerializer, responses={201: WalletSerializer})
    def create(self, request: Request) -> Response:
        """Open a wallet at a carrier. 409 where it has an account of that number."""
        asked = WalletSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wallet = open_wallet(**asked.validated_data, actor=person_of(request), now=timezone.now())
        return Response(WalletSerializer(wallet).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=PaidInSerializer, responses={201: EntrySerializer})
    @action(detail=True, methods=["post"])
    def pay(self, request: Request, pk: str) -> Response:
        """Post what was paid in."""
        asked = PaidInSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        entry = post(
            account=self.get_object(),
            kind=EntryKind.TOP_UP,
            **asked.validated_data,
            actor=person_of(request),
            now=timezone.now(),
        )
        return Response(EntrySerializer(entry).data, status=status.HTTP_201_CREATED)


class LegSerializer(serializers.ModelSerializer[LedgerEntry]):
    """A leg of a transfer, CNY; what an account gave is below zero."""

    class Meta:
        model = LedgerEntry
        fields = ("id", "account", "card", "amount")
        read_only_fields = fields


class TransferSerializer(serializers.ModelSerializer[Transfer]):
    """A transfer: `moved` (CNY) to so many `accounts`."""

    moved = serializers.DecimalField(max_digits=15, decimal_places=2)
    accounts = serializers.IntegerField()

    class Meta:
        model = Transfer
        fields: Any = ("id", "made_at", "reference", "reason", "actor", "moved", "accounts")
        read_only_fields = fields


class WholeTransferSerializer(TransferSerializer):
    """A transfer with its legs, which add up to nothing."""

    legs = LegSerializer(many=True)

    class Meta(TransferSerializer.Meta):
        fields: Any = (*TransferSerializer.Meta.fields, "legs")
        read_only_fields = fields


class PlaceSerializer(serializers.Serializer[Any]):
    """Where balance lies: a `wallet`, or the account that pays for a `card`, by id."""

    wallet = serializers.IntegerField(required=False, min_value=1)
    card = serializers.KeyField(Card, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Take one of the two."""
        if ("wallet" in attrs) == ("card" in attrs):
            raise serializers.ValidationError(_("Name either a wallet or a card."), code="one")
        return attrs


class ShareSerializer(PlaceSerializer):
    """What a wallet or a card is given, CNY."""

    amount = serializers.DecimalField(max_digits=11, decimal_places=2, min_value=SMALLEST)


class MoveSerializer(serializers.Serializer[Any]):
    """From where to where, and why."""

    source: Any = PlaceSerializer()
    to = ShareSerializer(many=True, allow_empty=False)
    reference = serializers.CharField(required=False, allow_blank=True, max_length=120, default="")
    reason = serializers.CharField(max_length=500)


class TransferViewSet(viewsets.ReadOnlyModelViewSet[Transfer]):
    """Transfers of balance, newest first. None is changed, nor taken back but by a further one."""

    queryset = Transfer.objects.all()
    serializer_class = TransferSerializer
    permission_classes = (HasRight,)
    right = "billing.view_transfer"
    rights = {"create": "billing.make_transfer"}

    def get_queryset(self) -> QuerySet[Transfer]:
        """Return them with their sums."""
        return transfers()

    @extend_schema(responses=WholeTransferSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        """Return one with its legs."""
        return Response(WholeTransferSerializer(self.get_object()).data)

    @extend_schema(request=MoveSerializer, responses={201: WholeTransferSerializer})
    def create(self, request: Request) -> Response:
        """Move balance within one carrier, the ways it lets it go; nothing moves where a line is wrong."""
        asked = MoveSerializer(data=request.data, context={"request": request})
        asked.is_valid(raise_exception=True)
        given = dict(asked.validated_data)
        source, *targets = self.accounts([given.pop("source"), *given["to"]])
        amounts: dict[int, Decimal] = {}
        for target, share in zip(targets, given.pop("to"), strict=True):
            amounts[target.pk] = amounts.get(target.pk, ZERO) + share["amount"]
        moved = transfer(source=source, amounts=amounts, **given, actor=person_of(request), now=timezone.now())
        answer = WholeTransferSerializer(self.get_queryset().get(pk=moved.pk))
        return Response(answer.data, status=status.HTTP_201_CREATED)

    def accounts(self, places: Sequence[Mapping[str, Any]]) -> Sequence[Account]:
        """Return the account of each place; the first is the source, line 0."""
        in_scope = Card.objects.visible_to(person_of(self.request))
        of_cards = paying_accounts(in_scope.filter(pk__in=[place["card"] for place in places if "card" in place]))
        known = wallets().in_bulk([place["wallet"] for place in places if "wallet" in place])
        found = [known.get(place["wallet"]) if "wallet" in place else of_cards.get(place["card"]) for place in places]
        message = _("No wallet has this id, or no account pays for a card in your scope that has it. Correct it.")
        wrong = [
            Reason(code="account", message=message, field="to" if line else "source", line=line or None)
            for line, account in enumerate(found)
            if account is None
        ]
        if wrong:
            raise BadInput(reasons=wrong)
        return [account for account in found if account]
