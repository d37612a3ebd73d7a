"""Where usage comes from, and what names in it mean."""

from datetime import datetime

from django.db import transaction

from billing.choices import SourceRole
from billing.errors import RoleDiffers
from billing.models import UsageSource
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record


@transaction.atomic
def ensure_source(
    *, slug: str, role: SourceRole | None, actor: User | None, now: datetime, default: SourceRole = SourceRole.CARRIER
) -> UsageSource:
    """Return the source of a slug, made on first use; RoleDiffers when it is there with another role than given."""
    source, made = UsageSource.objects.get_or_create(slug=slug, defaults={"name": slug, "role": role or default})
    if role and source.role != role:
        raise RoleDiffers
    if made:
        record(actor=actor, action="billing.source_made", subject=source, now=now, data={"role": source.role})
    return source
