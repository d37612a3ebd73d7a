"""How long sessions and tokens that ran out are kept."""

from collections.abc import Mapping
from datetime import date, datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from knox.models import AuthToken

from cardfleet.kernel.clock import day_start
from cardfleet.kernel.retention import NO_FLOOR, Category, Due, Effect, Rows, deleted, register

SESSIONS = Rows(past=lambda moment: Session.objects.filter(expire_date__lt=moment), at="expire_date", drop=deleted)
TOKENS = Rows(past=lambda moment: AuthToken.objects.filter(expiry__lt=moment), at="expiry", drop=deleted)


def _look(before: date) -> Due:
    sessions, tokens = SESSIONS.look(before), TOKENS.look(before)
    found = [due for due in (sessions, tokens) if due.count]
    return Due(
        count=sessions.count + tokens.count,
        oldest=min((due.oldest for due in found if due.oldest), default=None),
        newest=max((due.newest for due in found if due.newest), default=None),
    )


@transaction.atomic
def _drop(before: date, _now: datetime) -> Mapping[str, int]:
    start = day_start(before)
    rows = Session.objects.filter(expire_date__lt=start).delete()[0]
    open_still = Session.objects.filter(pk=OuterRef("session_key"))
    UserSession.objects.filter(~Exists(open_still), last_seen_at__lt=start).delete()
    return {"rows": rows + AuthToken.objects.filter(expiry__lt=start).delete()[1].get("knox.AuthToken", 0)}


register(
    Category(
        code="sign_ins",
        label=_("Sessions and tokens that ran out"),
        floor=NO_FLOOR,
        default=0,
        since=_("their end"),
        effect=Effect.DELETED,
        look=_look,
        drop=_drop,
        at_once=200_000,
    )
)
