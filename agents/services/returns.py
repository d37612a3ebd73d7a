"""Cards that are to come back on a day: the day is moved, holders and givers are reminded (R11)."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from agents.errors import HandoverEnded, ReturnNotUsable
from agents.messages import RETURNS_DUE, RETURNS_LATE
from agents.models import Assignment
from agents.querysets import AssignmentQuerySet
from agents.rules.returns import is_giver_reminded, is_holder_reminded
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import NotVisible, Reason
from cardfleet.kernel.navigation import url_or_empty
from cardfleet.kernel.transactions import one_transaction
from cardfleet.notify.services import Telling, tell_many

LINES = 20


@one_transaction
def set_return_day(
    *, assignment_id: int, due_back_on: date | None, assignments: AssignmentQuerySet, actor: User, now: datetime
) -> Assignment:
    """Say on which day a card is to come back, or that it may stay; `assignments` are those in scope.

    NotVisible, HandoverEnded, ReturnNotUsable for a day that is over.
    """
    held = assignments.filter(pk=assignment_id).select_related("card", "agent").locked().first()
    if held is None:
        raise NotVisible
    if held.ended_at or held.undone_at:
        raise HandoverEnded
    if due_back_on and due_back_on < business_day(now):
        message = _("This day is over. Choose a later one, or none.")
        raise ReturnNotUsable(reasons=[Reason(code="in_the_past", field="due_back_on", message=message)])
    before, held.due_back_on = held.due_back_on, due_back_on
    held.save(update_fields=["due_back_on"])
    record(
        actor=actor,
        action="agents.return_day_changed",
        subject=held.card,
        related=(held.agent, held),
        now=now,
        data={"before": _text(before), "after": _text(due_back_on)},
    )
    return held


@transaction.atomic
def remind_returns(*, today: date, now: datetime) -> dict[str, int]:
    """Remind holders and those who handed out; one message a person and day however many cards and runs."""
    soon = Assignment.objects.open().filter(due_back_on__lte=today + timedelta(days=1))
    due = list(soon.select_related("card", "agent__user", "handed_by").order_by("due_back_on", "pk"))
    holders = _by_person((held, held.agent.user) for held in due if _is(is_holder_reminded, held, today))
    givers = _by_person((held, held.handed_by) for held in due if _is(is_giver_reminded, held, today))
    tellings = [_telling(RETURNS_DUE, "lifecycle:my", person, cards, today) for person, cards in holders.items()]
    tellings += [_telling(RETURNS_LATE, "lifecycle:return", person, cards, today) for person, cards in givers.items()]
    tell_many(tellings=tellings, now=now)
    return {"due": len(due), "holders": len(holders), "givers": len(givers)}


def _is(rule: Callable[..., bool], held: Assignment, today: date) -> bool:
    return held.due_back_on is not None and rule(held.due_back_on, today=today)


def _by_person(rows: Iterable[tuple[Assignment, User | None]]) -> dict[User, list[Assignment]]:
    found: defaultdict[User, list[Assignment]] = defaultdict(list)
    for held, person in rows:
        if person and person.is_active:
            found[person].append(held)
    return found


def _telling(code: str, page: str, person: User, cards: list[Assignment], today: date) -> Telling:
    lines = [f"{held.card.masked_msisdn} {held.agent} {_text(held.due_back_on)}" for held in cards[:LINES]]
    return Telling(
        user=person,
        code=code,
        params={"count": len(cards), "lines": "\n".join(lines)},
        key=f"{code}:{today.isoformat()}",
        url=url_or_empty(page),
        email=True,
    )


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""
