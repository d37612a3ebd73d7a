"""Who leaves, and what of it is done by now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, Min, OuterRef, Q

from agents.choices import LeavingTaskKind
from agents.models import Assignment, Leaving, LeavingPolicy, LeavingTask
from agents.querysets import LeavingQuerySet, LeavingTaskQuerySet
from agents.rules.leaving import BY_HAND, Leaver, Terms
from cardfleet.accounts.models import User
from cards.choices import ENDED
from cards.models import Card, CardSecret

SECRETS = ("pin1", "pin2", "puk1", "puk2", "service_password")


@dataclass(frozen=True, kw_only=True)
class TaskRow:
    """A task as the page shows it. `is_met`: done by what the books say now, though nobody has noted it yet."""

    task: LeavingTask
    is_met: bool
    today: date

    @property
    def is_done(self) -> bool:
        """Whether it is done."""
        return self.is_met or self.task.done_at is not None

    @property
    def is_late(self) -> bool:
        """Whether its day is over."""
        return not self.is_done and self.task.due_on < self.today

    @property
    def by_hand(self) -> bool:
        """Whether somebody may say that it is done."""
        return self.task.kind in BY_HAND


def met_tasks(tasks: LeavingTaskQuerySet) -> LeavingTaskQuerySet:
    """Return the undone tasks of which the books say that they are done."""
    kind = LeavingTaskKind
    in_hand = Assignment.objects.open().filter(card=OuterRef("card"), agent=OuterRef("leaving__agent"))
    changed = CardSecret.objects.filter(card=OuterRef("card"), changed_at__gte=OuterRef("leaving__left_at"))
    ended = Q(card__service_state__in=sorted(ENDED))
    return tasks.undone().filter(
        Q(kind=kind.ACCESS, leaving__agent__user__is_active=False)
        | (Q(kind=kind.RETURN) & ~Exists(in_hand))
        | (Q(kind=kind.SECRETS) & (ended | Exists(changed)))
        | (Q(kind=kind.USER) & (ended | ~Q(card__actual_user=F("leaving__agent__user"))))
    )


def task_rows(leaving: Leaving, *, today: date) -> Sequence[TaskRow]:
    """Return the tasks of a leaving: of the person, then card by card."""
    mine = LeavingTask.objects.filter(leaving=leaving)
    met = set(met_tasks(mine).values_list("pk", flat=True))
    listed = mine.select_related("card__carrier", "card__registrant", "done_by").order_by(
        F("card").asc(nulls_first=True), "pk"
    )
    return [TaskRow(task=task, is_met=task.pk in met, today=today) for task in listed]


def with_progress(leavings: LeavingQuerySet) -> LeavingQuerySet:
    """Let each leaving tell `undone`, how many tasks are left, `in_hand`, how many cards, and `next_due`."""
    left = Q(tasks__done_at__isnull=True)
    return leavings.annotate(
        undone=Count("tasks", filter=left),
        in_hand=Count("tasks", filter=left & Q(tasks__kind=LeavingTaskKind.RETURN)),
        next_due=Min("tasks__due_on", filter=left),
    )


def leaver_facts(*, person: User, held: Sequence[int], leaves_on: date) -> Leaver:
    """Return what decides the tasks of somebody who leaves."""
    stored = ~Q(**dict.fromkeys(SECRETS, ""))
    return Leaver(
        leaves_on=leaves_on,
        held=held,
        with_secrets=list(CardSecret.objects.filter(stored, card__in=held).values_list("card", flat=True)),
        registered=list(Card.objects.live().filter(actual_user=person).values_list("pk", flat=True)),
    )


def leaving_terms() -> Terms:
    """Return the days administrators set; the usual ones where the row is not there yet."""
    policy = LeavingPolicy.objects.filter(pk=1).values(*Terms.__dataclass_fields__).first()
    return Terms(**policy) if policy else Terms()
