"""What may be a device, what goes into it (R26, R33, R80, X2)."""

import pytest

from cardfleet.kernel.reading import Unreadable
from cards.choices import DeviceState
from cards.rules.devices import (
    LEGAL,
    banned,
    crowded,
    misfits,
    phone_changes,
    read_device_imei,
    state_refusal,
    unusable,
)


@pytest.mark.parametrize(
    "said",
    [
        "GoIP",
        "GoIP-32",
        "go_ip 8",
        "猫池",
        "语音网关",
        "SIM池",
        "SIM Bank",
        "SIM-box",
        "modem pool",
        "Dinstar UC2000",
        "DBLTEK",
        "SMB128",
        "16口卡池设备",
        "voice gateway",
        "多卡宝",
    ],
)
def test_what_nobody_may_use_is_not_a_device(said: str) -> None:
    """R26, X2: art. 14 of the Anti-Telecom-Fraud Law; by kind and by the words of known models."""
    reason = banned(said, field="model")
    assert reason is not None
    assert reason.code == "banned_device"
    assert reason.clears


@pytest.mark.parametrize("said", ["", "华为 Mate 60", "Redmi Note 12", "iPhone 15", "小米平板 6", "Nokia 105", "手机"])
def test_phones_are_devices(said: str) -> None:
    assert banned(said, field="model") is None


def test_a_device_is_named_by_fifteen_digits() -> None:
    """R26: with the check digit, without the version of its software, and not by zeros."""
    assert read_device_imei("49015420-323751-8") == "490154203237518"
    for wrong in ("490154203237519", "49015420323751", "4901542032375101", "0" * 15):
        with pytest.raises(Unreadable):
            read_device_imei(wrong)


def test_a_phone_holds_no_more_cards_than_it_has_slots() -> None:
    """X2: many cards at once in one device is what gateways do."""
    assert crowded(1, 2, more=1) is None
    assert crowded(2, 2, more=1).code == "device_full"
    assert crowded(2, 2, more=0) is None


@pytest.mark.parametrize(
    ("card", "device", "codes"),
    [
        (("nano", "5g"), (["nano"], "5g", "02-1"), []),
        (("mini", ""), (["nano"], "", "02-1"), ["sim_form_unfit"]),
        (("multi", ""), (["micro"], "", "02-1"), []),
        (("esim", ""), (["nano", "esim"], "", "02-1"), []),
        (("multi", ""), (["esim"], "", "02-1"), ["sim_form_unfit"]),
        (("", "volte"), ([], "4g", "02-1"), ["network_below_card"]),
        (("", "4g"), ([], "5g", "02-1"), []),
        (("nano", "4g"), ([], "", ""), ["licence_missing"]),
    ],
)
def test_fit(card, device, codes) -> None:
    """R80: SIM form, network and licence; what is not recorded fits."""
    (form, network), (forms, best, licence) = card, device
    found = misfits(sim_form=form, network=network, forms=forms, best=best, licence_no=licence)
    assert [reason.code for reason in found] == codes


@pytest.mark.parametrize(
    ("imeis", "changes"), [([], 0), (["a"], 0), (["a", "a"], 0), (["a", "b"], 1), (["a", "b", "a"], 2)]
)
def test_changes_of_phone(imeis, changes) -> None:
    """R33: the first phone is no change, nor is the same phone again."""
    assert phone_changes(imeis) == changes


def test_states_of_a_device() -> None:
    assert set(LEGAL) == set(DeviceState)
    assert state_refusal("ready", "repair", held=2) is None
    assert state_refusal("ready", "retired", held=1).code == "device_holds_cards"
    assert state_refusal("superseded", "ready", held=0).code == "illegal_device_state"
    assert [unusable(state) is None for state in ("ready", "repair", "lost")] == [True, False, False]
