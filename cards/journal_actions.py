"""What the journal may say of cards and their reference data."""

from django.utils.translation import gettext_lazy as _

from cardfleet.journal.belonging import register_belonging
from cardfleet.journal.registry import SAID_BY_SUBJECT, one_of, register, words_of
from cardfleet.journal.subjects import register_subject
from cardfleet.kernel.errors import Text
from cards.choices import (
    ChangeSource,
    Condition,
    CustodyState,
    Damage,
    DeviceState,
    ServiceState,
    SignalCheck,
    SpareDecision,
    StopReason,
    WhyReissued,
)
from cards.choices.real_name import CopyPurpose, SanctionBasis
from cards.models import Card, CardSecret
from cards.selectors.belonging import belongings_of_cards

WARNINGS = {
    "carrier_not_proven": _("not proven for the carrier"),
    "proof_missing": _("proof missing"),
    "proof_undated": _("proof without a last day"),
    "proof_expired": _("proof expired"),
    "proof_ends_soon": _("proof ends soon"),
    "promise": _("promises what no carrier gives"),
}


def fact_words(name: str) -> Text:
    """Return what a fact of a card is called: a field of its own, or of its secrets."""
    found = (field.verbose_name for field in (*Card._meta.fields, *CardSecret._meta.fields) if field.name == name)
    return str(next(found, name))


register_belonging("cards.card", belongings_of_cards)
register("cards.carrier_recorded", _("Carrier recorded"), icon="building-broadcast-tower")
register("cards.carrier_edited", _("Carrier changed"), icon="building-broadcast-tower")
register("cards.plan_recorded", _("Plan recorded"), icon="receipt")
register("cards.plan_edited", _("Plan changed"), icon="receipt")
register("cards.price_set", _("Price set"), icon="coin-yuan")
register("cards.contract_recorded", _("Contract recorded"), icon="file-text")
register("cards.contract_edited", _("Contract changed"), icon="file-text")
register("cards.contract_renewed", _("Contract renewed itself"), icon="refresh")
register("cards.registrant_erased", _("Registrant erased"), icon="eraser")
register("cards.registrant_recorded", _("Registrant recorded"), icon="id")
register("cards.registrant_edited", _("Registrant changed"), icon="id")
register("cards.id_number_revealed", _("ID number revealed"), icon="eye")
register("cards.rule_written", _("Rule written"), icon="gavel", values={"kind": SAID_BY_SUBJECT})
register(
    "cards.rule_version_written", _("New version of a rule written"), icon="gavel", values={"kind": SAID_BY_SUBJECT}
)
register("cards.rule_ended", _("Rule ended"), icon="gavel", values={"kind": SAID_BY_SUBJECT})
register("cards.rule_confirmed", _("Rule confirmed"), icon="gavel", values={"kind": SAID_BY_SUBJECT})
register(
    "cards.rule_document_attached", _("Document attached to a rule"), icon="paperclip", values={"kind": SAID_BY_SUBJECT}
)
register("cards.card_registered", _("Card recorded"), icon="device-sim")
register("cards.card_imported", _("Card imported"), icon="file-import", values={"fields": fact_words})
register("cards.card_taken_over", _("Card taken over"), icon="file-import", values={"fields": fact_words})
register("cards.card_edited", _("Card changed"), icon="edit")
register(
    "cards.service_state_changed",
    _("Service state changed"),
    icon="arrows-exchange",
    values={
        "from": one_of(ServiceState),
        "to": one_of(ServiceState),
        "reason": one_of(StopReason),
        "source": one_of(ChangeSource),
    },
)
register(
    "cards.service_state_corrected",
    _("Service state taken back"),
    icon="arrow-back-up",
    values={"from": one_of(ServiceState), "to": one_of(ServiceState)},
)
register(
    "cards.custody_changed",
    _("Custody changed"),
    icon="package-import",
    values={
        "from": one_of(CustodyState),
        "to": one_of(CustodyState),
        "holder": "accounts.user",
        "team": "accounts.team",
    },
)
register("cards.tags_added", _("Tagged"), icon="tag", values={"tags": "cards.tag"})
register("cards.tags_removed", _("Tags taken off"), icon="tag-off", values={"tags": "cards.tag"})
register("cards.tag_recorded", _("Tag recorded"), icon="tag")
register("cards.tag_renamed", _("Tag renamed"), icon="tag")
register("cards.note_written", _("Note written"), icon="note", values={"note": "cards.cardnote"})
register("cards.device_recorded", _("Device recorded"), icon="device-mobile")
register("cards.device_edited", _("Device changed"), icon="device-mobile")
register(
    "cards.device_state_changed",
    _("State of a device changed"),
    icon="device-mobile",
    values={"from": one_of(DeviceState), "to": one_of(DeviceState)},
)
register("cards.device_superseded", _("Wrong IMEI recorded anew"), icon="device-mobile")
register("cards.card_put_in", _("Card put into a device"), icon="device-mobile")
register("cards.card_taken_out", _("Card taken out of its device"), icon="device-mobile-off")
register("cards.secrets_set", _("Secrets stored"), icon="lock", values={"fields": fact_words})
register("cards.secret_revealed", _("Secret revealed"), icon="eye", values={"field": fact_words})

