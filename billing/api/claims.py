"""`/api/v1/claims/`: one's own claims, and those in scope for who decides on them."""

from django.db.models import QuerySet

from billing.filters import ClaimFilter
from billing.models import Claim, ClaimLine
from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight


class ClaimLineSerializer(serializers.ModelSerializer[ClaimLine]):
    """An invoice of a claim and its card."""

    number = serializers.CharField(source="invoice.number", read_only=True)
    issued_on = serializers.DateField(source="invoice.issued_on", read_only=True)

    class Meta:
        model = ClaimLine
        fields = ("id", "card", "number", "issued_on", "amount")
        read_only_fields = fields


class ClaimSerializer(serializers.ModelSerializer[Claim]):
    """A claim; amounts in CNY."""

    lines = ClaimLineSerializer(many=True, read_only=True)

    class Meta:
        model = Claim
        fields = (
            "id", "claimant", "month", "state", "amount", "cap", "payable", "is_late", "note", "submitted_at",
            "decided_at", "reason", "lines",
        )  # fmt: skip
        read_only_fields = fields


class ClaimViewSet(viewsets.ReadOnlyModelViewSet[Claim]):
    """Claims, the latest first; they are filed and decided on the pages."""

    queryset = Claim.objects.all()
    serializer_class = ClaimSerializer
    filterset_class = ClaimFilter
    permission_classes = (HasRight,)
    right = "billing.view_claim"

    def get_queryset(self) -> QuerySet[Claim]:
        """Return the claims in scope."""
        return Claim.objects.visible_to(person_of(self.request)).prefetch_related("lines__invoice")
