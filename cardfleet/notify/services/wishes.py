"""How a person wishes to be told. No journal: it is their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from django.db import transaction

from cardfleet.accounts.models import User
from cardfleet.notify.choices import Mode
from cardfleet.notify.errors import TopicUnknown
from cardfleet.notify.models import Preference, Subscription
from cardfleet.notify.rules.wishes import USUAL_DIGEST
from cardfleet.notify.topics import topics


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What a person chose. A topic in the digest brings the digest, at the usual time where none was named."""

    email: bool
    quiet_from: time | None
    quiet_until: time | None
    urgent_through: bool
    digest_at: time | None
    modes: Mapping[str, Mode]


@transaction.atomic
def choose(*, person: User, chosen: Chosen) -> None:
    """Keep what a person chose. TopicUnknown."""
    if unknown := set(chosen.modes) - set(topics()):
        raise TopicUnknown(context={"topics": sorted(unknown)})
    wants_digest = Mode.DIGEST in chosen.modes.values()
    Preference.objects.update_or_create(
        user=person,
        defaults={
            "email": chosen.email,
            "quiet_from": chosen.quiet_from,
            "quiet_until": chosen.quiet_until,
            "urgent_through": chosen.urgent_through,
            "digest_at": chosen.digest_at or (USUAL_DIGEST if wants_digest else None),
        },
    )
    rows = [Subscription(user=person, topic=topic, mode=mode) for topic, mode in chosen.modes.items()]
    Subscription.objects.bulk_create(
        rows, update_conflicts=True, update_fields=["mode"], unique_fields=["user", "topic"]
    )
