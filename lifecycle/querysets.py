"""How alerts are found, and who sees which."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Self

from django.db.models import F, Q

from agents.models import Agent
from cardfleet.accounts.models import User
from cardfleet.accounts.querysets import teams_seen
from cardfleet.kernel.clock import month_start, next_month
from cardfleet.kernel.querysets import LockableQuerySet
from cards.models import Card
from lifecycle.choices import AlertState, MatterKind, StepState
from lifecycle.rules.priority import GRAVE, WAITED_FOR

if TYPE_CHECKING:
    from lifecycle.models import (
        Alert,
        CallQuality,
        CardSwitch,
        Case,
        CaseStep,
        Complaint,
        Connection,
        CustomerProblem,
        EvidencePack,
        Forwarding,
        Matter,
        NumberMark,
        NumberNotice,
        Playbook,
        QualityCheck,
        Reverification,
    )


OWN_REQUESTS = (MatterKind.ACCESS, MatterKind.CORRECT, MatterKind.DELETE)


def for_today(tomorrow: datetime) -> Q:
    """Return what of alerts must be seen to before `tomorrow`, the first moment of the next Shanghai day.

    What has no deadline is for today when it is grave; stops always are: somebody waits.
    """
    return Q(kind__in=WAITED_FOR) | Q(due_at__lt=tomorrow) | Q(due_at__isnull=True, severity__in=GRAVE)


class AlertQuerySet(LockableQuerySet["Alert"]):
    """Alerts."""

    def open(self) -> Self:
        """Return alerts whose cause is still there, acknowledged or not."""
        return self.exclude(state=AlertState.CLOSED)

    def awake(self, now: datetime) -> Self:
        """Return alerts that are not resting."""
        return self.filter(Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=now))

    def visible_to(self, user: User) -> Self:
        """Return alerts about cards and agents in the person's scope, the person's own; matters of the desk and
        connections for who sees those.
        """
        if user.has_perm("accounts.view_all_teams"):
            seen = self if user.has_perm("lifecycle.view_desk") else self.filter(matter__isnull=True)
            return seen if user.has_perm("lifecycle.view_connection") else seen.filter(connection__isnull=True)
        # What is seen is gathered first: through the relations every open alert of the fleet would be joined.
        return self.filter(Q(card__in=Card.objects.visible_to(user)) | Q(agent__in=Agent.objects.visible_to(user)))


class ComplaintQuerySet(LockableQuerySet["Complaint"]):
    """Complaints and notifications."""

    def visible_to(self, user: User) -> Self:
        """Return those about cards in the person's scope."""
        return self.filter(card__in=Card.objects.visible_to(user))

    def standing(self) -> Self:
        """Return rows that were not taken back, without those that take back."""
        return self.filter(reverses__isnull=True, reversed_by__isnull=True)


class NumberMarkQuerySet(LockableQuerySet["NumberMark"]):
    """Marks of numbers."""

    def visible_to(self, user: User) -> Self:
        """Return those of cards in the person's scope."""
        return self.filter(card__in=Card.objects.visible_to(user))

    def open(self) -> Self:
        """Return marks that are shown still."""
        return self.filter(ended_on__isnull=True)


class ReverificationQuerySet(LockableQuerySet["Reverification"]):
    """Re-verifications."""

    def visible_to(self, user: User) -> Self:
        """Return those of cards in the person's scope."""
        return self.filter(card__in=Card.objects.visible_to(user))

    def open(self) -> Self:
        """Return those not done yet."""
        return self.filter(done_at__isnull=True)


class CardSwitchQuerySet(LockableQuerySet["CardSwitch"]):
    """Switches from a stopped card to a spare."""

    def visible_to(self, user: User) -> Self:
        """Return those from cards in the person's scope."""
        return self.filter(old_card__in=Card.objects.visible_to(user))


class NumberNoticeQuerySet(LockableQuerySet["NumberNotice"]):
    """Notices of changed numbers."""

    def visible_to(self, user: User) -> Self:
        """Return those of numbers in the person's scope."""
        return self.filter(old_card__in=Card.objects.visible_to(user))


