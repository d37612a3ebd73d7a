"""How agents and assignments are found, and who sees which."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Self

from django.db.models import Count, OuterRef, Q, Subquery

from agents.choices import AgentStatus, LeavingState, RequestState
from cardfleet.accounts.models import User
from cardfleet.accounts.querysets import teams_seen
from cardfleet.kernel.clock import day_bounds
from cardfleet.kernel.keys import NaturalKey
from cardfleet.kernel.querysets import LockableQuerySet
from cards.choices import CustodyState

if TYPE_CHECKING:
    from agents.models import (
        Absence,
        Acknowledgement,
        Agent,
        Assignment,
        CalleeListing,
        CardConfirmation,
        CardRequest,
        Handover,
        Leaving,
        LeavingTask,
        Reservation,
        StockTake,
        TrainingPlan,
        TrainingRecord,
    )


class AgentQuerySet(LockableQuerySet["Agent"]):
    """Agents."""

    natural_keys = {"staff": NaturalKey(column="user__staff_no", read=str.strip)}

    def visible_to(self, user: User) -> Self:
        """Return the agents of the teams in the person's scope, and the person."""
        if user.has_perm("accounts.view_all_teams"):
            return self
        return self.filter(Q(user__team__in=teams_seen(user)) | Q(user=user))

    def active(self) -> Self:
        """Return agents who may hold cards."""
        return self.filter(status=AgentStatus.ACTIVE)

    def absent_on(self, day: date) -> Self:
        """Return agents who are away on a Shanghai day; their absences never overlap, so each comes once."""
        away = Q(absences__withdrawn_at__isnull=True, absences__starts_on__lte=day, absences__ends_on__gte=day)
        return self.filter(away)

    def with_open_cards(self) -> Self:
        """Annotate `open_cards`, how many cards each holds, and `unaccepted`, how many of them await acceptance."""
        held = Q(assignments__ended_at__isnull=True, assignments__undone_at__isnull=True)
        waiting = held & Q(assignments__accepted_at__isnull=True)
        return self.annotate(open_cards=self._counted(held), unaccepted=self._counted(waiting))

    def _counted(self, assignments: Q) -> Subquery:
        """Return how many such assignments an agent has: counted for those shown alone, so that a page costs a page."""
        own = type(self)(self.model).filter(pk=OuterRef("pk")).order_by()
        return Subquery(own.annotate(of=Count("assignments", filter=assignments)).values("of"))

    def matching(self, text: str) -> Self:
        """Return agents by staff number, the start of the name, or the start of the pinyin initials."""
        text = text.strip()
        if not text:
            return self
        return self.filter(
            Q(user__staff_no__istartswith=text)
            | Q(user__name__istartswith=text)
            | Q(user__name_initials__startswith=text.lower())
            | Q(user__name_pinyin__startswith=text.lower())
        )


class AbsenceQuerySet(LockableQuerySet["Absence"]):
    """Absences."""

    def standing(self) -> Self:
        """Return absences that were not taken back."""
        return self.filter(withdrawn_at__isnull=True)

    def on(self, day: date) -> Self:
        """Return absences that cover a Shanghai day."""
        return self.standing().filter(starts_on__lte=day, ends_on__gte=day)

    def visible_to(self, user: User) -> Self:
        """Return the absences of the agents in the person's scope, and the person's own."""
        if user.has_perm("accounts.view_all_teams"):
            return self
        return self.filter(Q(agent__user__team__in=teams_seen(user)) | Q(agent__user=user))


class AssignmentQuerySet(LockableQuerySet["Assignment"]):
    """Assignments; an undone one never happened."""

    def standing(self) -> Self:
        """Return assignments that were not undone."""
        return self.filter(undone_at__isnull=True)

    def open(self) -> Self:
        """Return assignments that hold now."""
        return self.standing().filter(ended_at__isnull=True)

    def unaccepted(self) -> Self:
        """Return hand-overs that nobody signed for yet."""
        return self.open().filter(accepted_at__isnull=True)

    def returns_due(self, day: date) -> Self:
        """Return assignments whose card is to come back on a day (Shanghai) or was before, or must for a reason."""
        must = Q(card__custody_state=CustodyState.RETURN_DUE)
        return self.open().filter(must | Q(due_back_on__lte=day))

    def at(self, moment: datetime) -> Self:
        """Return assignments that held at a moment."""
        return self.standing().filter(started_at__lte=moment).filter(Q(ended_at__isnull=True) | Q(ended_at__gt=moment))

    def on(self, day: date) -> Self:
        """Return assignments that held at any time of a Shanghai day."""
        start, end = day_bounds(day)
        return self.standing().filter(started_at__lt=end).filter(Q(ended_at__isnull=True) | Q(ended_at__gt=start))

    def visible_to(self, user: User) -> Self:
        """Return the assignments of cards or agents in the person's scope."""
        if user.has_perm("accounts.view_all_teams"):
            return self
        return self.filter(
            Q(agent__user__team__in=teams_seen(user)) | Q(card__team__in=teams_seen(user)) | Q(agent__user=user)
        )


class HandoverQuerySet(LockableQuerySet["Handover"]):
    """Receipts of hand-overs."""

    def visible_to(self, user: User) -> Self:
        """Return the receipts of the agents in the person's scope, and the person's own."""
        if user.has_perm("accounts.view_all_teams"):
            return self
        return self.filter(Q(agent__user__team__in=teams_seen(user)) | Q(agent__user=user))


