"""The least that lists cost: bare views of the same rows, without sign-in, scope, filters or middleware.

`floors.ask` asks them through Django's own WSGI handler, as `asking.Product` asks the product.
"""

from typing import Any

import orjson
from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.urls import path
from django.utils import timezone
from knox.auth import TokenAuthentication
from rest_framework import pagination, permissions, renderers, serializers, viewsets

from agents.models import Assignment
from billing.models import AccountCard, UsageDaily
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

    queryset = Card.objects.select_related("holder__agent", "risk").prefetch_related("tags").order_by("-id")
    serializer_class: type[serializers.BaseSerializer[Any]] = PlainSerializer
    authentication_classes = (TokenAuthentication,)
    permission_classes = (permissions.IsAuthenticated,)
    pagination_class = PlainPages
    filter_backends = ()
    renderer_classes = (renderers.JSONRenderer,)


PAGE_OF_CARDS = Template("""<!doctype html><title>Cards</title><p>{{ count }}</p><table>{% for card in cards %}
<tr><td><a href="/cards/{{ card.pk }}/">{{ card.msisdn }}</a> {{ card.iccid }}</td>
<td>{{ card.carrier.name }} {{ card.plan.name }}</td>
<td>{{ card.get_service_state_display }} {{ card.get_stop_reason_display }} {{ card.service_since }}</td>
<td>{{ card.holder.name }} {{ card.team.name }}</td><td>{{ card.balance }}</td>
<td>{{ card.risk.calls_today }} / {{ card.risk.call_limit }}</td><td>{{ card.risk.score }}</td>
<td>{{ card.expires_on }}</td><td>{{ card.last_call_on }}</td>
<td>{{ card.get_custody_state_display }} {{ card.location }}</td></tr>
{% endfor %}</table>""")


def bare_page(request: HttpRequest) -> HttpResponse:
    """Answer 50 cards named by id, with what the list page tells of them, as a plain table with a count."""
    money = AccountCard.objects.filter(card=OuterRef("pk"), ends_on=None).values("account__balance")[:1]
    calls = UsageDaily.objects.filter(card_id=OuterRef("pk")).order_by("-day").values("day")[:1]
    cards = Card.objects.select_related("carrier", "plan", "holder", "team", "risk").order_by("pk")
    shown = cards.filter(pk__in=request.GET["ids"].split(","))
    rows = shown.annotate(balance=Subquery(money), last_call_on=Subquery(calls))
    return HttpResponse(PAGE_OF_CARDS.render(Context({"cards": rows, "count": Card.objects.count()})))


def bare_issue(request: HttpRequest, card: int, agent: int) -> HttpResponse:
    """Hand out a card with nothing but a lock, an update and an insert."""
    now = timezone.now()
    with transaction.atomic():
        locked = Card.objects.select_for_update().get(pk=card)
        Card.objects.filter(pk=locked.pk).update(custody_state="issued", custody_since=now, updated_at=now)
        Assignment.objects.create(card=locked, agent_id=agent, started_at=now, recorded_at=now)
    return HttpResponse(orjson.dumps({"card": locked.pk}), content_type="application/json")


urlpatterns = [
    path("cards/", bare_cards),
    path("page/", bare_page),
    path("issue/<int:card>/<int:agent>/", bare_issue),
    path("plain/", PlainViewSet.as_view({"get": "list"})),
]
