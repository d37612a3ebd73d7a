"""Who called with the cards: training, commitments, policies; and what callees said (R57, R60, R72, R73, R112)."""

from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy as _

from agents.choices import ListingEnd, ListingKind
from agents.models import Acknowledgement, CalleeListing, CourseVersion, PolicyVersion, TrainingRecord
from cardfleet.kernel.clock import SHANGHAI, business_day
from cards.choices import Purpose
from lifecycle.selectors.packs.custody import named
from lifecycle.selectors.packs.scope import COUNT, DAY, WHEN, PackScope, Part, columns, part, said

KINDS: dict[str, Any] = dict(ListingKind.choices)
PURPOSES: dict[str, Any] = dict(Purpose.choices)


def people(scope: PackScope) -> list[Part]:
    """Return trainings with what was signed, the courses, the policies signed and their texts, consents by month."""
    return [_training(scope), _courses(scope), _policies(scope), _policy_texts(scope), _consents(scope)]


def _training(scope: PackScope) -> Part:
    shown = scope.shown
    told = columns(
        _("agent"),
        _("course"),
        _("kind"),
        _("required before a card is issued"),
        (_("version"), COUNT),
        (_("passed on"), DAY),
        (_("valid until"), DAY),
        (_("score"), COUNT),
        _("commitment signed with the name"),
        _("recorded by"),
        (_("recorded at"), WHEN),
        (_("revoked at"), WHEN),
    )

    def row(record: Any) -> list[Any]:
        return [
            named(shown, record.agent.user),
            record.course.title,
            record.course.get_kind_display(),
            said(record.course.is_required),
            record.version and record.version.number,
            record.passed_on,
            record.valid_until,
            record.score,
            shown.name(record.signed_name),
            named(shown, record.recorded_by),
            record.recorded_at,
            record.revoked_at,
        ]

    holds = Q(valid_until__isnull=True) | Q(valid_until__gte=scope.first)
    records = TrainingRecord.objects.filter(holds, passed_on__lte=scope.last, recorded_at__lt=scope.end)
    joined = records.filter(agent__in=scope.agent_ids).select_related("agent__user", "course", "version", "recorded_by")
    title = _("Training and commitments of those who held the cards")
    return part("training", title, told, joined.order_by("agent_id", "passed_on", "pk"), row)


def _courses(scope: PackScope) -> Part:
    told = columns(
        _("course"),
        (_("version"), COUNT),
        (_("published at"), WHEN),
        (_("pass mark (per cent)"), COUNT),
        _("what is taught"),
        _("commitment that is signed"),
    )
    versions = CourseVersion.objects.filter(published_at__lt=scope.end).select_related("course")
    return part(
        "courses",
        _("Courses and what is signed with them"),
        told,
        versions.order_by("course__code", "number"),
        lambda one: [one.course.title, one.number, one.published_at, one.pass_mark, one.text, one.commitment],
    )


def _policies(scope: PackScope) -> Part:
    shown = scope.shown
    told = columns(_("person"), _("policy"), (_("version"), COUNT), (_("signed at"), WHEN), _("signed with the name"))
    held_by = scope.held.filter(undone_at__isnull=True).order_by().values("agent__user")
    signed = Acknowledgement.objects.filter(user__in=held_by, at__lt=scope.end)
    return part(
        "policies",
        _("Policies signed by those who held the cards"),
        told,
        signed.select_related("user", "version__policy").order_by("user_id", "pk"),
        lambda one: [
            named(shown, one.user),
            one.version.policy.title,
            one.version.number,
            one.at,
            shown.name(one.signed_name),
        ],
    )


def _policy_texts(scope: PackScope) -> Part:
    told = columns(_("policy"), (_("version"), COUNT), (_("in force from"), DAY), (_("published at"), WHEN), _("text"))
    texts = PolicyVersion.objects.filter(published_at__lt=scope.end).select_related("policy")
    return part(
        "policy_texts",
        _("Policies in their versions"),
        told,
        texts.order_by("policy__code", "number"),
        lambda one: [one.policy.title, one.number, one.effective_from, one.published_at, one.text],
    )


def _consents(scope: PackScope) -> Part:
    """Count refusals and consents that held in the time, by the month of their giving; no hash of a callee goes out."""
    told = columns(
        (_("month"), DAY),
        _("kind"),
        _("purpose"),
        (_("entries"), COUNT),
        (_("with a proof"), COUNT),
        (_("ended meanwhile"), COUNT),
        (_("of them withdrawn"), COUNT),
    )
    held = Q(ended_at__isnull=True) | Q(ended_at__gte=scope.start)
    given = CalleeListing.objects.filter(held, given_at__lt=scope.end).order_by()
    by_month = given.annotate(month=TruncMonth("given_at", tzinfo=SHANGHAI)).values_list("month", "kind", "purpose")
    counted = by_month.annotate(
        many=Count("pk"),
        proven=Count("proof"),
        ended=Count("pk", filter=Q(ended_at__lt=scope.end)),
        withdrawn=Count("pk", filter=Q(ended_at__lt=scope.end, end=ListingEnd.WITHDRAWN)),
    ).order_by("month", "kind", "purpose")

    def row(one: Any) -> list[Any]:
        month, kind, purpose, *figures = one
        return [business_day(month), KINDS.get(kind, kind), PURPOSES.get(purpose, _("all")), *figures]

    return part("consents", _("Consents and refusals of callees, by month"), told, counted, row)
