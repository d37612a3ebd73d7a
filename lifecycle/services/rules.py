"""Carrier rules that can be applied: written through here, because only lifecycle knows what a kind reads (R2)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.files.base import File
from django.db import transaction

from cardfleet.accounts.choices import Role
from cardfleet.accounts.models import User
from cardfleet.files.services import store
from cardfleet.kernel.errors import BadInput
from cardfleet.kernel.navigation import url_or_empty
from cardfleet.notify.services import Telling, tell_many
from cards.models import CarrierRule
from cards.rules.scope import RuleTerms
from cards.services import rules as stored
from lifecycle.messages import RULE_UNREADABLE
from lifecycle.rules.terms import wrong_terms
from lifecycle.selectors.rules import terms_of


@transaction.atomic
def write_rule(
    *, kind: str, facts: Mapping[str, Any], effective_from: date, reason: str, actor: User | None, now: datetime
) -> CarrierRule:
    """Write a rule as `cards.services.rules.write_rule` does; BadInput where it could not be applied."""
    rule = stored.write_rule(kind=kind, facts=facts, effective_from=effective_from, reason=reason, actor=actor, now=now)
    return _usable(rule)


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
    """Write the next version as `cards.services.rules.write_version`; BadInput where it could not be applied."""
    rule = stored.write_version(
        rule_id=rule_id, changes=changes, effective_from=effective_from, reason=reason, actor=actor, now=now
    )
    return _usable(rule)


@transaction.atomic
def restore_version(*, rule_id: int, reason: str, actor: User | None, now: datetime) -> CarrierRule:
    """Write a former version again, as `cards.services.rules.restore_version`; BadInput where it cannot be applied."""
    return _usable(stored.restore_version(rule_id=rule_id, reason=reason, actor=actor, now=now))


@transaction.atomic
def prove_rule(*, rule_id: int, content: "File[bytes]", name: str, actor: User, now: datetime) -> CarrierRule:
    """Store the document that states a version's values, and attach it to the version."""
    document = store(content=content, name=name, purpose="rule_source", owner=actor, now=now)
    return stored.attach_document(rule_id=rule_id, document=document, actor=actor, now=now)


@transaction.atomic
def tell_of_unreadable(rules: Sequence[RuleTerms], *, now: datetime) -> None:
    """Tell every administrator, once a version, of rules that are left out because their values cannot be read."""
    if not rules:
        return
    people = User.objects.filter(groups__name=Role.ADMIN, is_active=True)
    tellings = [_telling(person, rule) for person in people for rule in rules]
    tell_many(tellings=tellings, now=now)


def _usable(rule: CarrierRule) -> CarrierRule:
    if reasons := wrong_terms(terms_of(rule)):
        raise BadInput(reasons=reasons)
    return rule


def _telling(person: User, rule: RuleTerms) -> Telling:
    return Telling(
        user=person,
        code=RULE_UNREADABLE,
        params={"kind": rule.kind, "version": rule.version, "start": rule.effective_from.isoformat()},
        key=f"rule:{rule.rule_id}:unreadable",
        url=url_or_empty("admin:cards_carrierrule_change", rule.rule_id),
        email=True,
    )
