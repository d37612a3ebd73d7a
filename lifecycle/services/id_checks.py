"""Asking every agent once a year to look up the numbers under their own ID (反诈法 art. 10)."""

from datetime import date, datetime

from django.db import transaction

from agents.models import Agent
from cardfleet.accounts.models import User
from cardfleet.kernel.navigation import url_or_empty
from cardfleet.notify.services import Telling, tell_many
from cards.services.id_checks import ask_id_checks
from lifecycle.messages import ID_CHECK


@transaction.atomic
def ask_everybody(*, today: date, now: datetime) -> int:
    """Ask each active agent whom nobody asked this year, tell them, and return how many; run twice, once is enough."""
    agents = Agent.objects.active().filter(user__is_active=True)
    people = list(User.objects.filter(pk__in=agents.values("user")).order_by("pk"))
    asked = ask_id_checks(people=people, today=today, now=now)
    url = url_or_empty("lifecycle:my-id-check")
    params = {"year": today.year}
    tell_many(
        tellings=[
            Telling(user=person, code=ID_CHECK, params=params, key=f"{ID_CHECK}:{today.year}", url=url)
            for person in asked
        ],
        now=now,
    )
    return len(asked)
