"""So many requests a minute for each token: a script that runs wild keeps nobody else waiting."""

import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from cardfleet.kernel.api.rows import row_of

WINDOW_S = 60
HEADERS = "rate_headers"


class TokenThrottle(BaseThrottle):
    """Counts the requests of a token, or of a person in a browser, in whole minutes; 0 in the settings counts none.

    Whoever is not signed in is not counted here: guessing is limited by name and address. Where the counter cannot be
    reached everybody may pass, for it guards against haste alone. A job's rows came in one request, which was counted.
    """

    def allow_request(self, request: Request, view: Any) -> bool:
        """Tell whether the request is one of those that may still come in this minute."""
        most: int = settings.API_REQUESTS_A_MINUTE
        if not most or not request.user.is_authenticated or row_of(request):
            return True
        second = int(time.time())
        self.waits = WINDOW_S - second % WINDOW_S
        try:
            seen = counted(f"api:{second // WINDOW_S}:{getattr(request.auth, 'digest', request.user.pk)}")
        except RedisError:
            return True
        left = max(most - seen, 0)
        told = {
            "RateLimit-Policy": f'"minute";q={most};w={WINDOW_S}',
            "RateLimit": f'"minute";r={left};t={self.waits}',
        }
        setattr(request._request, HEADERS, told)  # noqa: SLF001 - the middleware answers with them
        return seen <= most

    def wait(self) -> float | None:
        """Return the seconds until the next minute."""
        return float(self.waits)


def counted(key: str) -> int:
    """Count one more, and return how many there were."""
    try:
        return int(cache.incr(key))
    except ValueError:
        cache.add(key, 0, timeout=2 * WINDOW_S)
        return int(cache.incr(key))
