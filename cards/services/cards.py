"""Single cards: recorded and corrected by hand. States, team and holder have their own services."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import Team, User
from cardfleet.journal.recording import record
from cardfleet.kernel.editing import assign
from cardfleet.kernel.errors import BadInput, Reason
from cardfleet.kernel.masking import mask_iccid
from cardfleet.kernel.reading import Unreadable
from cardfleet.kernel.transactions import one_transaction
from cards.choices import Axis, ChangeSource, CustodyState, ServiceState
from cards.models import Card, CardChange
from cards.rules.identifiers import normalise_iccid, normalise_imei, normalise_imsi, normalise_msisdn
from cards.selectors.voided import void_among
from cards.services.devices import place_for
from cards.services.sanctions import refuse_sanctioned

FACTS = frozenset(
    {
        "msisdn",
        "imsi",
        "carrier",
        "plan",
        "contract",
        "registrant",
        "actual_user",
        "real_name_state",
        "region",
        "purpose",
        "industry",
        "direction",
        "sim_form",
        "network",
        "may_long_distance",
        "may_roam",
        "may_sms",
        "may_data",
        "hours_from",
        "hours_to",
        "purchase_channel",
        "purchase_price",
        "batch",
        "received_on",
        "activated_on",
        "expires_on",
        "location",
        "condition",
        "note",
        "is_customer_facing",
        "is_marked",
        "reverify_due_at",
    }
)
NORMALISED: Mapping[str, Callable[[str], str]] = {
    "iccid": lambda text: normalise_iccid(text).value,
    "msisdn": normalise_msisdn,
    "imsi": lambda text: normalise_imsi(text).value,
    "device_imei": normalise_imei,
}


@one_transaction
def register_card(*, facts: Mapping[str, Any], team: Team | None, actor: User | None, now: datetime) -> Card:
    """Record a new card from values by field name, not activated and in stock; BadInput names what does not hold."""
    card = Card(team=team, service_since=now, custody_since=now, created_at=now, updated_at=now)
    named = assign(card, _normalised(facts), editable=FACTS | {"iccid", "device_imei"})
    refuse_mismatch(card)
    refuse_sanctioned(card, named, now=now)
    card.device_imei = place_for(card.device_imei)
    _refuse_void(card.iccid)
    card.save(force_insert=True)
    CardChange.objects.bulk_create(first_changes(card, actor=actor, source=ChangeSource.PERSON, now=now))
    record(actor=actor, action="cards.card_registered", subject=card, now=now, data={"fields": named})
    return card


@one_transaction
def edit_facts(*, card_id: int, changes: Mapping[str, Any], actor: User | None, now: datetime) -> Card:
    """Correct what is known of a card; the journal names the fields. Nothing is written where nothing differs."""
    card = Card.objects.locked().get(pk=card_id)
    changed = assign(card, _normalised(changes), editable=FACTS)
    refuse_mismatch(card)
    refuse_sanctioned(card, changed, now=now)
    if changed:
        card.updated_at = now
        card.save(update_fields=[*changed, "updated_at"])
        record(actor=actor, action="cards.card_edited", subject=card, now=now, data={"fields": changed})
    return card


def first_changes(card: Card, *, actor: User | None, source: str, now: datetime, note: str = "") -> list[CardChange]:
    """Return the history rows, not stored yet, by which a card enters our books in the states it has."""
    known = {"card": card, "from_state": "", "recorded_at": now, "actor": actor, "source": source, "note": note}
    service = CardChange(
        axis=Axis.SERVICE,
        to_state=ServiceState(card.service_state),
        reason=card.stop_reason,
        at=card.service_since,
        **known,
    )
    custody = CardChange(axis=Axis.CUSTODY, to_state=CustodyState(card.custody_state), at=card.custody_since, **known)
    return [service, custody]


def refuse_mismatch(card: Card) -> None:
    """Refuse a plan or contract of another carrier than the card's."""
    if reasons := mismatches(card):
        raise BadInput(reasons=reasons)


def mismatches(card: Card) -> list[Reason]:
    """Return what on a card belongs to another carrier than its own."""
    faults = []
    if card.plan and card.plan.carrier_id != card.carrier_id:
        message = _("This plan is another carrier's. Choose one of the card's carrier.")
        faults.append(Reason(code="plan_of_other_carrier", message=message, field="plan", value=card.plan.name))
    if card.contract and card.contract.carrier_id != card.carrier_id:
        message = _("This contract is with another carrier. Choose one with the card's carrier.")
        faults.append(
            Reason(code="contract_of_other_carrier", message=message, field="contract", value=card.contract.number)
        )
    return faults


def _refuse_void(iccid: str) -> None:
    if void_among([iccid]):
        message = _("A SIM with this ICCID was replaced before; it is void for ever.")
        raise BadInput(reasons=[Reason(code="iccid_void", message=message, field="iccid", value=mask_iccid(iccid))])


def _normalised(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with identifiers in their one form; an identifier left empty stays empty."""
    done = dict(values)
    faults = []
    for name, normalise in NORMALISED.items():
        if not done.get(name):
            continue
        try:
            done[name] = normalise(done[name])
        except Unreadable as error:
            faults.append(error.as_reason(field=name, value=str(done[name])))
    if faults:
        raise BadInput(reasons=faults)
    return done
