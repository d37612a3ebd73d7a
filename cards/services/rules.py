"""Carrier rules: written, superseded and confirmed, never edited once in force (invariant 9; R2, R21)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.files.models import StoredFile
from cardfleet.files.services import attach
from cardfleet.journal.recording import Deed, record, record_many
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.editing import assign
from cardfleet.kernel.errors import BadInput, Reason
from cards.errors import NothingToRestore, PeriodRefused
from cards.models import CarrierRule

SCOPE = frozenset({"carrier", "plan", "region", "industry", "card"})
VALUES = frozenset(
    {
        "warn",
        "limit",
        "unit",
        "window",
        "params",
        "severity",
        "action",
        "consequence",
        "source",
        "document",
        "confidence",
        "is_illustrative",
    }
)


def write_rule(
    *, kind: str, facts: Mapping[str, Any], effective_from: date, reason: str, actor: User | None, now: datetime
) -> CarrierRule:
    """Write the first version of a rule, in force from a day (Shanghai), with its scope and values by field name."""
    return write_rules(rules=[(kind, facts)], effective_from=effective_from, reason=reason, actor=actor, now=now)[0]


@transaction.atomic
def write_rules(
    *,
    rules: Iterable[tuple[str, Mapping[str, Any]]],
    effective_from: date,
    reason: str,
    actor: User | None,
    now: datetime,
) -> list[CarrierRule]:
    """Write the first versions of rules, each a kind and its facts, all or none; as `write_rule`.

    PeriodRefused where another rule of the kind holds for the same cards at the same time.
    """
    written = []
    for kind, facts in rules:
        rule = CarrierRule(kind=kind, effective_from=effective_from, reason=reason, created_by=actor, created_at=now)
        assign(rule, facts, editable=SCOPE | VALUES)
        written.append(rule)
    _refuse_overlaps(written)
    CarrierRule.objects.bulk_create(written)
    deeds = (
        Deed(action="cards.rule_written", subject=rule, reason=reason, data={"kind": rule.kind}) for rule in written
    )
    record_many(deeds, actor=actor, now=now)
    return written


@transaction.atomic
def write_version(
    *,
    rule_id: int,
    changes: Mapping[str, Any],
    effective_from: date,
    reason: str,
    actor: User | None,
    now: datetime,
) -> CarrierRule:
    """Write the next version of the rule that `rule_id` is a version of, and end the latest where it begins.

    `changes` holds what differs from the latest version, by field name. It begins today (Shanghai) or later, and not
    before the latest: what was found by a version stays explained by it. A version that begins where the latest begins
    leaves no day to that one.
    """
    return _write_next(_latest(rule_id), changes, effective_from=effective_from, reason=reason, actor=actor, now=now)


@transaction.atomic
def restore_version(*, rule_id: int, reason: str, actor: User | None, now: datetime) -> CarrierRule:
    """Write a former version's scope and values again as the next version, from the first day that is possible."""
    former, latest = CarrierRule.objects.get(pk=rule_id), _latest(rule_id)
    if former.pk == latest.pk:
        raise NothingToRestore
    values = {name: getattr(former, name) for name in SCOPE | VALUES}
    begins = max(business_day(now), latest.effective_from)
    return _write_next(latest, values, effective_from=begins, reason=reason, actor=actor, now=now)


def _write_next(
    latest: CarrierRule,
    changes: Mapping[str, Any],
    *,
    effective_from: date,
    reason: str,
    actor: User | None,
    now: datetime,
) -> CarrierRule:
    _refuse_start(latest, effective_from, now)
    rule = CarrierRule(
        lineage=latest.lineage,
        version=latest.version + 1,
        kind=latest.kind,
        effective_from=effective_from,
        effective_to=None,
        reason=reason,
        created_by=actor,
        created_at=now,
        **{name: getattr(latest, name) for name in SCOPE | VALUES},
    )
    changed = assign(rule, changes, editable=SCOPE | VALUES)
    if SCOPE.intersection(changed):
        _refuse_overlaps([rule])
    rule.save(force_insert=True)
    if latest.effective_to is None or latest.effective_to > effective_from:
        latest.effective_to = effective_from
        latest.save(update_fields=["effective_to"])
    data = {"kind": rule.kind, "fields": changed, "from": effective_from.isoformat()}
    record(
        actor=actor,
        action="cards.rule_version_written",
        subject=rule,
        related=(latest,),
        reason=reason,
        now=now,
        data=data,
    )
    return rule


