"""What was warned of and complained about, and what was done (R35, R40, R42, R83)."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lifecycle.models import Alert, Complaint, MatterStep, NumberMark, Reverification
from lifecycle.rules.desk.matters import PLANS
from lifecycle.rules.packs.shown import cleaned
from lifecycle.rules.texts import render
from lifecycle.selectors.packs.custody import named
from lifecycle.selectors.packs.scope import COUNT, DAY, WHEN, PackScope, Part, columns, part, said

STEPS: dict[str, Any] = {plan.code: plan.label for plans in PLANS.values() for plan in plans}


def conduct(scope: PackScope) -> list[Part]:
    """Return alerts, complaints with their steps, marks and re-verifications."""
    return [_alerts(scope), _complaints(scope), _complaint_steps(scope), _marks(scope), _reverifications(scope)]


def _alerts(scope: PackScope) -> Part:
    shown = scope.shown
    told = columns(
        (_("alert"), COUNT),
        (_("card id"), COUNT),
        _("kind"),
        _("severity"),
        _("what it says"),
        (_("since"), WHEN),
        (_("due"), WHEN),
        (_("times it came back"), COUNT),
        _("state"),
        (_("acknowledged at"), WHEN),
        _("acknowledged by"),
        _("assigned to"),
        (_("steps escalated"), COUNT),
        (_("closed at"), WHEN),
        (_("rule id"), COUNT),
    )

    def row(alert: Any) -> list[Any]:
        return [
            alert.pk,
            alert.card_id,
            alert.get_kind_display(),
            alert.get_severity_display(),
            cleaned(render(alert.code, alert.params)),
            alert.first_seen_at,
            alert.due_at,
            alert.reopened,
            alert.get_state_display(),
            alert.acknowledged_at,
            named(shown, alert.acknowledged_by),
            named(shown, alert.assignee),
            alert.escalation,
            alert.closed_at,
            alert.rule_id,
        ]

    lasts = Q(closed_at__isnull=True) | Q(closed_at__gte=scope.start)
    alerts = Alert.objects.filter(lasts, card__in=scope.card_ids, first_seen_at__lt=scope.end)
    joined = alerts.select_related("acknowledged_by", "assignee").order_by("card_id", "pk")
    return part("alerts", _("Alerts and what was done on them"), told, joined, row)


def _complaints(scope: PackScope) -> Part:
    told = columns(
        (_("complaint"), COUNT),
        (_("card id"), COUNT),
        _("kind"),
        (_("received at"), WHEN),
        _("through"),
        _("found valid"),
        _("summary"),
        (_("takes back"), COUNT),
        _("outcome"),
        (_("closed at"), WHEN),
        _("why"),
    )

    def row(complaint: Any) -> list[Any]:
        matter = getattr(complaint, "matter", None)
        return [
            complaint.pk,
            complaint.card_id,
            complaint.get_kind_display(),
            complaint.received_at,
            cleaned(complaint.channel),
            said(complaint.is_valid),
            cleaned(complaint.summary),
            complaint.reverses_id,
            matter and matter.get_outcome_display(),
            matter and matter.closed_at,
            matter and cleaned(matter.because),
        ]

    return part(
        "complaints", _("Complaints and notifications"), told, complaints_of(scope).select_related("matter"), row
    )


def complaints_of(scope: PackScope) -> Any:
    """Return the complaints that came in the time."""
    received = Complaint.objects.filter(scope.within("received_at"), card__in=scope.card_ids)
    return received.order_by("card_id", "pk")


def _complaint_steps(scope: PackScope) -> Part:
    shown = scope.shown
    told = columns(
        (_("complaint"), COUNT),
        _("step of the complaint"),
        (_("due"), WHEN),
        (_("done at"), WHEN),
        _("done by"),
        _("note"),
    )
    of_these = complaints_of(scope).order_by().values("pk")
    steps = MatterStep.objects.filter(matter__complaint__in=of_these).select_related("matter", "done_by")
    return part(
        "complaint_steps",
        _("Steps of complaints with their clocks"),
        told,
        steps.order_by("matter__complaint_id", "position"),
        lambda step: [
            step.matter.complaint_id,
            STEPS.get(step.code, step.code),
            step.due_at,
            step.done_at,
            named(shown, step.done_by),
            cleaned(step.note),
        ],
    )


def _marks(scope: PackScope) -> Part:
    told = columns(
        (_("card id"), COUNT), _("platform"), _("label shown"), (_("marked since"), DAY), (_("marked until"), DAY)
    )
    shows = Q(ended_on__isnull=True) | Q(ended_on__gte=scope.first)
    marks = NumberMark.objects.filter(shows, card__in=scope.card_ids, marked_on__lte=scope.last)
    fields = ("card", "platform", "label", "marked_on", "ended_on")
    return part("marks", _("Marks of numbers"), told, marks.order_by("card", "pk").values_list(*fields), list)


def _reverifications(scope: PackScope) -> Part:
    shown = scope.shown
    told = columns(
        (_("card id"), COUNT),
        (_("notice came at"), WHEN),
        (_("to be done by"), WHEN),
        _("told through"),
        (_("verified at"), WHEN),
        _("done by"),
        _("note"),
    )
    asked = Reverification.objects.filter(scope.within("noticed_at"), card__in=scope.card_ids)
    return part(
        "reverifications",
        _("Re-verifications"),
        told,
        asked.select_related("done_by").order_by("card_id", "pk"),
        lambda one: [
            one.card_id,
            one.noticed_at,
            one.due_at,
            one.source,
            one.done_at,
            named(shown, one.done_by),
            cleaned(one.note),
        ],
    )
