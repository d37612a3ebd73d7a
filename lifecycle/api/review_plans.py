"""`/api/v1/number-reviews/`: every how many days the numbers of an industry are looked at again (R101)."""

from django.utils import timezone
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from cardfleet.accounts.access import person_of
from cardfleet.kernel.api import serializers, viewsets
from cardfleet.kernel.api.permissions import HasRight
from lifecycle.models import NumberReviewPlan
from lifecycle.services.number_reviews import edit_review_plan, record_review_plan


class ReviewPlanSerializer(serializers.ModelSerializer[NumberReviewPlan]):
    """The interval of an industry, in days from 7 to 731."""

    every_days = serializers.IntegerField(min_value=7, max_value=731, default=180)

    class Meta:
        model = NumberReviewPlan
        fields = ("id", "industry", "every_days", "is_active", "is_illustrative")


class ReviewPlanViewSet(viewsets.ReadOnlyModelViewSet[NumberReviewPlan]):
    """The intervals; the reviews themselves are cases of kind `number_review`."""

    queryset = NumberReviewPlan.objects.all()
    serializer_class = ReviewPlanSerializer
    permission_classes = (HasRight,)
    right = "lifecycle.view_numberreviewplan"
    rights = {"create": "lifecycle.add_numberreviewplan", "partial_update": "lifecycle.change_numberreviewplan"}
    ordering = ("industry",)

    def create(self, request: Request) -> Response:
        """Record the interval of an industry."""
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        plan = record_review_plan(facts=asked.validated_data, actor=person_of(request), now=timezone.now())
        return Response(self.get_serializer(plan).data, status=status.HTTP_201_CREATED)

    def partial_update(self, request: Request, pk: str) -> Response:
        """Change an interval."""
        asked = self.get_serializer(self.get_object(), data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        plan = edit_review_plan(
            plan_id=int(pk), changes=asked.validated_data, actor=person_of(request), now=timezone.now()
        )
        return Response(self.get_serializer(plan).data)
