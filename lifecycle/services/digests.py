"""The daily digest: what is open in a person's scope, once a day at the hour they chose."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, F
from django.utils import translation

from cardfleet.accounts.models import User
from cardfleet.kernel.clock import SHANGHAI, business_day
from cardfleet.kernel.navigation import url_or_empty
from cardfleet.notify.rules.wishes import Wishes
from cardfleet.notify.selectors import digest_readers, wishes_of
from cardfleet.notify.services import Telling, tell_many
from lifecycle.choices import AlertKind
from lifecycle.messages import DIGEST, TOPICS
from lifecycle.models import Alert
from lifecycle.selectors.alerts import GRAVITY
from lifecycle.services.alert_delivery import LINES, line


@transaction.atomic
def send_digests(*, on: date, now: datetime) -> dict[str, int]:
    """Send today's digest to those whose hour has come and who have not got it. Past days' are not sent any more.

    Two queries a reader, once a day. Nothing open is said in the inbox only.
    """
    if on != business_day(now):
        return {"sent": 0}
    key = f"digest:{on.isoformat()}"
    people = list(digest_readers(now.astimezone(SHANGHAI).time(), key=key))
    wishes = wishes_of({person.pk for person in people})
    tell_many(tellings=[_telling(person, wishes[person.pk], key, now) for person in people], now=now)
    return {"sent": len(people)}


def _telling(person: User, wishes: Wishes, key: str, now: datetime) -> Telling:
    kinds = [kind for kind in AlertKind if wishes.is_in_digest(TOPICS[kind])]
    standing = Alert.objects.open().awake(now).visible_to(person).filter(kind__in=kinds)
    counts: Mapping[str, int] = dict(standing.order_by().values_list("kind").annotate(Count("pk", distinct=True)))
    related = ("card__team", "agent__user", "matter", "connection", "group__carrier", "group__notice__carrier")
    first = standing.select_related(*related).order_by(GRAVITY, F("due_at").asc(nulls_last=True), "pk")[:LINES]
    with translation.override(person.language or None):
        heaps = sorted(counts.items(), key=lambda heap: -heap[1])
        lines = [f"{AlertKind(kind).label} {count}" for kind, count in heaps] + [line(alert) for alert in first]
    return Telling(
        user=person,
        code=DIGEST,
        params={"count": sum(counts.values()), "lines": "\n".join(lines)},
        key=key,
        url=url_or_empty("lifecycle:alerts"),
        email=bool(counts),
    )