@transaction.atomic
def end_rule(*, rule_id: int, effective_to: date, reason: str, actor: User | None, now: datetime) -> CarrierRule:
    """End the latest version of a rule with the day before `effective_to`, today (Shanghai) or later."""
    latest = _latest(rule_id)
    _refuse_start(latest, effective_to, now)
    latest.effective_to = effective_to
    latest.save(update_fields=["effective_to"])
    data = {"kind": latest.kind, "to": effective_to.isoformat()}
    record(actor=actor, action="cards.rule_ended", subject=latest, reason=reason, now=now, data=data)
    return latest


@transaction.atomic
def attach_document(*, rule_id: int, document: StoredFile, actor: User | None, now: datetime) -> CarrierRule:
    """Keep the document that states a version's values with it, and with the versions that follow."""
    rule = CarrierRule.objects.locked().get(pk=rule_id)
    rule.document = document
    rule.save(update_fields=["document"])
    attach(stored=document, subject=rule)
    data = {"kind": rule.kind, "file": document.name}
    record(actor=actor, action="cards.rule_document_attached", subject=rule, related=(document,), now=now, data=data)
    return rule


@transaction.atomic
def confirm_rule(*, rule_id: int, source: str, confidence: str, actor: User | None, now: datetime) -> CarrierRule:
    """Take the badge "illustrative" off a version by naming where its values are established; no value changes."""
    rule = CarrierRule.objects.locked().get(pk=rule_id)
    if not source.strip():
        missing = _("Name the contract or document that states these values.")
        raise BadInput(reasons=[Reason(code="source_missing", message=missing, field="source")])
    changed = assign(
        rule,
        {"source": source, "confidence": confidence, "is_illustrative": False},
        editable=VALUES,
    )
    rule.save(update_fields=changed or ["is_illustrative"])
    record(actor=actor, action="cards.rule_confirmed", subject=rule, now=now, data={"kind": rule.kind})
    return rule


def _latest(rule_id: int) -> CarrierRule:
    """Return the latest version of a rule, its whole lineage locked so that versions are written one by one."""
    lineage = CarrierRule.objects.values("lineage").get(pk=rule_id)["lineage"]
    return list(CarrierRule.objects.filter(lineage=lineage).locked().order_by("version"))[-1]


def _refuse_start(latest: CarrierRule, day: date, now: datetime) -> None:
    """Refuse a change before today or before the latest version begins."""
    earliest = max(business_day(now), latest.effective_from)
    if day < earliest:
        raise PeriodRefused(
            reasons=[
                Reason(
                    code="rule_starts_too_early",
                    message=_("What was found until now stays explained by the rule it was found by."),
                    clears=format_lazy(_("Choose {day} or later."), day=earliest.isoformat()),
                    field="effective_from",
                )
            ]
        )


def _refuse_overlaps(rules: Iterable[CarrierRule]) -> None:
    """Refuse rules beside another of their kind for the very same cards: which one holds would be chance."""
    wanted = {rule.lineage: rule for rule in rules}
    kinds = {rule.kind for rule in wanted.values()}
    standing = CarrierRule.objects.filter(kind__in=kinds).exclude(lineage__in=list(wanted))
    lasting = standing.filter(Q(effective_to=None) | Q(effective_to__gt=F("effective_from")))
    taken = {_place(rule): rule for rule in lasting if any(_meet(rule, one) for one in wanted.values())}
    for rule in wanted.values():
        other = taken.setdefault(_place(rule), rule)
        if other is not rule:
            raise PeriodRefused(reasons=[_overlap(other)])


def _place(rule: CarrierRule) -> tuple[Any, ...]:
    return (rule.kind, rule.carrier_id, rule.plan_id, rule.region, rule.industry, rule.card_id)


def _meet(standing: CarrierRule, rule: CarrierRule) -> bool:
    return standing.effective_to is None or standing.effective_to > rule.effective_from


def _overlap(other: CarrierRule) -> Reason:
    return Reason(
        code="rule_overlaps",
        message=format_lazy(
            _("Version {version} of a rule of this kind holds for the same cards since {day}."),
            version=other.version,
            day=other.effective_from.isoformat(),
        ),
        clears=_("Write the next version of that rule, or end it first."),
        field="kind",
    )
