"""The least that lists cost: bare views of the same rows, without sign-in, scope, filters or middleware.

`floors.ask` asks them through Django's own WSGI handler, as `asking.Product` asks the product.
"""

from typing import Any

import orjson
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.urls import path
from knox.auth import TokenAuthentication
from rest_framework import pagination, permissions, renderers, serializers, viewsets

from cards.models import Card
from lifecycle.api.cards import CardSerializer

PAGE = 50
FIELDS = [name for name in CardSerializer.Meta.fields if name not in ("holder", "risk_score", "risk_band")]


def bare_cards(request: HttpRequest) -> HttpResponse:
    """Answer the first 50 cards: values(), LIMIT, orjson; no count."""
    joined = {"holder_agent": F("holder__agent__id"), "risk_score": F("risk__score"), "risk_band": F("risk__band")}
    rows = list(Card.objects.order_by("-id").values(*FIELDS, **joined)[:PAGE])
    return HttpResponse(orjson.dumps({"results": rows}), content_type="application/json")


class PlainSerializer(serializers.ModelSerializer[Card]):
    """The same fields by a ModelSerializer."""

    holder = serializers.IntegerField(source="holder.agent.pk", default=None)
    risk_score = serializers.IntegerField(source="risk.score", default=None)
    risk_band = serializers.CharField(source="risk.band", default=None)

    class Meta:
        model = Card
        fields = CardSerializer.Meta.fields


class PlainPages(pagination.PageNumberPagination):
    """Numbered pages of 50."""

    page_size = PAGE


class PlainViewSet(viewsets.ModelViewSet[Card]):
    """What Django REST framework's tutorial makes of the same list: ModelViewSet, token, numbered pages."""

    queryset = Card.objects.select_related("holder__agent", "risk").order_by("-id")
    serializer_class: type[serializers.BaseSerializer[Any]] = PlainSerializer
    authentication_classes = (TokenAuthentication,)
    permission_classes = (permissions.IsAuthenticated,)
    pagination_class = PlainPages
    filter_backends = ()
    renderer_classes = (renderers.JSONRenderer,)


urlpatterns = [
    path("cards/", bare_cards),
    path("plain/", PlainViewSet.as_view({"get": "list"})),
]
