"""Several files brought at once, and the files inside archives: each a batch of its own, one that is refused alone."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import BinaryIO, cast

from django.core.files.base import File
from django.db import transaction

from billing.choices import BatchState
from billing.importers.bundles import is_bundle, parts
from billing.models import UsageBatch
from billing.services.usage_requests import Delivery, receive, request_import
from cardfleet.accounts.models import User
from cardfleet.kernel.errors import Refusal

GONE = frozenset({BatchState.FAILED, BatchState.REVOKED})


@dataclass(frozen=True)
class Refused:
    """A file that nothing could be read of, and why."""

    name: str
    refusal: Refusal


@dataclass
class Received:
    """The batches of files brought at once, the files that were refused, and how many were imported before."""

    batches: list[UsageBatch] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    known: int = 0


def receive_all(*, deliveries: Iterable[Delivery], actor: User, now: datetime) -> Received:
    """Store files and the files in archives, to be looked at before they are imported."""
    return _each(deliveries, lambda one: receive(delivery=one, actor=actor, now=now))


def request_all(*, deliveries: Iterable[Delivery], actor: User, now: datetime) -> Received:
    """Ask for the import of files and of the files in archives."""
    return _each(deliveries, lambda one: request_import(delivery=one, actor=actor, now=now))


@transaction.atomic
def request_new(*, delivery: Delivery, now: datetime) -> Received:
    """Ask for the import of what nobody brings by hand: a file, or each in an archive, but for those imported before.

    Where one is refused and none of the others can be imported, its refusal is raised.
    """
    received = Received()
    for one in unpacked(delivery):
        if _is_known(one):
            received.known += 1
        else:
            _one(one, lambda each: request_import(delivery=each, actor=None, now=now), received)
    if received.refused and not (received.batches or received.known):
        raise received.refused[0].refusal
    return received


def _is_known(delivery: Delivery) -> bool:
    digest = hashlib.sha256()
    for chunk in delivery.content.chunks():
        digest.update(chunk)
    delivery.content.seek(0)
    before = UsageBatch.objects.filter(sha256=digest.hexdigest(), source__slug=delivery.source)
    return before.exclude(state__in=GONE).exists()


def unpacked(delivery: Delivery) -> Iterator[Delivery]:
    """Yield a delivery, of an archive one for each file in it. Raises as `bundles.parts`."""
    file = cast("BinaryIO", delivery.content)
    if not is_bundle(file):
        yield delivery
        return
    for part in parts(file):
        yield replace(delivery, content=File(part.content, name=part.name), name=part.name, archive=delivery.name)


def _each(deliveries: Iterable[Delivery], take: Callable[[Delivery], UsageBatch]) -> Received:
    """Take each file in a transaction of its own."""
    received = Received()
    for delivery in deliveries:
        try:
            for one in unpacked(delivery):
                _one(one, take, received)
        except Refusal as refusal:
            received.refused.append(Refused(delivery.name, refusal))
    return received


def _one(delivery: Delivery, take: Callable[[Delivery], UsageBatch], received: Received) -> None:
    try:
        received.batches.append(take(delivery))
    except Refusal as refusal:
        name = f"{delivery.archive} › {delivery.name}" if delivery.archive else delivery.name
        received.refused.append(Refused(name, refusal))
