"""What may be a device, what it may hold, and what fits it (R26, R33, R80; Anti-Telecom-Fraud Law art. 14; X2, X5)."""

import re
from collections.abc import Collection, Mapping
from itertools import pairwise

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason
from cardfleet.kernel.reading import Unreadable
from cards.choices import DeviceState, Network, SimForm
from cards.rules.identifiers import normalise_imei

# Words and model names of equipment that holds many cards, or through which strangers call (domain.md section 5, 85).
BANNED = re.compile(
    r"猫池|卡池|卡机|群控|多卡宝|网关|远程插卡|批量插入|改号|sim(池|盒|银行)|(sim|modem)(bank|pool|box|server|farm)"
    r"|remotesim|gateway|go-?ip|smb(32|128)|hybertone|dbltek|dinstar|鼎信通达|neogate|openvox|ejoin|voiceblue"
)
MOST_SLOTS = 2
PLASTIC = frozenset({SimForm.MINI, SimForm.MICRO, SimForm.NANO})
NETWORKS = tuple(Network)
LEGAL: Mapping[str, frozenset[str]] = {
    DeviceState.READY: frozenset({DeviceState.REPAIR, DeviceState.LOST, DeviceState.RETIRED}),
    DeviceState.REPAIR: frozenset({DeviceState.READY, DeviceState.LOST, DeviceState.RETIRED}),
    DeviceState.LOST: frozenset({DeviceState.READY, DeviceState.RETIRED}),
    DeviceState.RETIRED: frozenset({DeviceState.READY}),
    DeviceState.SUPERSEDED: frozenset(),
}
LAW = _(
    "Equipment that holds many cards or lets strangers call through them, such as GoIP, SIM banks and modem pools, "
    "may not be made, traded, provided or used by anybody (Anti-Telecom-Fraud Law art. 14). It is not recorded here."
)


def read_device_imei(text: str) -> str:
    """Return an IMEI of exactly 15 digits whose check digit holds (3GPP TS 23.003); Unreadable otherwise."""
    imei = normalise_imei(text)
    if len(imei) != 15 or not imei.strip("0"):
        raise Unreadable(
            "imei_not_of_a_device", _("A device is named by the 15 digits that *#06# shows first. Copy all of them.")
        )
    return imei


def banned(text: str, *, field: str) -> Reason | None:
    """Return why something by this name is never recorded as a device; None where nothing in it says so."""
    plain = re.sub(r"[\s_\-/]", "", text).lower()
    if not BANNED.search(plain):
        return None
    clears = _("If it is a phone, write make and model as they stand on it.")
    return Reason(code="banned_device", message=LAW, clears=clears, field=field, value=text[:80])


def crowded(held: int, slots: int, *, more: int) -> Reason | None:
    """Return why a device with so many cards in it does not take so many more."""
    if held + more <= slots:
        return None
    message = format_lazy(
        _(
            "It has {slots} slots for cards and holds {held}. More cards at once in one device is what gateways and "
            "SIM banks do, which nobody may use (Anti-Telecom-Fraud Law art. 14)."
        ),
        slots=slots,
        held=held,
    )
    return Reason(code="device_full", message=message, clears=_("Take a card out first."), field="device")


def unusable(state: str) -> Reason | None:
    """Return why no card is put into a device in this state."""
    if state == DeviceState.READY:
        return None
    message = format_lazy(_("The device is not in order: {state}."), state=DeviceState(state).label)
    return Reason(code="device_not_ready", message=message, clears=_("Choose another device."), field="device")


def state_refusal(before: str, after: str, *, held: int) -> Reason | None:
    """Return why a device may not go from one state to another, with so many cards in it."""
    if after not in LEGAL[before]:
        legal = ", ".join(sorted(str(DeviceState(state).label) for state in LEGAL[before])) or "–"
        message = format_lazy(_("From here a device may become: {legal}."), legal=legal)
        return Reason(code="illegal_device_state", message=message, field="to", value=after)
    if after == DeviceState.RETIRED and held:
        return still_holding()
    return None


def still_holding() -> Reason:
    """Return what stands against laying aside a device that holds cards."""
    return Reason(code="device_holds_cards", message=_("Cards are in it still."), clears=_("Take them out first."))


def misfits(*, sim_form: str, network: str, forms: Collection[str], best: str, licence_no: str) -> list[Reason]:
    """Return warnings where a card and a device do not fit, or the device lacks its licence (R80).

    `sim_form` and `network` are the card's, `forms` and `best` the device's; what is not recorded fits.
    """
    found = []
    if sim_form and forms and not _goes_in(sim_form, forms):
        message = format_lazy(
            _("The card is {form}; the device takes {forms}. It needs another card size or an adapter."),
            form=SimForm(sim_form).label,
            forms=", ".join(str(SimForm(form).label) for form in forms),
        )
        found.append(Reason(code="sim_form_unfit", message=message, field="sim_form"))
    if network and best and NETWORKS.index(Network(best)) < NETWORKS.index(Network(network)):
        message = format_lazy(
            _("The card may use {network}; the device reaches {best}, so calls are poorer than they need be."),
            network=Network(network).label,
            best=Network(best).label,
        )
        found.append(Reason(code="network_below_card", message=message, field="network"))
    if not licence_no:
        message = _("No network access licence (进网许可) is recorded. Copy its number from the label in the device.")
        found.append(Reason(code="licence_missing", message=message, field="licence_no"))
    return found


def _goes_in(sim_form: str, forms: Collection[str]) -> bool:
    return bool(PLASTIC & set(forms)) if sim_form == SimForm.MULTI else sim_form in forms


def phone_changes(imeis: Collection[str]) -> int:
    """Return how often a card went from one device into another, by the IMEIs it was in, in turn (R33)."""
    return sum(before != after for before, after in pairwise(imeis))
