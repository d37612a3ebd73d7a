"""What machines ask: is the process alive, may it be sent requests, how is it doing."""

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView

from cardfleet.kernel import gauges, health

LOOPBACK = frozenset({"127.0.0.1", "::1"})


@never_cache
@require_safe
def alive(_request: HttpRequest) -> HttpResponse:
    """Answer that the process runs; nothing else is looked at."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """Answer 200 when database, Redis and a worker are there, else 503; which one, by name."""
    found = {result.name: "unwell" if result.advice else "ok" for result in health.readiness()}
    well = "unwell" not in found.values()
    return JsonResponse({"status": "ok" if well else "unwell", "checks": found}, status=200 if well else 503)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer Prometheus when it brings METRICS_TOKEN, or from this machine itself while no token is set."""
    if not _may_scrape(request):
        return HttpResponseForbidden()
    answer: HttpResponse = ExportToDjangoView(request)
    answer.write(gauges.exposed())
    return answer


def _may_scrape(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        return secrets.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    # A proxy on this machine makes every visitor look local; what it adds gives them away.
    return request.META["REMOTE_ADDR"] in LOOPBACK and "X-Forwarded-For" not in request.headers
