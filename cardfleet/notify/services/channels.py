"""Channels: where messages go."""

from dataclasses import asdict, dataclass
from datetime import datetime, time

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils.crypto import get_random_string

from cardfleet.accounts.models import Team, User
from cardfleet.journal.recording import record
from cardfleet.kernel.errors import NotVisible
from cardfleet.notify.choices import ChannelKind, MessageState, Urgency
from cardfleet.notify.errors import ChannelMisaddressed, ChannelNameTaken
from cardfleet.notify.models import Channel, Message
from cardfleet.notify.services.telling import tell_channel


@dataclass(frozen=True, kw_only=True)
class Carries:
    """What a channel carries at least, and when it is quiet."""

    least: int = Urgency.NORMAL
    quiet_from: time | None = None
    quiet_until: time | None = None
    urgent_through: bool = True


@transaction.atomic
def create_channel(
    *,
    name: str,
    kind: ChannelKind,
    address: str,
    secret: str = "",
    team: Team | None = None,
    owner: User | None = None,
    carries: Carries | None = None,
    actor: User | None,
    now: datetime,
) -> Channel:
    """Make a channel of a team, of a person, or of everybody. ChannelMisaddressed, ChannelNameTaken."""
    channel = Channel(
        name=name.strip(), kind=kind, address=address.strip(), secret=secret.strip(), team=team, owner=owner
    )
    _set(channel, carries)
    _refuse_unfit(channel)
    channel.save(force_insert=True)
    record(actor=actor, action="notify.channel_created", subject=channel, now=now, data={"kind": kind})
    return channel


@transaction.atomic
def close_channels_of(*, person: User) -> int:
    """End the channels of a person who is erased, and delete what waits for them; return how many."""
    mine = Channel.objects.filter(owner=person)
    theirs = Q(channel__in=mine) | ~Q(email="") & Q(email=person.email)
    Message.objects.filter(theirs, state=MessageState.PENDING).delete()
    return mine.update(is_active=False)


@transaction.atomic
def change_channel(
    *,
    channel: Channel,
    name: str,
    kind: ChannelKind,
    team: Team | None,
    is_active: bool,
    address: str = "",
    secret: str = "",
    carries: Carries | None = None,
    actor: User | None,
    now: datetime,
) -> Channel:
    """Change a channel; an empty address or secret keeps the one it has, since neither is ever shown.

    Switching it on again forgets why it was off. ChannelMisaddressed, ChannelNameTaken.
    """
    channel = Channel.objects.locked().get(pk=channel.pk)
    wanted = {
        "name": name.strip(),
        "kind": kind,
        "team": team,
        "is_active": is_active,
        "address": address.strip() or channel.address,
        "secret": secret.strip() or channel.secret,
        "disabled_reason": "" if is_active else channel.disabled_reason,
        **(asdict(carries) if carries else {}),
    }
    changed = [field for field, value in wanted.items() if getattr(channel, field) != value]
    for field in changed:
        setattr(channel, field, wanted[field])
    _refuse_unfit(channel)
    if changed:
        channel.save(update_fields=changed)
        record(actor=actor, action="notify.channel_changed", subject=channel, now=now, data={"fields": changed})
    return channel


@transaction.atomic
def disable_channel(*, channel: Channel, reason: str, now: datetime) -> None:
    """Switch off a channel whose address will never work; its messages wait."""
    if Channel.objects.filter(pk=channel.pk, is_active=True).update(is_active=False, disabled_reason=reason):
        record(actor=None, action="notify.channel_disabled", subject=channel, reason=reason, now=now)


@transaction.atomic
def test_channel(*, channel: Channel, actor: User, now: datetime) -> None:
    """Queue a test message; its delivery shows in the outbox within a minute."""
    key = f"test:{get_random_string(12)}"
    tell_channel(channel=channel, code="notify.test", params={"person": str(actor)}, key=key, now=now)
    record(actor=actor, action="notify.channel_tested", subject=channel, now=now)


@transaction.atomic
def switch_own_channel(*, channel: Channel, is_active: bool, actor: User, now: datetime) -> Channel:
    """Switch a person's own channel on or off; what waits in it waits on. NotVisible for another's."""
    if channel.owner_id != actor.pk:
        raise NotVisible
    return change_channel(
        channel=channel,
        name=channel.name,
        kind=ChannelKind(channel.kind),
        team=None,
        is_active=is_active,
        actor=actor,
        now=now,
    )


def _set(channel: Channel, carries: Carries | None) -> None:
    for name, value in asdict(carries).items() if carries else ():
        setattr(channel, name, value)


def _refuse_unfit(channel: Channel) -> None:
    if Channel.objects.filter(name=channel.name).exclude(pk=channel.pk).exists():
        raise ChannelNameTaken
    if channel.kind == ChannelKind.EMAIL:
        try:
            validate_email(channel.address)
        except ValidationError as error:
            raise ChannelMisaddressed from error
    elif "://" not in channel.address or (
        channel.kind != ChannelKind.WEBHOOK and not channel.address.startswith(("https://", "http://"))
    ):
        raise ChannelMisaddressed
