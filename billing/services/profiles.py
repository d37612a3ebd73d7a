"""Mappings of files: one a source and header, made and changed by whoever maps the columns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from billing.choices import BatchState, CallDirection, DurationSpelling, FeeUnit, SourceRole, TimeSpelling
from billing.errors import ProfileNameTaken, RoleDiffers
from billing.importers.profiles import signature
from billing.importers.registry import names
from billing.models import UsageBatch, UsageProfile, UsageSource
from billing.services.usage_requests import change_reading
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.editing import check


@dataclass(frozen=True, kw_only=True)
class ProfileFacts:
    """How a person mapped a file: `columns` are zero-based places by value, `header` is empty where it has none."""

    name: str
    role: SourceRole
    header: Sequence[str]
    width: int
    columns: Mapping[str, int]
    times: TimeSpelling = TimeSpelling.PLAIN
    durations: DurationSpelling = DurationSpelling.SECONDS
    fees: FeeUnit = FeeUnit.YUAN
    direction: CallDirection | str = ""
    words: Mapping[str, str] = field(default_factory=dict)


def unsaved(source: UsageSource, facts: ProfileFacts, *, now: datetime) -> UsageProfile:
    """Return the mapping, not stored, to try it on a file."""
    profile = UsageProfile(source=source, changed_at=now)
    _fill(profile, facts)
    return profile


@transaction.atomic
def map_file(*, batch: UsageBatch, facts: ProfileFacts, own_number: str, actor: User, now: datetime) -> UsageProfile:
    """Keep how a file that waits is read, and let it be read so. Raises as `save_profile`, and NotStartable."""
    profile = save_profile(source=batch.source, facts=facts, actor=actor, now=now)
    change_reading(batch=batch, own_number=own_number, wanted=profile.name)
    return profile


@transaction.atomic
def save_profile(*, source: UsageSource, facts: ProfileFacts, actor: User, now: datetime) -> UsageProfile:
    """Keep how files with this header are read, in place of what was kept for it before; calls stored stay as they are.

    A source without calls takes the role. Raises RoleDiffers, ProfileNameTaken, BadInput.
    """
    source = UsageSource.objects.select_for_update().get(pk=source.pk)
    _settle_role(source, facts.role)
    known = source.profiles.filter(signature=signature(facts.header), width=facts.width).first()
    profile = known or UsageProfile(source=source)
    if facts.name in names() or UsageProfile.objects.filter(name=facts.name).exclude(pk=profile.pk).exists():
        raise ProfileNameTaken
    _fill(profile, facts)
    profile.changed_at = now
    check(profile)
    profile.save()
    action = "billing.profile_changed" if known else "billing.profile_made"
    record(actor=actor, action=action, subject=profile, related=(source,), now=now, data={"columns": profile.columns})
    return profile


def _fill(profile: UsageProfile, facts: ProfileFacts) -> None:
    profile.name, profile.role = facts.name, facts.role
    profile.header, profile.width, profile.signature = list(facts.header), facts.width, signature(facts.header)
    profile.columns = dict(facts.columns)
    profile.times, profile.durations, profile.fees = facts.times, facts.durations, facts.fees
    profile.direction = facts.direction
    profile.out_words, profile.in_words = facts.words.get("out", ""), facts.words.get("in", "")


def _settle_role(source: UsageSource, role: SourceRole) -> None:
    if source.role == role:
        return
    if UsageBatch.objects.filter(source=source, state__in=[BatchState.STORED, BatchState.REVOKED]).exists():
        raise RoleDiffers
    source.role = role
    source.save(update_fields=["role"])
