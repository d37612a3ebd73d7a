"""What a failure of the surroundings means to who asked: database or Redis away, no space left, a defect of ours.

Nothing here needs the database: it is what cannot be asked.
"""

import errno
import sys
from http import HTTPStatus

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from redis.exceptions import ConnectionError as RedisGone
from redis.exceptions import TimeoutError as RedisSilent

from cardfleet.kernel.api.middleware import API
from cardfleet.kernel.errors import Refusal

NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
# Classes of SQLSTATE: the connection failed, the server is being stopped or started, it takes no more connections.
AWAY = ("08", "57P", "53300")
DISK_FULL = "53100"
AGAIN_S = 30


class DatabaseAway(Refusal):
    """The database does not answer. Whether a write that was on its way is stored, nobody knows."""

    code = "database_away"
    status = 503
    sentence = _(
        "The database does not answer at the moment. Try again in a minute; "
        "if you were entering something, look first whether it is there."
    )


class RedisAway(Refusal):
    """What is counted and remembered for a moment does not answer; the rest goes on without."""

    code = "redis_away"
    status = 503
    sentence = _("This cannot be done for the moment: Redis does not answer. Try again in a minute.")


class StorageFull(Refusal):
    """No space is left for a file; nothing of it was kept."""

    code = "storage_full"
    status = 507
    sentence = _("No space is left for files. Nothing was stored. Tell whoever runs the server, then try again.")


class DatabaseFull(Refusal):
    """The database takes nothing more for want of room; it answers what is asked, and takes all again once it has."""

    code = "database_full"
    status = 507
    sentence = _(
        "The database has no room left. Nothing was stored; what is there can be looked at as before. "
        "Tell whoever runs the server, then try again."
    )


class Defect(Refusal):
    """An error of ours."""

    code = "unexpected"
    status = 500
    sentence = _("Something went wrong on our side. It has been recorded; try again in a minute.")


def outage_of(error: BaseException | None) -> Refusal | None:
    """Return what an exception of the surroundings means; None for one that is of ours."""
    match error:
        case OperationalError() | InterfaceError():
            state = getattr(error.__cause__, "pgcode", None) or ""
            if state == DISK_FULL:
                return DatabaseFull()
            return DatabaseAway() if not state or state.startswith(AWAY) else None
        case RedisGone() | RedisSilent():
            return RedisAway()
        case OSError() if error.errno in NO_SPACE:
            return StorageFull()
    return None


def answer(request: HttpRequest) -> HttpResponse:
    """Answer a request whose exception nobody took (`handler500`): in the API's shape, or as a page that needs nothing.

    A page speaks the language chosen in this browser, else the company's: who asks cannot be looked up.
    """
    outage = outage_of(sys.exception())
    refusal = outage or Defect()
    if request.path.startswith(API):
        response: HttpResponse = JsonResponse(refusal.as_json(), status=refusal.status)
    else:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        template = "errors/outage.html" if outage else "500.html"
        with translation.override(language):
            response = HttpResponse(loader.render_to_string(template, {"refusal": refusal}), status=refusal.status)
    if refusal.status == HTTPStatus.SERVICE_UNAVAILABLE:
        response["Retry-After"] = str(AGAIN_S)
    return response
