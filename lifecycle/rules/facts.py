"""What is known about a card at a moment: the only input of the rule kinds. None means unknown, never zero."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from cardfleet.kernel.clock import SHANGHAI, business_day


@dataclass(frozen=True, kw_only=True)
class GroupTotal:
    """What all cards of one agent, team, campaign or legal entity called today together.

    `most_in_hour` is the most in one hour of the clock, `last_hour` what the last 60 minutes saw.
    """

    cards: int
    calls: int
    minutes: Decimal
    most_in_hour: int
    last_hour: int = 0


@dataclass(frozen=True, kw_only=True)
class CardFacts:
    """Facts of one card. `now` is aware; days are Shanghai days; money is CNY; rates and shares are per cent.

    Calls are outgoing unless named otherwise. What a carrier's list shows are answered calls, so its counts are low.
    `hours_today` holds 24 counts, one an hour of the day; `short_calls_today` the answered calls under 5, 10, 15 and
    30 seconds. Calls to one callee are those of all cards. `short_gap_s`: a tenth of today's pauses were no longer.
    `totals` are of the groups the card belongs to, by `agent`, `team`, `campaign`, `entity`; `approved` and
    `refused` are the ids of the rule versions that somebody decided on for this card.
    """

    now: datetime

    calls_today: int | None = None
    calls_last_hour: int | None = None
    most_in_60: int | None = None
    most_in_10: int | None = None
    short_gap_s: int | None = None
    answered_today: int | None = None
    short_calls_today: Mapping[int, int] | None = None
    vacant_calls_today: int | None = None
    distinct_callees_today: int | None = None
    most_to_one_24h: int | None = None
    most_to_one_30d: int | None = None
    hours_today: tuple[int, ...] | None = None
    minutes_today: Decimal | None = None
    minutes_month: Decimal | None = None
    bundle_minutes: int | None = None
    is_holiday: bool | None = None
    calls_without_consent: int | None = None
    calls_to_do_not_call: int | None = None
    calls_abroad: int | None = None
    incoming_today: int | None = None
    totals: Mapping[str, GroupTotal] | None = None

    fees_month: Decimal | None = None
    fees_mean_3_months: Decimal | None = None
    minimum_spend: Decimal | None = None
    balance: Decimal | None = None
    credit_limit: Decimal | None = None
    daily_burn: Decimal | None = None
    overdue_amount: Decimal | None = None
    overdue_days: int | None = None

    service_state: str | None = None
    received_on: date | None = None
    activated_on: date | None = None
    expires_on: date | None = None
    known_since: date | None = None
    last_call_on: date | None = None
    last_topup_on: date | None = None
    recycle_after_days: int | None = None
    contract_ends_on: date | None = None
    is_cancelling: bool | None = None
    penalty: Decimal | None = None
    idle_share: Decimal | None = None

    real_name_state: str | None = None
    registrant_kind: str | None = None
    user_matches: bool | None = None
    holder_is_staff: bool | None = None
    cards_on_id_here: int | None = None
    cards_on_id: int | None = None
    reverify_due_at: datetime | None = None

    purpose: str | None = None
    purpose_matches: bool | None = None
    industry: str | None = None
    industry_matches: bool | None = None
    direction: str | None = None
    may_roam: bool | None = None
    may_long_distance: bool | None = None
    hours_from: time | None = None
    hours_to: time | None = None
    approved: frozenset[int] = frozenset()
    refused: frozenset[int] = frozenset()
    complaints_30d: int | None = None
    last_complaint_on: date | None = None
    marks: int | None = None
    reported_rate: Decimal | None = None
    stops_90d: int | None = None
    usual_calls: Decimal | None = None
    usual_hour: Decimal | None = None

    imei_changes_7d: int | None = None
    imei_changes_30d: int | None = None
    sims_in_device_today: int | None = None
    days_outside_region: int | None = None
    wrong_pins: int | None = None
    wrong_puks: int | None = None

    @property
    def today(self) -> date:
        """The Shanghai day of `now`."""
        return business_day(self.now)

    @property
    def local_now(self) -> datetime:
        """`now` on a Shanghai clock."""
        return self.now.astimezone(SHANGHAI)