register("cards.location_recorded", _("Storage place recorded"), icon="building-warehouse")
register("cards.location_edited", _("Storage place changed"), icon="building-warehouse")
register("cards.card_moved", _("Card put elsewhere"), icon="building-warehouse")
register("cards.supplier_recorded", _("Supplier recorded"), icon="truck-delivery")
register("cards.supplier_edited", _("Supplier changed"), icon="truck-delivery")
register("cards.supplier_proven", _("Authorisation of a supplier stored"), icon="certificate")
register("cards.order_placed", _("Order placed"), icon="shopping-cart", values={"warned_of": words_of(WARNINGS)})
register("cards.order_invoiced", _("Invoice of an order recorded"), icon="receipt")
register("cards.order_closed", _("Order closed short"), icon="x")
register("cards.card_received", _("Card received from an order"), icon="package-import")
register("cards.interval_recorded", _("Inspection interval recorded"), icon="calendar-repeat")
register("cards.interval_edited", _("Inspection interval changed"), icon="calendar-repeat")
register(
    "cards.card_inspected",
    _("Card inspected"),
    icon="clipboard-check",
    values={
        "condition": one_of(Condition),
        "damage": one_of(Damage),
        "signal": one_of(SignalCheck),
        "decision": one_of(SpareDecision),
    },
)
register(
    "cards.sim_reissued",
    _("SIM re-issued, number kept"),
    icon="refresh",
    values={"why": one_of(WhyReissued)},
)
register("cards.secret_tried", _("PIN or PUK typed"), icon="lock", values={"field": fact_words})
register("cards.secrets_voided", _("Secrets erased"), icon="eraser", values={"fields": fact_words})

register("cards.sanction_recorded", _("Sanction recorded"), icon="ban", values={"basis": one_of(SanctionBasis)})
register("cards.id_copy_kept", _("Copy of an ID kept"), icon="id")
register("cards.id_copy_seen", _("Copy of an ID seen"), icon="eye", values={"purpose": one_of(CopyPurpose)})
register("cards.sanction_lifted", _("Sanction lifted"), icon="circle-check")
register("cards.id_check_asked", _("Asked for the yearly check of the ID"), icon="id")
register("cards.id_check_answered", _("Yearly check of the ID answered"), icon="id")
register("cards.id_check_settled", _("Difference of a yearly check settled"), icon="circle-check")

register_subject("cards.location", url_name="cards:location")
register_subject("cards.supplier", url_name="cards:supplier")
register_subject("cards.purchaseorder", url_name="cards:purchase")
register_subject("cards.inspectionplan", url_name="admin:cards_inspectionplan_change")
register_subject("cards.card", url_name="lifecycle:card")
register_subject("cards.device", url_name="lifecycle:device")
register_subject("cards.carrier", url_name="admin:cards_carrier_change")
register_subject("cards.rateplan", url_name="admin:cards_rateplan_change")
register_subject("cards.contract", url_name="admin:cards_contract_change")
register_subject("cards.registrant", url_name="admin:cards_registrant_change")
register_subject("cards.cardnote")
register_subject("cards.voidedsim")
register_subject("cards.tag", url_name="admin:cards_tag_change")
