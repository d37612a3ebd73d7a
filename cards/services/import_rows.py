"""One line of a card file beside the card it means: what it would change, and why it may not."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import Team
from cardfleet.kernel.clock import business_day, day_start
from cardfleet.kernel.errors import Reason, Text
from cardfleet.kernel.masking import mask_msisdn
from cards.choices import ENDED, ChangeSource, RealNameState, ServiceState
from cards.importers.rows import CardRow
from cards.models import Card
from cards.rules import transitions
from cards.services.cards import mismatches
from cards.services.import_names import Named

SAID = (
    "msisdn",
    "imsi",
    "region",
    "purpose",
    "location",
    "batch",
    "note",
    "device_imei",
    "activated_on",
    "expires_on",
)
NAMED = ("carrier", "plan", "contract", "registrant")


@dataclass(kw_only=True)
class Meeting:
    """A row and the card it means, recorded or new: what the row changes, and why it is refused, if it is.

    `states_open`: nothing but imports ever told the card's service state, so that a file may tell it again.
    """

    row: CardRow
    card: Card
    is_new: bool
    states_open: bool
    changed: list[str] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    warnings: list[Reason] = field(default_factory=list)

    @property
    def new_state(self) -> str:
        """The service state the row gives a recorded card; empty where that keeps its own."""
        told = self.row.service_state
        taken = told and not self.is_new and self.states_open and told != self.card.service_state
        return str(told) if taken else ""

    @property
    def will_live(self) -> bool:
        """Whether the card's number is ours after the import."""
        return (self.new_state or self.card.service_state) not in ENDED

    def refuse(self, code: str, message: Text, *, clears: Text = "", name: str = "", value: Text = "") -> None:
        """Refuse the row for a field of it."""
        self.reasons.append(self._reason(code, message, clears, name, value))

    def warn(self, code: str, message: Text, *, name: str, value: Text = "") -> None:
        """Note something odd that does not keep the row from being stored."""
        self.warnings.append(self._reason(code, message, "", name, value))

    def _reason(self, code: str, message: Text, clears: Text, name: str, value: Text) -> Reason:
        shown = str(value) if isinstance(value, Promise) else value
        return Reason(code=code, message=message, clears=clears, field=name, line=self.row.line, value=shown)


@dataclass(frozen=True, kw_only=True)
class StoredCard:
    """What became of one accepted line; `row` still holds holder, issue date and balance for higher apps.

    There is none where the line was stored without being read by itself: then it says nothing of these.
    """

    card_id: int
    line: int
    is_new: bool
    changed: Sequence[str]
    row: CardRow | None = None


def meet(row: CardRow, known: Card | None, *, states_open: bool, blank: Card, now: datetime) -> Meeting:
    """Put a row beside the recorded card of its ICCID, or beside a new one, and check what it says."""
    card = known or new_card(row, blank, now)
    meeting = Meeting(row=row, card=card, is_new=known is None, states_open=states_open)
    _check_state(meeting)
    return meeting


def blank_card(team: Team | None, now: datetime) -> Card:
    """Return a card of which nothing is known but whose it will be; new ones are copies of it, made in a tenth."""
    moments = dict.fromkeys(("service_since", "custody_since", "created_at", "updated_at"), now)
    return Card(team=team, **moments)


def new_card(row: CardRow, blank: Card, now: datetime) -> Card:
    """Return a new card in the service state its row states, else the one its activation day suggests."""
    activated = row.activated_on if row.activated_on and row.activated_on <= business_day(now) else None
    state = row.service_state or (ServiceState.ACTIVE if activated else ServiceState.PENDING)
    card = copy(blank)
    card.iccid = row.iccid
    card.real_name_state = row.real_name_state or RealNameState.UNKNOWN
    card.service_state = state
    card.stop_reason = transitions.reason_kept(transitions.spec("", state), row.stop_reason or "")
    if activated and state == ServiceState.ACTIVE:
        card.service_since = day_start(activated)
    return card


def _check_state(meeting: Meeting) -> None:
    """Refuse a reason that stands alone or does not fit; note a state that is not taken from a file any more."""
    row = meeting.row
    if row.service_state is None:
        if row.stop_reason:
            message = _("A reason stands here without a state. Fill in the state of the card too.")
            meeting.refuse("reason_without_state", message, name="stop_reason", value=row.stop_reason)
        return
    unfit = transitions.refusal("", row.service_state, reason=row.stop_reason or "", source=ChangeSource.TAKEOVER)
    if unfit:
        meeting.refuse(unfit.code, unfit.message, clears=unfit.clears, name="stop_reason", value=unfit.value)
    if not meeting.states_open and row.service_state != meeting.card.service_state:
        message = _("The card's state was recorded since, so the one in the file was left. Import a reading instead.")
        meeting.warn("state_kept", message, name="service_state", value=row.service_state.label)


def merge(meeting: Meeting, named: Named) -> None:
    """Put what the row says on the card and note what changed, or refuse what does not fit together.

    An empty cell changes nothing. Holder and balance are other apps'.
    """
    for name in SAID:
        _put(meeting, name, getattr(meeting.row, name))
    for name in NAMED:
        _put(meeting, name, getattr(named, name))
    if not meeting.is_new:
        _take_real_name(meeting)
    card = meeting.card
    if card.activated_on and card.expires_on and card.expires_on < card.activated_on:
        message = _("A card cannot expire before it was activated.")
        meeting.refuse("dates_run_backwards", message, name="expires_on", value=card.expires_on.isoformat())
    for fault in mismatches(card):
        meeting.refuse(fault.code, fault.message, name=fault.field, value=fault.value)


def _put(meeting: Meeting, name: str, value: Any) -> None:
    """Put one value on the card where it is told and differs; a relation is compared by id, which asks nothing."""
    card = meeting.card
    known, told = (
        (getattr(card, f"{name}_id"), value.pk) if isinstance(value, models.Model) else (getattr(card, name), value)
    )
    if value is None or known == told:
        return
    if name == "msisdn" and not meeting.is_new:
        message = _("The card had another number until now. Look whether the ICCID is right.")
        meeting.warn("number_changed", message, name=name, value=mask_msisdn(card.msisdn))
    setattr(card, name, value)
    meeting.changed.append(name)


def _take_real_name(meeting: Meeting) -> None:
    """Take a real-name state where none was recorded: a stale file must not overrule what compliance found."""
    told, known = meeting.row.real_name_state, meeting.card.real_name_state
    if known == RealNameState.UNKNOWN:
        _put(meeting, "real_name_state", told)
    elif told is not None and told != known:
        message = _("A real-name state is recorded already and was left. Change it on the card's page.")
        meeting.warn("real_name_kept", message, name="real_name", value=told.label)
