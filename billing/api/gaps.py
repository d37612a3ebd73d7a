"""`/api/v1/balances/unexplained/`: accounts that differ from their carrier's balance by what nothing explains."""

from django.db.models import QuerySet
from rest_framework import mixins

from billing.lists import GAPS
from billing.models import BalanceGap
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.lists.api.listed import Listed


class GapSerializer(serializers.ModelSerializer[BalanceGap]):
    """An account, CNY: `said` by the carrier at `read_at`, `computed` by us for then, and since when it differs so."""

    said = serializers.DecimalField(source="reading.balance", max_digits=13, decimal_places=2, read_only=True)
    read_at = serializers.DateTimeField(source="reading.read_at", read_only=True)

    class Meta:
        model = BalanceGap
        fields = ("account", "said", "read_at", "computed", "amount", "since", "looked_at")
        read_only_fields = fields


class BalanceGapViewSet(Listed, mixins.ListModelMixin, viewsets.GenericViewSet[BalanceGap]):
    """Unexplained differences of the accounts in scope, the longest first."""

    queryset = BalanceGap.objects.all()
    serializer_class = GapSerializer
    listing = GAPS
    permission_classes = (HasRight,)
    right = "billing.view_balancegap"
    ordering = ("since", "account_id")

    def get_queryset(self) -> QuerySet[BalanceGap]:
        """Return those in scope."""
        return BalanceGap.objects.visible_to(person_of(self.request)).sized().select_related("reading")
