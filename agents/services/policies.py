"""The only writers of policies, their versions and acknowledgements (R112, R115)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from agents.choices import Audience
from agents.errors.learning import NameNotSigned, NotAddressed, NotInForce, VersionNotUsable
from agents.models import Acknowledgement, Policy, PolicyVersion
from agents.rules.receipts import is_signed
from agents.selectors.policies import in_force, is_agent
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.editing import assign
from cardfleet.kernel.errors import NotVisible, Reason

EDITABLE = frozenset({"code", "title", "audience", "is_required"})


@transaction.atomic
def record_policy(*, facts: Mapping[str, Any], actor: User | None, now: datetime) -> Policy:
    """Record a policy from values by field name; it binds nobody before a version is published. BadInput."""
    policy = Policy()
    named = assign(policy, facts, editable=EDITABLE)
    policy.save(force_insert=True)
    record(actor=actor, action="agents.policy_saved", subject=policy, now=now, data={"fields": named})
    return policy


@transaction.atomic
def edit_policy(*, policy_id: int, changes: Mapping[str, Any], actor: User | None, now: datetime) -> Policy:
    """Change what a policy is called and whom it binds; its texts are versions."""
    policy = Policy.objects.select_for_update().get(pk=policy_id)
    changed = assign(policy, changes, editable=EDITABLE)
    if changed:
        policy.save(update_fields=changed)
        record(actor=actor, action="agents.policy_saved", subject=policy, now=now, data={"fields": changed})
    return policy


@transaction.atomic
def publish_policy(
    *, policy_id: int, text: str, actor: User | None, now: datetime, effective_from: date | None = None
) -> PolicyVersion:
    """Publish the next text of a policy; everybody it binds is asked to sign from its first day on. VersionNotUsable.

    `effective_from` is today where nothing is said, and never in the past: nobody was bound by what was not published.
    """
    policy = Policy.objects.select_for_update().get(pk=policy_id)
    first = effective_from or business_day(now)
    reasons = []
    if not text.strip():
        reasons.append(Reason(code="text_missing", field="text", message=_("Write what is to be signed.")))
    if first < business_day(now):
        reasons.append(Reason(code="day_past", field="effective_from", message=_("This day is over. Choose a later.")))
    if reasons:
        raise VersionNotUsable(reasons=reasons)
    last = policy.versions.aggregate(last=Max("number"))["last"] or 0
    version = PolicyVersion.objects.create(
        policy=policy, number=last + 1, text=text.strip(), effective_from=first, published_at=now, published_by=actor
    )
    data = {"version": version.number, "from": str(first)}
    record(actor=actor, action="agents.policy_published", subject=policy, related=(version,), now=now, data=data)
    return version


@transaction.atomic
def acknowledge(*, version_id: int, signed_name: str, actor: User, now: datetime) -> Acknowledgement:
    """Sign the text in force with one's own name; a second time changes nothing.

    NotInForce where another is, NotAddressed where it binds others, NameNotSigned.
    """
    version = PolicyVersion.objects.select_related("policy").filter(pk=version_id).first()
    if version is None:
        raise NotVisible
    if not in_force(business_day(now)).filter(pk=version.pk).exists():
        raise NotInForce
    if version.policy.audience == Audience.AGENTS and not is_agent(actor):
        raise NotAddressed
    if not is_signed(name=actor.name, drawing=b"", signed_name=signed_name):
        raise NameNotSigned
    name = " ".join(signed_name.split())
    said, is_new = Acknowledgement.objects.get_or_create(
        version=version, user=actor, defaults={"at": now, "signed_name": name}
    )
    if is_new:
        data = {"version": version.number}
        record(
            actor=actor,
            action="agents.policy_acknowledged",
            subject=version.policy,
            related=(actor,),
            now=now,
            data=data,
        )
    return said
