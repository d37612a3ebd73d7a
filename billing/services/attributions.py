"""Saying who really held a card in a time that was recorded late (invariant 6)."""

from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from agents.errors import ReasonMissing
from agents.models import Agent
from billing.errors import AlreadyAttributed, AlreadyWithdrawn, MonthClosed, PeriodNotUsable
from billing.models import UsageAttribution, UsageRecord, UsageSource
from billing.services import rollups
from billing.services.open_months import open_since
from billing.services.usage_import import ONE_AT_A_TIME
from billing.services.usage_posting import post_differences
from cardfleet.accounts.models import User
from cardfleet.journal.recording import record
from cardfleet.kernel.errors import NotVisible, Reason
from cardfleet.kernel.transactions import one_transaction
from cards.models import Card

KEYS = """
SELECT DISTINCT card_id, (started_at AT TIME ZONE 'Asia/Shanghai')::date AS day FROM billing_usagerecord
WHERE card_id = %(card)s AND started_at >= %(starts_at)s AND started_at < %(ends_at)s
"""


@one_transaction
def attribute(
    *,
    card_id: int,
    agent_id: int | None,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    actor: User | None,
    now: datetime,
) -> UsageAttribution:
    """Let an agent (None: nobody) answer for a card's calls in [starts_at, ends_at), whatever they were stamped with.

    Charges of the touched days are reckoned anew, and what that changes is posted. Raises PeriodNotUsable,
    ReasonMissing, MonthClosed for a time before the open months, AlreadyAttributed, NotVisible.
    """
    _refuse_period(starts_at, ends_at, now)
    if not reason.strip():
        raise ReasonMissing
    if starts_at < open_since(now):
        raise MonthClosed
    card = _locked_card(card_id)
    agent = _agent(agent_id)
    attribution = UsageAttribution(
        card=card,
        agent=agent,
        team=agent.user.team if agent else None,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason.strip(),
        created_at=now,
    )
    try:
        with transaction.atomic():
            attribution.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyAttributed from error
    _reckon(attribution, occasion="attribution", actor=actor, now=now)
    _journal(attribution, "billing.usage_attributed", reason=attribution.reason, actor=actor, now=now)
    return attribution


@one_transaction
def withdraw(*, attribution_id: int, reason: str, actor: User | None, now: datetime) -> UsageAttribution:
    """Take a mistaken attribution back: the stamp of the calls counts again.

    Raises ReasonMissing, MonthClosed where its time lies before the open months, AlreadyWithdrawn, NotVisible.
    """
    if not reason.strip():
        raise ReasonMissing
    known = UsageAttribution.objects.filter(pk=attribution_id).only("card_id").first()
    if known is None:
        raise NotVisible
    _locked_card(known.card_id)
    attribution = UsageAttribution.objects.locked().select_related("card").get(pk=attribution_id)
    if attribution.withdrawn_at:
        raise AlreadyWithdrawn
    if attribution.starts_at < open_since(now):
        raise MonthClosed
    attribution.withdrawn_at = now
    attribution.save(update_fields=["withdrawn_at"])
    _reckon(attribution, occasion="withdrawal", actor=actor, now=now)
    _journal(attribution, "billing.attribution_withdrawn", reason=reason.strip(), actor=actor, now=now)
    return attribution


@one_transaction
def attribute_stored(
    *,
    card_id: int,
    agent_id: int | None,
    starts_at: datetime,
    ends_at: datetime,
    instead_of: int | None,
    reason: str,
    actor: User | None,
    now: datetime,
) -> UsageAttribution | None:
    """Attribute the calls that were stored before a hand-out or return of their time was recorded.

    Returns None where no stored call says otherwise. What was attributed within the time to `instead_of` (None:
    nobody) is withdrawn first; what lies before the open months stays. Raises AlreadyAttributed.
    """
    wait_for_imports()
    starts_at = max(starts_at, open_since(now))
    known = UsageAttribution.objects.filter(card=card_id, agent=instead_of, withdrawn_at__isnull=True)
    for earlier in known.filter(starts_at__gte=starts_at, ends_at__lte=ends_at):
        withdraw(attribution_id=earlier.pk, reason=reason, actor=actor, now=now)
    stored = UsageRecord.objects.filter(card=card_id, started_at__gte=starts_at, started_at__lt=ends_at)
    if not stored.exclude(agent=agent_id).exists():
        return None
    return attribute(
        card_id=card_id,
        agent_id=agent_id,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason,
        actor=actor,
        now=now,
    )


def wait_for_imports() -> None:
    """Wait until no import stores calls, for the rest of this transaction; to be asked before any row is locked."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)


def _refuse_period(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    if ends_at > now:
        message = _("Calls can only be attributed for a time that has passed. Correct the end.")
        raise PeriodNotUsable(reasons=[Reason(code="in_the_future", field="ends_at", message=message)])
    if ends_at <= starts_at:
        message = _("The end is not after the start. Correct one of them.")
        raise PeriodNotUsable(reasons=[Reason(code="runs_backwards", field="ends_at", message=message)])


def _locked_card(card_id: int) -> Card:
    """Lock a card, after the lock of imports, so that calls stored beside this are seen by the one or the other."""
    wait_for_imports()
    card = Card.objects.locked().filter(pk=card_id).first()
    if card is None:
        raise NotVisible
    return card


def _agent(agent_id: int | None) -> Agent | None:
    if agent_id is None:
        return None
    agent = Agent.objects.select_related("user__team").filter(pk=agent_id).first()
    if agent is None:
        raise NotVisible
    return agent


def _reckon(attribution: UsageAttribution, *, occasion: str, actor: User | None, now: datetime) -> None:
    roles = list(UsageSource.objects.order_by("role").values_list("role", flat=True).distinct())
    period = {
        "card": attribution.card_id,
        "starts_at": attribution.starts_at,
        "ends_at": attribution.ends_at,
    }
    rollups.refresh(KEYS, roles, period)
    post_differences(key=f"{occasion}:{attribution.pk}", actor=actor, now=now)


def _journal(attribution: UsageAttribution, action: str, *, reason: str, actor: User | None, now: datetime) -> None:
    record(
        actor=actor,
        action=action,
        subject=attribution.card,
        related=(attribution, *filter(None, [attribution.agent])),
        reason=reason,
        now=now,
        data={
            "attribution": attribution.pk,
            "agent": attribution.agent_id,
            "from": attribution.starts_at.isoformat(),
            "until": attribution.ends_at.isoformat(),
        },
    )
