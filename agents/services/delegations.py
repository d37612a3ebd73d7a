"""Telling both sides of a lending: that it was given, ends tomorrow, was ended early (R12).

The lending itself is `cardfleet.accounts`', which stands below messages: so it is looked for, and each is told once.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from agents.messages import DELEGATION_ENDED, DELEGATION_ENDS, DELEGATION_GIVEN
from cardfleet.accounts.models import Delegation
from cardfleet.kernel.clock import to_the_minute
from cardfleet.kernel.navigation import url_or_empty
from cardfleet.notify.services import Telling, tell_many

LATELY = AHEAD = timedelta(days=1)


@transaction.atomic
def tell_of_delegations(*, now: datetime) -> dict[str, int]:
    """Tell giver and receiver of what was given or ended within a day or ends within one; each once."""
    fresh = Q(given_at__gt=now - LATELY) | Q(revoked_at__gt=now - LATELY)
    ending = Q(revoked_at__isnull=True, ends_at__gt=now, ends_at__lte=now + AHEAD)
    found = Delegation.objects.filter(fresh | ending).select_related("giver", "receiver", "team")
    tellings = [telling for lent in found for telling in _tellings(lent, now)]
    tell_many(tellings=tellings, now=now)
    return {"lendings": len(found), "told": len(tellings)}


def _tellings(lent: Delegation, now: datetime) -> Iterator[Telling]:
    days = {name: to_the_minute(day) for name, day in _days(lent).items()}
    params = {"giver": lent.giver.name, "receiver": lent.receiver.name, "team": lent.team.name, **days}
    for code in _codes(lent, now):
        for person in (lent.giver, lent.receiver):
            if person.is_active:
                key, url = f"{code}:{lent.pk}", url_or_empty("accounts:delegations")
                yield Telling(user=person, code=code, params={**params, "reason": lent.reason}, key=key, url=url)


def _days(lent: Delegation) -> dict[str, datetime]:
    return {"start": lent.starts_at, "end": lent.revoked_at or lent.ends_at}


def _codes(lent: Delegation, now: datetime) -> Iterator[str]:
    """Yield what there is to tell. One of a day or less is not announced to end."""
    if lent.given_at > now - LATELY:
        yield DELEGATION_GIVEN
    if lent.revoked_at:
        yield DELEGATION_ENDED
    elif lent.ends_at <= now + AHEAD and lent.ends_at - lent.starts_at > AHEAD:
        yield DELEGATION_ENDS
