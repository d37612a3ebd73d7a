"""The alerts about cards of people who left, and the cases that wind those cards up (R76)."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext

from agents.choices import LeavingTaskKind
from agents.errors.leaving import ClaimsOpen
from agents.models import Leaving, LeavingTask
from agents.selectors.leaving import met_tasks
from agents.services.leavers import watch_leavers
from agents.services.leaving import complete_task, finish
from billing.selectors.claim_terms import waiting_claims
from cardfleet.accounts.models import User
from cardfleet.kernel.clock import business_day, day_bounds
from cardfleet.kernel.errors import Reason
from cards.choices import RegistrantKind, StopReason
from cards.models import Card
from lifecycle.choices import AlertKind, CaseKind
from lifecycle.rules.leavers import HELD_BY_LEAVER, OpenCard, grave
from lifecycle.services.alert_delivery import tell_of_alerts
from lifecycle.services.alerts import Cause, settle_alerts
from lifecycle.services.cases import open_cases
from lifecycle.services.cases.opening import OpenedCases

CARDS = (LeavingTaskKind.RETURN, LeavingTaskKind.USER)


def look_after_leavers(*, today: date, now: datetime) -> dict[str, int]:
    """End what is due, note what is done, and make the alerts equal to what is left; run twice, once is enough."""
    counts = watch_leavers(today=today, now=now)
    return {**counts, **settle_leaver_alerts(now=now)}


@transaction.atomic
def settle_leaver_alerts(*, now: datetime, card_ids: Collection[int] | None = None) -> dict[str, int]:
    """Open, refresh and close the alerts about cards of leavers: one a card, of the graver matter."""
    tasks = LeavingTask.objects.undone().filter(leaving__left_at__isnull=False, kind__in=CARDS)
    if card_ids is not None:
        tasks = tasks.filter(card__in=card_ids)
    left = tasks.exclude(pk__in=met_tasks(tasks).values("pk")).select_related("leaving").order_by("-kind", "pk")
    causes: dict[int, Cause] = {}
    for task in left:
        cause = _cause(task, now=now)
        if cause and task.card_id and (task.card_id not in causes or cause.code == HELD_BY_LEAVER):
            causes[task.card_id] = cause
    outcome = settle_alerts(kinds=(AlertKind.LEAVER,), causes=list(causes.values()), now=now, card_ids=card_ids)
    tell_of_alerts(outcome.news, run="leavers", now=now)
    return outcome.counts()


@transaction.atomic
def complete_leaver_task(*, leaving_id: int, task_id: int, note: str, actor: User | None, now: datetime) -> LeavingTask:
    """Record by hand that something is wound up; claims are settled only once none waits. ClaimsOpen names them."""
    task = complete_task(leaving_id=leaving_id, task_id=task_id, note=note, actor=actor, now=now)
    if task.kind == LeavingTaskKind.CLAIMS and (waiting := waiting_claims(task.leaving.agent)):
        raise ClaimsOpen(
            reasons=[Reason(code="claim", message=f"#{one.pk} {one.get_state_display()}") for one in waiting]
        )
    return task


@transaction.atomic
def finish_leaving(*, leaving_id: int, actor: User | None, now: datetime) -> Leaving:
    """Close a leaving of which all is wound up, and with it the alerts about its cards. Errors as `finish`."""
    leaving = finish(leaving_id=leaving_id, actor=actor, now=now)
    settle_leaver_alerts(now=now)
    return leaving


@transaction.atomic
def open_leaver_cases(
    *, leaving: Leaving, card_ids: Sequence[int], cancel: bool, actor: User | None, now: datetime
) -> OpenedCases:
    """Open on each of a leaver's cards what winds it up: a cancellation, or a change of user, a transfer where the
    card is in a person's name. Cards on which one cannot be opened come back with their reasons.
    """
    cards = Card.objects.filter(pk__in=card_ids).select_related("registrant").order_by("pk")
    by_kind: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for card in cards:
        by_kind[_case_of(card, cancel=cancel)].append(card.pk)
    outcome = OpenedCases()
    note = gettext("Left on %(day)s") % {"day": leaving.leaves_on}
    for (kind, reason), ids in by_kind.items():
        opened = open_cases(card_ids=ids, kind=kind, reason=reason, note=note, actor=actor, now=now)
        outcome.cases.extend(opened.cases)
        outcome.refused.update(opened.refused)
    return outcome


def _case_of(card: Card, *, cancel: bool) -> tuple[str, str]:
    if cancel:
        return CaseKind.CANCELLATION, StopReason.UNUSED
    if card.registrant and card.registrant.kind == RegistrantKind.PERSON:
        return CaseKind.TRANSFER, StopReason.BUSINESS_CHANGE
    return CaseKind.USER_CHANGE, StopReason.BUSINESS_CHANGE


def _cause(task: LeavingTask, *, now: datetime) -> Cause | None:
    leaving = task.leaving
    found = grave(OpenCard(kind=task.kind, left_on=leaving.leaves_on, due_on=task.due_on), today=business_day(now))
    if found is None:
        return None
    params = {"leaving": leaving.pk, "left_on": leaving.leaves_on.isoformat(), "due_on": task.due_on.isoformat()}
    return Cause(
        kind=AlertKind.LEAVER,
        card_id=task.card_id,
        severity=found.severity,
        code=found.code,
        params=params,
        due_at=day_bounds(task.due_on)[1],
    )
