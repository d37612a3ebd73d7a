"""The cases of the cards: how each was opened, its steps, whom we spoke to, what was noted, how it ended (R34, R44)."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lifecycle.models import Case, CaseComment, CaseContact, CaseStep
from lifecycle.playbooks.registry import reason_words, step_label
from lifecycle.rules.packs.shown import cleaned
from lifecycle.selectors.packs.custody import named
from lifecycle.selectors.packs.scope import COUNT, WHEN, PackScope, Part, columns, part, said

CASE = columns(
    (_("case"), COUNT),
    (_("card id"), COUNT),
    _("kind"),
    _("reason"),
    _("cause confirmed by the carrier"),
    _("source"),
    _("what happened"),
    (_("opened at"), WHEN),
    _("opened by"),
    _("assigned to"),
    _("escalation"),
    (_("closed at"), WHEN),
    _("closed by"),
    _("outcome"),
    _("closing note"),
)
STEP = columns(
    (_("case"), COUNT),
    (_("position"), COUNT),
    _("step of the case"),
    _("state"),
    _("proof"),
    _("later steps wait for it"),
    (_("open since"), WHEN),
    (_("due"), WHEN),
    (_("done at"), WHEN),
    _("done by"),
    (_("confirmed at"), WHEN),
    _("confirmed by"),
    _("note"),
    _("why it was put right"),
)
CONTACT = columns(
    (_("case"), COUNT),
    (_("time"), WHEN),
    _("reached through"),
    _("escalation"),
    _("whom we spoke to"),
    _("what was said"),
    _("the carrier's ticket"),
    (_("recorded at"), WHEN),
    _("recorded by"),
)


def cases(scope: PackScope) -> list[Part]:
    """Return the cases, their steps, contacts and comments."""
    return [_cases(scope), _steps(scope), _contacts(scope), _comments(scope)]


def cases_of(scope: PackScope) -> Any:
    """Return the cases that reach into the time."""
    lasts = Q(closed_at__isnull=True) | Q(closed_at__gte=scope.start)
    return Case.objects.filter(lasts, card__in=scope.card_ids, opened_at__lt=scope.end)


def _ids(scope: PackScope) -> Any:
    return cases_of(scope).order_by().values("pk")


def _cases(scope: PackScope) -> Part:
    shown = scope.shown

    def row(case: Any) -> list[Any]:
        return [
            case.pk,
            case.card_id,
            case.get_kind_display(),
            reason_words(case.reason) if case.reason else "",
            case.get_cause_display(),
            case.get_source_display(),
            cleaned(case.note),
            case.opened_at,
            named(shown, case.opened_by),
            named(shown, case.assignee),
            case.get_level_display(),
            case.closed_at,
            named(shown, case.closed_by),
            case.get_outcome_display(),
            cleaned(case.closing_note),
        ]

    joined = cases_of(scope).select_related("opened_by", "assignee", "closed_by")
    return part("cases", _("Cases"), CASE, joined.order_by("card_id", "pk"), row)


def _steps(scope: PackScope) -> Part:
    shown = scope.shown

    def row(step: Any) -> list[Any]:
        return [
            step.case_id,
            step.position,
            step_label(step),
            step.get_state_display(),
            step.get_evidence_display(),
            said(step.is_gate),
            step.opened_at,
            step.due_at,
            step.done_at,
            named(shown, step.done_by),
            step.second_at,
            named(shown, step.second_by),
            cleaned(step.note),
            cleaned(step.why_again),
        ]

    steps = CaseStep.objects.filter(case__in=_ids(scope)).select_related("case", "done_by", "second_by")
    return part("case_steps", _("Steps of cases"), STEP, steps.order_by("case_id", "position", "pk"), row)


def _contacts(scope: PackScope) -> Part:
    shown = scope.shown

    def row(contact: Any) -> list[Any]:
        return [
            contact.case_id,
            contact.at,
            contact.get_channel_display(),
            contact.get_level_display(),
            shown.name(contact.person),
            cleaned(contact.said),
            contact.ticket,
            contact.recorded_at,
            named(shown, contact.recorded_by),
        ]

    contacts = CaseContact.objects.filter(case__in=_ids(scope), at__lt=scope.end).select_related("recorded_by")
    return part("case_contacts", _("Contacts in cases"), CONTACT, contacts.order_by("case_id", "at", "pk"), row)


def _comments(scope: PackScope) -> Part:
    shown = scope.shown
    told = columns((_("case"), COUNT), (_("time"), WHEN), _("recorded by"), _("comment"))
    comments = CaseComment.objects.filter(case__in=_ids(scope), at__lt=scope.end).select_related("by")
    return part(
        "case_comments",
        _("Comments on cases"),
        told,
        comments.order_by("case_id", "pk"),
        lambda one: [one.case_id, one.at, named(shown, one.by), cleaned(one.text)],
    )