class ReservationQuerySet(LockableQuerySet["Reservation"]):
    """Reservations of cards."""

    def standing(self, day: date) -> Self:
        """Return those that hold on a day or will later."""
        return self.filter(ended_at__isnull=True, ends_on__gte=day)

    def visible_to(self, user: User) -> Self:
        """Return the reservations of cards in the person's scope, or for a team or agent in it."""
        if user.has_perm("accounts.view_all_teams"):
            return self
        seen = teams_seen(user)
        return self.filter(Q(card__team__in=seen) | Q(team__in=seen) | Q(agent__user__team__in=seen))


class CardRequestQuerySet(LockableQuerySet["CardRequest"]):
    """Agents' requests for cards."""

    def open(self) -> Self:
        """Return requests for which somebody still has to do something."""
        return self.filter(state__in=[RequestState.WAITING, RequestState.APPROVED])

    def visible_to(self, user: User) -> Self:
        """Return the requests of the agents in the person's scope, and the person's own."""
        if user.has_perm("accounts.view_all_teams"):
            return self
        return self.filter(Q(agent__user__team__in=teams_seen(user)) | Q(agent__user=user))


class TrainingRecordQuerySet(LockableQuerySet["TrainingRecord"]):
    """Training records."""

    def visible_to(self, user: User) -> Self:
        """Return the records of the agents in the person's scope, and the person's own."""
        if user.has_perm("accounts.view_all_teams"):
            return self
        return self.filter(Q(agent__user__team__in=teams_seen(user)) | Q(agent__user=user))

    def valid_on(self, day: date) -> Self:
        """Return records that count on a day."""
        return self.filter(revoked_at__isnull=True, passed_on__lte=day).filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=day)
        )


class TrainingPlanQuerySet(LockableQuerySet["TrainingPlan"]):
    """Plans of training."""

    def visible_to(self, user: User) -> Self:
        """Return the plans for teams in the person's scope, and those for everybody."""
        if user.has_perm("accounts.view_all_teams"):
            return self
        return self.filter(Q(team=None) | Q(team__in=teams_seen(user)))

    def binding(self, user: User) -> Self:
        """Return the plans for everybody, for the person's own team, and for what it is part of."""
        path = str(user.team.path) if user.team else ""
        return self.filter(Q(team=None) | Q(team__in=[int(part) for part in path.split("/") if part]))

    def standing(self) -> Self:
        """Return plans that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class AcknowledgementQuerySet(LockableQuerySet["Acknowledgement"]):
    """What people acknowledged."""

    def visible_to(self, user: User) -> Self:
        """Return those of people in the person's scope, and the person's own."""
        if user.has_perm("accounts.view_all_teams"):
            return self
        return self.filter(Q(user__team__in=teams_seen(user)) | Q(user=user))


class CalleeListingQuerySet(LockableQuerySet["CalleeListing"]):
    """What callees have said. No scope: a refusal is made to the company, not to a team."""

    def open(self) -> Self:
        """Return listings that nobody ended; one of them may have expired meanwhile."""
        return self.filter(ended_at__isnull=True)

    def in_force(self, moment: datetime) -> Self:
        """Return listings that hold at a moment."""
        return (
            self.filter(given_at__lte=moment)
            .filter(Q(ended_at__isnull=True) | Q(ended_at__gt=moment))
            .filter(Q(expires_at__isnull=True) | Q(expires_at__gt=moment))
        )


class StockTakeQuerySet(LockableQuerySet["StockTake"]):
    """Stock-takes."""

    def visible_to(self, user: User) -> Self:
        """Return the counts of teams in the person's scope, and those the person started."""
        if user.has_perm("accounts.view_all_teams"):
            return self
        return self.filter(Q(team__in=teams_seen(user)) | Q(started_by=user))

    def open(self) -> Self:
        """Return counts that go on."""
        return self.filter(closed_at__isnull=True)


class LeavingQuerySet(LockableQuerySet["Leaving"]):
    """Leavings of agents."""

    def open(self) -> Self:
        """Return leavings of which something is still to be done."""
        return self.filter(finished_at__isnull=True, withdrawn_at__isnull=True)

    def in_states(self, states: Iterable[str]) -> Self:
        """Return leavings in any of these states."""
        going = Q(finished_at__isnull=True, withdrawn_at__isnull=True)
        meaning = {
            LeavingState.NOTICED: going & Q(left_at__isnull=True),
            LeavingState.GOING_ON: going & Q(left_at__isnull=False),
            LeavingState.FINISHED: Q(finished_at__isnull=False),
            LeavingState.WITHDRAWN: Q(withdrawn_at__isnull=False),
        }
        return self.filter(reduce(or_, [meaning[LeavingState(state)] for state in states]))

    def visible_to(self, user: User) -> Self:
        """Return the leavings of the agents in the person's scope."""
        if user.has_perm("accounts.view_all_teams"):
            return self
        return self.filter(agent__user__team__in=teams_seen(user))


class LeavingTaskQuerySet(LockableQuerySet["LeavingTask"]):
    """Tasks of leavings."""

    def undone(self) -> Self:
        """Return tasks still to be done, of leavings that go on."""
        open_ones = Q(leaving__finished_at__isnull=True, leaving__withdrawn_at__isnull=True)
        return self.filter(open_ones, done_at__isnull=True)


class ConfirmationQuerySet(LockableQuerySet["CardConfirmation"]):
    """What holders say of their cards."""

    def visible_to(self, user: User) -> Self:
        """Return what was said of the cards of the teams in the person's scope, and by the person."""
        if user.has_perm("accounts.view_all_teams"):
            return self
        return self.filter(Q(card__team__in=teams_seen(user)) | Q(agent__user=user))

    def unsettled(self) -> Self:
        """Return those with something wrong that nobody put right yet."""
        return self.filter(settled_at__isnull=True).exclude(wrong=[])