class ForwardingQuerySet(LockableQuerySet["Forwarding"]):
    """Forwardings of old numbers."""

    def visible_to(self, user: User) -> Self:
        """Return those of numbers in the person's scope."""
        return self.filter(old_card__in=Card.objects.visible_to(user))

    def open(self) -> Self:
        """Return those not ended yet."""
        return self.filter(ended_at__isnull=True)


class CallQualityQuerySet(LockableQuerySet["CallQuality"]):
    """Opinions of calls."""

    def visible_to(self, user: User) -> Self:
        """Return those of cards in the person's scope."""
        return self.filter(card__in=Card.objects.visible_to(user))


class CaseQuerySet(LockableQuerySet["Case"]):
    """Cases."""

    def open(self) -> Self:
        """Return cases without an outcome."""
        return self.filter(closed_at__isnull=True)

    def visible_to(self, user: User) -> Self:
        """Return the cases of cards in the person's scope, and those the person opened."""
        if user.has_perm("accounts.view_all_teams"):
            return self
        return self.filter(Q(card__team__in=teams_seen(user)) | Q(card__holder=user) | Q(opened_by=user))


class CustomerProblemQuerySet(LockableQuerySet["CustomerProblem"]):
    """Customers' problems."""

    def visible_to(self, user: User) -> Self:
        """Return those of the agents in the person's scope, and the person's own."""
        if user.has_perm("accounts.view_all_teams"):
            return self
        return self.filter(Q(agent__user__team__in=teams_seen(user)) | Q(agent__user=user))

    def waiting_first(self) -> Self:
        """Return them, what is not solved first, then the latest solved."""
        return self.order_by(F("solved_at").desc(nulls_first=True), "-id")


class CaseStepQuerySet(LockableQuerySet["CaseStep"]):
    """Steps of cases."""

    def standing(self) -> Self:
        """Return the rows that were not put right."""
        return self.exclude(state=StepState.VOID)

    def ahead(self) -> Self:
        """Return what still has to be done."""
        return self.filter(state__in=(StepState.WAITING, StepState.OPEN, StepState.HALF_DONE))


class MatterQuerySet(LockableQuerySet["Matter"]):
    """Matters of the compliance desk."""

    def open(self) -> Self:
        """Return matters without an outcome."""
        return self.filter(closed_at__isnull=True)

    def visible_to(self, user: User) -> Self:
        """Return all to those at the desk, to others what they asked for about themselves."""
        return self if user.has_perm("lifecycle.view_desk") else self.filter(about=user, kind__in=OWN_REQUESTS)


class PlaybookQuerySet(LockableQuerySet["Playbook"]):
    """Versions of playbooks."""

    def in_force(self, day: date) -> Self:
        """Return the versions in force on a day (a date), of each scope the latest first."""
        return self.filter(effective_from__lte=day).order_by("-effective_from", "-version")


class QualityCheckQuerySet(LockableQuerySet["QualityCheck"]):
    """Checked calls."""

    def visible_to(self, user: User) -> Self:
        """Return the checks of the agents in the person's scope, and the person's own."""
        if user.has_perm("accounts.view_all_teams"):
            return self
        return self.filter(Q(agent__user__team__in=teams_seen(user)) | Q(agent__user=user))

    def of_month(self, agent: "Agent", day: date) -> Self:
        """Return those of an agent's calls in the month of a day, the latest first."""
        return self.filter(agent=agent, called_on__gte=month_start(day), called_on__lt=next_month(day)).order_by(
            "-called_on", "-id"
        )


class EvidencePackQuerySet(LockableQuerySet["EvidencePack"]):
    """Evidence packs."""

    def visible_to(self, user: User) -> Self:
        """Return all to those who may make packs and see every team, to others who may what they asked for."""
        if not user.has_perm("lifecycle.make_pack"):
            return self.none()
        return self if user.has_perm("accounts.view_all_teams") else self.filter(asked_by=user)


class ConnectionQuerySet(LockableQuerySet["Connection"]):
    """Connections to others."""

    def due(self, now: datetime) -> Self:
        """Return those switched on whose time has come."""
        return self.filter(is_enabled=True, next_try_at__lte=now)
