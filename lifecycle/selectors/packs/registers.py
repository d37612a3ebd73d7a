"""What held for the cards, and how the company looks after it: rules, laws, audits (R2, R21, R57)."""

from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from cards.models import CarrierRule
from lifecycle.models import AuditAnswer, Law, LawReview
from lifecycle.rules.kinds import KINDS
from lifecycle.rules.packs.shown import cleaned
from lifecycle.selectors.packs.custody import named
from lifecycle.selectors.packs.scope import COUNT, DAY, WHEN, PackScope, Part, columns, part, said

RULE = columns(
    (_("rule id"), COUNT),
    _("rule"),
    (_("version"), COUNT),
    _("carrier"),
    _("plan"),
    _("region"),
    _("industry"),
    (_("card id"), COUNT),
    (_("warn at"), COUNT),
    (_("limit"), COUNT),
    _("unit"),
    _("window"),
    _("severity"),
    _("action"),
    _("what the carrier does"),
    _("source"),
    _("confidence"),
    _("illustrative"),
    (_("from"), DAY),
    (_("until (not included)"), DAY),
    _("why it was changed"),
    _("written by"),
    (_("written at"), WHEN),
)


def registers(scope: PackScope) -> list[Part]:
    """Return the rule versions in force in the time, the laws as of its last day, their reviews, and audits."""
    return [_rules(scope), _laws(scope), _reviews(scope), _audits(scope)]


def rules_of(scope: PackScope) -> Any:
    """Return the versions that were in force on a day of the time, for the carriers of the cards or for all."""
    lasts = Q(effective_to__isnull=True) | Q(effective_to__gt=Greatest(scope.first, F("effective_from")))
    of_theirs = Q(carrier__isnull=True) | Q(carrier__in=scope.cards.order_by().values("carrier"))
    of_them = Q(card__isnull=True) | Q(card__in=scope.card_ids)
    return CarrierRule.objects.filter(lasts, of_theirs, of_them, effective_from__lte=scope.last)


def _rules(scope: PackScope) -> Part:
    shown = scope.shown

    def row(rule: Any) -> list[Any]:
        return [
            rule.pk,
            KINDS[rule.kind].label if rule.kind in KINDS else rule.kind,
            rule.version,
            rule.carrier,
            rule.plan,
            rule.region,
            rule.industry,
            rule.card_id,
            rule.warn,
            rule.limit,
            rule.unit,
            rule.window,
            rule.get_severity_display(),
            rule.get_action_display(),
            rule.consequence,
            rule.source,
            rule.get_confidence_display(),
            said(rule.is_illustrative),
            rule.effective_from,
            rule.effective_to,
            cleaned(rule.reason),
            named(shown, rule.created_by),
            rule.created_at,
        ]

    versions = rules_of(scope).select_related("carrier", "plan", "created_by").order_by("kind", "lineage", "version")
    return part("rules", _("Carriers’ rules in force, with their versions"), RULE, versions, row)


def _laws(scope: PackScope) -> Part:
    shown = scope.shown
    told = columns(
        _("kind"),
        _("name"),
        _("articles that matter"),
        _("what it asks of us"),
        _("where it was read"),
        (_("in force from"), DAY),
        _("who looks after it"),
        (_("next review"), DAY),
    )
    known = Q(in_force_from__isnull=True) | Q(in_force_from__lte=scope.last)
    laws = Law.objects.filter(known, is_active=True).select_related("owner").order_by("kind", "name")
    return part(
        "laws",
        _("Register of laws and contracts"),
        told,
        laws,
        lambda law: [
            law.get_kind_display(),
            law.name,
            law.articles,
            law.asks,
            law.source,
            law.in_force_from,
            named(shown, law.owner),
            law.review_on,
        ],
    )


def _reviews(scope: PackScope) -> Part:
    shown = scope.shown
    told = columns(
        _("name"),
        (_("reviewed at"), WHEN),
        _("reviewed by"),
        _("what was found"),
        _("what changed, and what we do about it"),
        (_("next review"), DAY),
        (_("people told"), COUNT),
    )
    reviews = LawReview.objects.filter(at__lt=scope.end).select_related("law", "by").order_by("law__name", "pk")
    return part(
        "law_reviews",
        _("Reviews of laws and contracts"),
        told,
        reviews,
        lambda one: [
            one.law.name,
            one.at,
            named(shown, one.by),
            one.get_finding_display(),
            cleaned(one.note),
            one.next_on,
            one.told,
        ],
    )


def _audits(scope: PackScope) -> Part:
    shown = scope.shown
    told = columns(
        (_("audit"), COUNT),
        _("kind"),
        _("campaign or year"),
        (_("version"), COUNT),
        (_("opened at"), WHEN),
        (_("closed at"), WHEN),
        _("conclusion"),
        (_("question"), COUNT),
        _("text"),
        _("answer given"),
        _("proof or measure"),
        (_("put right by"), DAY),
        (_("answered at"), WHEN),
        _("answered by"),
    )

    def row(answer: Any) -> list[Any]:
        audit, questions = answer.audit, answer.audit.checklist.questions
        return [
            audit.pk,
            audit.checklist.get_kind_display(),
            audit.title,
            audit.checklist.version,
            audit.opened_at,
            audit.closed_at,
            cleaned(audit.conclusion),
            answer.number,
            questions[answer.number - 1] if answer.number <= len(questions) else "",
            answer.get_verdict_display(),
            cleaned(answer.note),
            answer.measure_by,
            answer.at,
            named(shown, answer.by),
        ]

    answers = answers_of(scope).select_related("audit__checklist", "by").order_by("audit_id", "number")
    return part("audits", _("Checklists and self-audits"), told, answers, row)


def answers_of(scope: PackScope) -> Any:
    """Return the answers of the audits that reach into the time."""
    lasts = Q(audit__closed_at__isnull=True) | Q(audit__closed_at__gte=scope.start)
    return AuditAnswer.objects.filter(lasts, audit__opened_at__lt=scope.end, at__lt=scope.end)
