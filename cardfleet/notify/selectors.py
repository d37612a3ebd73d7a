"""What people wish to be told of, where their messages go, and what became of those."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, time
from functools import cache

from django.db.models import OuterRef, QuerySet, Subquery

from cardfleet.accounts.models import User
from cardfleet.kernel.compiled import rows_of, words_of
from cardfleet.notify.models import Channel, Delivery, InboxItem, Message, Preference, Subscription
from cardfleet.notify.rules.quiet import Quiet
from cardfleet.notify.rules.wishes import USUAL, Wishes

SOMEBODY = User(pk=-1_000_001)


@cache
def _unread() -> str:
    unread = InboxItem.objects.of(SOMEBODY).unread().order_by().values("pk")
    return f"SELECT count(*) FROM ({words_of(unread, {SOMEBODY.pk: 'person'})}) unread"  # noqa: S608 - our own words


def unread_count(person: User) -> int:
    """Return how many lines of a person's inbox nobody opened; every page asks."""
    ((count,),) = rows_of(_unread(), {"person": person.pk})
    return int(count)


def wishes_of(person_ids: Collection[int]) -> Mapping[int, Wishes]:
    """Return how each person is told; two queries, however many people. Who chose nothing has what is usual."""
    modes: defaultdict[int, dict[str, str]] = defaultdict(dict)
    chosen = Subscription.objects.filter(user__in=person_ids)
    for person, topic, mode in chosen.values_list("user_id", "topic", "mode"):
        modes[person][topic] = mode
    set_by = {preference.user_id: preference for preference in Preference.objects.filter(user__in=person_ids)}
    return {pk: _wishes(set_by.get(pk), modes[pk]) for pk in person_ids}


def _wishes(preference: Preference | None, modes: Mapping[str, str]) -> Wishes:
    if preference is None:
        return Wishes(modes=modes) if modes else USUAL
    return Wishes(
        email=preference.email,
        quiet=Quiet(start=preference.quiet_from, end=preference.quiet_until, urgent_through=preference.urgent_through),
        digest_at=preference.digest_at,
        modes=modes,
    )


def own_channels(person_ids: Collection[int]) -> Mapping[int, list[Channel]]:
    """Return each person's own active channels."""
    found: defaultdict[int, list[Channel]] = defaultdict(list)
    for channel in Channel.objects.active().filter(owner__in=person_ids).order_by("pk"):
        found[channel.owner_id or 0].append(channel)
    return found


def with_last_delivery(channels: QuerySet[Channel]) -> QuerySet[Channel]:
    """Return channels with what came of their last attempt: `last_at`, `last_ok`, `last_said`."""
    last = Delivery.objects.filter(message__channel=OuterRef("pk")).order_by("-id")
    return channels.annotate(
        last_at=Subquery(last.values("at")[:1]),
        last_ok=Subquery(last.values("ok")[:1]),
        last_said=Subquery(last.values("detail")[:1]),
    )


def outbox(messages: QuerySet[Message]) -> QuerySet[Message]:
    """Return messages with what their last attempt was answered, the latest first."""
    last = Delivery.objects.filter(message=OuterRef("pk")).order_by("-id")
    return (
        messages.select_related("channel")
        .annotate(last_at=Subquery(last.values("at")[:1]), last_said=Subquery(last.values("detail")[:1]))
        .order_by("-id")
    )


def was_told(person_id: int, code: str, *, since: datetime) -> bool:
    """Tell whether a person was told something under a code at a time or later."""
    return InboxItem.objects.filter(user=person_id, code=code, created_at__gte=since).exists()


def digest_readers(clock: time, *, key: str) -> QuerySet[User]:
    """Return the people whose hour of the digest has come and who did not get the one under this key."""
    has_it = InboxItem.objects.filter(key=key).values("user")
    due: QuerySet[User] = User.objects.filter(is_active=True, preference__digest_at__lte=clock)
    return due.exclude(pk__in=has_it).order_by("pk")
