"""What has to be true after all of it, by queries: each acknowledged write is there once, with all that follows."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone

from agents.models import Assignment
from agents.selectors.custody import custody_differences
from billing.models import LedgerEntry, TopUpRequest, UsageBatch, UsageRecord
from billing.selectors.month_proofs import wrong_months
from billing.selectors.proofs import wrong_balances, wrong_transfers, wrong_usage
from cardfleet.jobs.choices import JobState
from cardfleet.jobs.models import Job
from cardfleet.journal.models import Seal
from cardfleet.journal.proving import Kept, prove
from cardfleet.notify.choices import MessageState
from cardfleet.notify.models import InboxItem, Message
from cardfleet.webhooks.models import Delivery
from cards.choices import ServiceState
from cards.models import Card, CardChange
from chaos.load import BACK, CALLS, NEW_CARDS
from chaos.notes import Notes
from chaos.receivers import Received
from chaos.stage import Stage
from lifecycle.choices import AlertKind, AlertState
from lifecycle.models import Alert
from lifecycle.services.assessment import assess_suspension_risk


@dataclass(frozen=True, kw_only=True)
class Kind:
    """How many writes of a kind were acknowledged, how many of them are gone, and how many are there more than once.

    `unknown` were never answered: they may be there once or not at all.
    """

    name: str
    acknowledged: int
    unknown: int
    lost: int
    doubled: int


def kinds(notes: Notes) -> Iterator[Kind]:
    """Hold what the clients noted to what is stored."""
    handed, back = _hands()
    imports = _imports()
    stored: Mapping[str, Mapping[str, float]] = {
        "issue": handed,
        "return": back,
        "ledger": _times(LedgerEntry.objects.all(), "note"),
        "state": _times(CardChange.objects.filter(axis="service"), "note"),
        "top-up": _times(TopUpRequest.objects.all(), "reason"),
        "withdrawal": _times(TopUpRequest.objects.filter(state="withdrawn"), "ended_reason"),
        "calls": imports,
        "folder": imports,
        "cards": _times(Card.objects.all(), "batch", each=NEW_CARDS),
    }
    for name, times in stored.items():
        known, unknown = notes.acknowledged[name], notes.unknown[name]
        yield Kind(
            name=name,
            acknowledged=len(known),
            unknown=len(unknown),
            lost=sum(times.get(mark, 0) < 1 for mark in known),
            doubled=sum(times.get(mark, 0) > 1 for mark in known | unknown),
        )


def _times(rows: "QuerySet[Any]", field: str, *, each: int = 1) -> Mapping[str, float]:
    """Return how often each mark is there; a file of which a part is there counts as that part."""
    found = rows.values(field).annotate(times=Count("pk")).order_by()
    return {row[field]: row["times"] / each for row in found}


def _hands() -> tuple[Mapping[str, float], Mapping[str, float]]:
    """Return how often each hand-out, and each return, was written: an assignment keeps the words of both."""
    words = Counter(line for note in Assignment.objects.values_list("note", flat=True) for line in note.splitlines())
    back = {line.removeprefix(BACK): times for line, times in words.items() if line.startswith(BACK)}
    return words, back


def _imports() -> Mapping[str, float]:
    names = dict(UsageBatch.objects.values_list("pk", "name"))
    found = UsageRecord.objects.values("batch_id").annotate(calls=Count("*")).order_by()
    times: Counter[str] = Counter()
    for row in found:
        times[names[row["batch_id"]].removesuffix(".csv")] += row["calls"]
    return {mark: calls / CALLS for mark, calls in times.items()}


def differences(*, stage: Stage, notes: Notes, received: Received, head: Kept) -> dict[str, list[str]]:
    """Return what is not as it has to be, by what is proven; an empty list where it is."""
    return {
        "jobs that failed": [f"{job}: {job.error}" for job in Job.objects.filter(state=JobState.FAILED)],
        "balances, transfers, months": [
            *map(str, wrong_balances()),
            *map(str, wrong_transfers()),
            *map(str, wrong_months()),
        ],
        "rollups, charges, postings": [str(one) for one in wrong_usage()],
        "holders by assignments": [str(one) for one in custody_differences()],
        "journal: chain and the head kept before": prove(head).differences,
        "feed without gaps": list(_feed(notes)),
        "messages": [*_messages(notes, received)],
        "alerts": list(_alerts(stage)),
        "webhook: all, once recorded, in order by card": list(_webhook(stage, received)),
        "answers that explain nothing (500)": sorted(set(notes.defects)),
    }


def _feed(notes: Notes) -> Iterator[str]:
    places = Seal.objects.count()
    if notes.events != list(range(1, places + 1)):
        yield f"a reader got {len(notes.events)} events, {len(set(notes.events))} different ones, of {places}"


def _messages(notes: Notes, received: Received) -> Iterator[str]:
    """Who decides was told of each top-up once, in the inbox and by mail, and nothing was sent after it was sent."""
    failed = Message.objects.exclude(state=MessageState.SENT).count()
    if failed:
        yield f"{failed} messages were not sent"
    for message in Message.objects.filter(deliveries__ok=True).annotate(times=Count("deliveries")).filter(times__gt=1):
        if message.deliveries.filter(ok=True).count() > 1:
            yield f"message {message.key} was sent again after it was recorded as sent"
    mails = "\n".join(received.mails)
    keys = InboxItem.objects.filter(key__startswith="top-up:", key__contains=":asked:").values_list("key", flat=True)
    told = Counter(int(key.split(":")[1]) for key in keys)
    for asked in TopUpRequest.objects.filter(reason__in=notes.acknowledged["top-up"]):
        if told[asked.pk] != 1:
            yield f"of top-up {asked.pk} {told[asked.pk]} people were told"
        if f"{asked.reason}" not in mails:
            yield f"the mail about top-up {asked.pk} did not come"


def _alerts(stage: Stage) -> Iterator[str]:
    """Every card that stands still has its one alert; looking at all cards anew finds nothing that was missed."""
    open_ = Alert.objects.filter(kind=AlertKind.STOPPED).exclude(state=AlertState.CLOSED)
    alerts = Counter(open_.filter(card__in=stage.stopping).values_list("card_id", flat=True))
    stopped = Card.objects.filter(pk__in=stage.stopping, service_state=ServiceState.HALF_STOP)
    for card in stopped.exclude(pk__in=[pk for pk, count in alerts.items() if count == 1]):
        yield f"card {card.pk} stands still with {alerts[card.pk]} alerts"
    before = open_.filter(card__in=stage.stopping).count()
    assess_suspension_risk(now=timezone.now(), card_ids=stage.stopping)
    missed = open_.filter(card__in=stage.stopping).count() - before
    if missed:
        yield f"{missed} alerts were missed"


def _webhook(stage: Stage, received: Received) -> Iterator[str]:
    """Each event that was asked for came; none came again after its coming was recorded; a card's came in order."""
    due = Delivery.objects.annotate(times=Count("attempts")).order_by("seal_id")
    came = received.times
    wanted = Seal.objects.filter(position__gt=stage.webhook, entry__action__regex=r"^(agents|cards)\.").count()
    if due.count() != wanted:
        yield f"{due.count()} events are for the webhook, {wanted} were asked for"
    for delivery in due.filter(attempts__ok=True):
        if delivery.attempts.filter(ok=True).count() > 1:
            yield f"event {delivery.seal_id} was sent again after it was recorded as delivered"
    missing = [pk for pk in due.values_list("seal_id", flat=True) if not came[pk]]
    if missing:
        yield f"{len(missing)} events did not come, the first is {missing[0]}"
    cards = defaultdict[str, list[int]](list)
    for event in received.events:
        for thing in {event["subject"], *event["related"]}:
            if thing.startswith("cards.card:"):
                cards[thing].append(event["id"])
    for card, events in cards.items():
        if any(later < earlier for earlier, later in pairwise(events)):
            yield f"events of {card} came out of order"
