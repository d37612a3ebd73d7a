"""Reports of the API: one answer of figures, asked for in the words of a form."""

from typing import Any, ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.views import APIView

from cardfleet.kernel.api.permissions import HasRight
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.queries import Query


class Report(APIView):
    """A report; `asks` are its parameters, and any other is BadInput."""

    permission_classes = (HasRight,)
    right: ClassVar[str] = ""
    asks: ClassVar[type[Query]] = Query

    def asked(self, request: Request) -> dict[str, Any]:
        """Return what is asked for. BadInput."""
        return self.asks.read(request.query_params, today=business_day(timezone.now()))
