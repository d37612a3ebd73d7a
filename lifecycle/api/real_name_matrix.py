"""`/api/v1/real-name/`: registrant, registered user, holder and department of each card (R23, R74, R85)."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import mixins

from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from cardfleet.lists.api.listed import Listed
from cards.choices.real_name import RealNameFault
from cards.models import Card
from lifecycle.lists.real_name import REAL_NAME, matrix_of


class RealNameSerializer(serializers.ModelSerializer[Card]):
    """A card (`id`) as its real name has it, and what is wrong; people are ids, never an ID number.

    `on_id_here` and `on_id` count live numbers on the registrant's ID, with this carrier and in all.
    """

    proof_valid_until = serializers.DateField(
        source="registrant.proof_valid_until", read_only=True, allow_null=True, default=None
    )
    on_id_here = serializers.IntegerField(read_only=True)
    on_id = serializers.IntegerField(read_only=True)
    user_since = serializers.DateTimeField(read_only=True, allow_null=True)
    holder: Any = serializers.IntegerField(source="holder.agent.pk", read_only=True, allow_null=True, default=None)
    faults = serializers.ListField(child=serializers.ChoiceField(choices=RealNameFault.choices), read_only=True)

    class Meta:
        model = Card
        fields = (
            "id", "carrier", "team", "real_name_state", "registrant", "proof_valid_until", "on_id_here", "on_id",
            "actual_user", "user_since", "holder", "faults",
        )  # fmt: skip
        read_only_fields = fields


class RealNameViewSet(Listed, mixins.ListModelMixin, viewsets.GenericViewSet[Card]):
    """The live cards in the person's scope."""

    queryset = Card.objects.all()
    serializer_class = RealNameSerializer
    listing = REAL_NAME
    permission_classes = (HasRight,)
    right = "cards.view_real_name"

    def get_queryset(self) -> QuerySet[Any]:
        """Return the matrix."""
        related = ("registrant", "holder__agent")
        return matrix_of(person_of(self.request)).select_related(*related).defer("registrant__id_number")
