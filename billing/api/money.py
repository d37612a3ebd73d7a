"""`/api/v1/ledger/` and `/api/v1/balances/`."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from billing.choices import BY_HAND, EntryKind
from billing.filters import BalanceFilter
from billing.lists import LEDGER
from billing.models import AccountCard, LedgerEntry
from billing.selectors.balances import Balance, balances
from billing.services.ledger import reverse
from billing.services.posting import post_by_hand
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.errors import BadInput, Reason
from cardfleet.lists.api.listed import Listed
from cards.models import Card


class EntrySerializer(serializers.ModelSerializer[LedgerEntry]):
    """A ledger entry; charges are negative."""

    class Meta:
        model = LedgerEntry
        fields = (
            "id", "account", "card", "kind", "amount", "at", "month", "of_month", "posted_at", "reference", "note",
            "reverses",
        )  # fmt: skip
        read_only_fields = fields


class PostingSerializer(serializers.Serializer[Any]):
    """A top-up, charge or adjustment of a card; `amount` above zero for top-ups and charges.

    `sure` confirms a top-up that looks like a slipped dot.
    """

    card = serializers.KeyField(Card)
    kind = serializers.ChoiceField(choices=[(kind.value, kind.label) for kind in BY_HAND])
    amount = serializers.DecimalField(max_digits=11, decimal_places=2)
    reference = serializers.CharField(required=False, allow_blank=True, max_length=120, default="")
    note = serializers.CharField(required=False, allow_blank=True, max_length=500, default="")
    sure = serializers.BooleanField(required=False, default=False)


class ReversalSerializer(serializers.Serializer[Any]):
    """Why an entry is taken back."""

    note = serializers.CharField(max_length=500)


class LedgerViewSet(Listed, viewsets.ReadOnlyModelViewSet[LedgerEntry]):
    """The ledger. Entries are added and reversed, never changed."""

    queryset = LedgerEntry.objects.all()
    serializer_class = EntrySerializer
    listing = LEDGER
    permission_classes = (HasRight,)
    right = "billing.view_ledgerentry"
    rights = {"create": "billing.post_entry", "reverse": "billing.post_entry"}

    def get_queryset(self) -> QuerySet[LedgerEntry]:
        """Return the entries in scope."""
        return LedgerEntry.objects.visible_to(person_of(self.request))

    @extend_schema(request=PostingSerializer, responses={201: EntrySerializer})
    def create(self, request: Request) -> Response:
        """Post an entry on the account that pays for a card."""
        asked = PostingSerializer(data=request.data, context={"request": request})
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        member = self.member(given["card"])
        entry = post_by_hand(
            kind=EntryKind(given["kind"]),
            account=member.account,
            card=member.card,
            amount=given["amount"],
            reference=given["reference"],
            note=given["note"],
            is_sure=given["sure"],
            actor=person_of(request),
            now=timezone.now(),
        )
        return Response(EntrySerializer(entry).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ReversalSerializer, responses={201: EntrySerializer})
    @action(detail=True, methods=["post"])
    def reverse(self, request: Request, pk: str) -> Response:
        """Take an entry back by a further one."""
        asked = ReversalSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        reversal = reverse(
            entry=self.get_object(),
            note=asked.validated_data["note"],
            actor=person_of(request),
            now=timezone.now(),
        )
        return Response(EntrySerializer(reversal).data, status=status.HTTP_201_CREATED)

    def member(self, card_id: int) -> AccountCard:
        """Return the account that pays for a card in scope."""
        cards = Card.objects.visible_to(person_of(self.request))
        found = AccountCard.objects.current().filter(card__in=cards, card_id=card_id)
        member = found.select_related("account", "card").first()
        if member is None:
            message = _("No card in your scope has this id, or no account pays for it yet.")
            raise BadInput(reasons=[Reason(code="card", message=message, field="card")])
        return member


class BalanceSerializer(serializers.Serializer[Balance]):
    """A card's balance, CNY: `balance` to act on, `computed` our own sum, `reading` what the carrier said, when and
    where it was read, and by how much it differed from ours then."""

    card = serializers.IntegerField(source="card_id")
    account = serializers.IntegerField(source="account_id")
    kind = serializers.CharField()
    payment = serializers.CharField()
    credit_limit = serializers.DecimalField(max_digits=13, decimal_places=2)
    balance = serializers.DecimalField(source="shown", max_digits=13, decimal_places=2)
    as_of = serializers.DateTimeField(allow_null=True)
    computed = serializers.DecimalField(max_digits=13, decimal_places=2)
    computed_at = serializers.DateTimeField(allow_null=True)
    reading = serializers.DecimalField(max_digits=13, decimal_places=2, allow_null=True)
    read_at = serializers.DateTimeField(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]
    difference = serializers.DecimalField(max_digits=13, decimal_places=2, allow_null=True)


class BalanceViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[AccountCard]):
    """The balances of the cards in scope that an account pays for."""

    queryset = AccountCard.objects.all()
    serializer_class: Any = BalanceSerializer
    filterset_class = BalanceFilter
    permission_classes = (HasRight,)
    ordering = ("card_id",)

    def get_queryset(self) -> QuerySet[AccountCard]:
        """Return what pays for the cards in scope."""
        return AccountCard.objects.current().filter(card__in=Card.objects.visible_to(person_of(self.request)))

    def paginate_queryset(self, queryset: Any) -> list[Any] | None:
        """Return the balances of one page of cards."""
        page = super().paginate_queryset(queryset)
        if page is None:
            return None
        found = balances([member.card_id for member in page])
        return [found[member.card_id] for member in page]
