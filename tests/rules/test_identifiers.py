"""Identifiers as formats.md 4.1 describes them (R23, R24, R26)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardfleet.kernel.reading import Unreadable
from cards.rules import identifiers


@pytest.mark.parametrize(
    ("raw", "iccid", "warnings"),
    [
        ("89860070310112094320", "89860070310112094320", []),
        ("89860619150001639290", "89860619150001639290", []),
        (" 8986 0070 3101 1209 4320 ", "89860070310112094320", []),
        ("89860070310112094321", "89860070310112094321", ["iccid_luhn"]),
        ("898602f2191970341882", "898602F2191970341882", []),
        ("8986011234567890123S", "8986011234567890123S", []),
        ("8986007031011209432F", "8986007031011209432", ["iccid_luhn"]),
        ("'89860070310112094320", "89860070310112094320", []),
        ('="89860070310112094320"', "89860070310112094320", []),
        ("89860070310112000000", "89860070310112000000", ["iccid_luhn", "iccid_cut"]),
        ("８９８６００７０３１０１１２０９４３２０", "89860070310112094320", []),
    ],
)
def test_iccid(raw: str, iccid: str, warnings: list[str]) -> None:
    read = identifiers.normalise_iccid(raw)
    assert read.value == iccid
    assert [reason.code for reason in read.warnings] == warnings


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("8.98601E+19", "mangled_by_spreadsheet"),
        ("", "missing"),
        ("898600703101120943", "iccid_unreadable"),
        ("897010210860111111FF", "iccid_unreadable"),
        ("898600703101120943201", "iccid_unreadable"),
        ("88860070310112094320", "iccid_unreadable"),
        ("8986A070310112094320", "iccid_unreadable"),
        ("89860070310112094_20", "iccid_unreadable"),
        ("=A1", "formula"),
    ],
)
def test_iccid_refused(raw: str, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        identifiers.normalise_iccid(raw)
    assert refused.value.code == code


@pytest.mark.parametrize(
    "raw",
    [
        "13800138000",
        "+8613800138000",
        "8613800138000",
        "008613800138000",
        "138 0013 8000",
        "138-0013-8000",
        "13800138000.0",
        "+86 138-0013-8000",
    ],
)
def test_msisdn(raw: str) -> None:
    assert identifiers.normalise_msisdn(raw) == "+8613800138000"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("1380013800", "msisdn_unreadable"),
        ("138001380000", "msisdn_unreadable"),
        ("12800138000", "msisdn_unreadable"),
        ("01085551234", "msisdn_unreadable"),
        ("+85291234567", "msisdn_unreadable"),
        ("138****8000", "number_masked"),
        ("1.38E+10", "mangled_by_spreadsheet"),
        ("", "missing"),
    ],
)
def test_msisdn_refused(raw: str, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        identifiers.normalise_msisdn(raw)
    assert refused.value.code == code


@given(st.from_regex(r"\A1[3-9][0-9]{9}\Z"), st.sampled_from(["", "+86", "86", "0086", " +86 "]))
def test_a_mobile_reads_the_same_as_card_and_as_counterpart(number: str, prefix: str) -> None:
    assert identifiers.normalise_msisdn(prefix + number) == f"+86{number}"
    assert identifiers.normalise_counterpart(prefix + number) == f"+86{number}"


@pytest.mark.parametrize(
    ("raw", "counterpart"),
    [
        ("13912345678", "+8613912345678"),
        ("013912345678", "+8613912345678"),
        ("01085551234", "+861085551234"),
        ("(010) 8555-1234", "+861085551234"),
        ("057188157815", "+8657188157815"),
        ("+86 571 88157815", "+8657188157815"),
        ("0086057188157815", "+8657188157815"),
        ("4008001234", "+864008001234"),
        ("95588", "95588"),
        ("+8610086", "10086"),
        ("8001", "8001"),
        ("85551234", "85551234"),
        ("0085291234567", "+85291234567"),
        ("+12025550123", "+12025550123"),
        ("1064812345678", "1064812345678"),
        ("138****5678", "138****5678"),
        ("", ""),
        ("未知号码", ""),
        ("Anonymous", ""),
    ],
)
def test_counterpart(raw: str, counterpart: str) -> None:
    assert identifiers.normalise_counterpart(raw) == counterpart


@pytest.mark.parametrize(("raw", "code"), [("张三", "counterpart_unreadable"), ("1.39E+10", "mangled_by_spreadsheet")])
def test_counterpart_refused(raw: str, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        identifiers.normalise_counterpart(raw)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("raw", "warnings"),
    [
        ("460001234567890", []),
        ("460 00 1234567890", []),
        ("310150123456789", ["imsi_country"]),
        ("12345678", ["imsi_country"]),
    ],
)
def test_imsi(raw: str, warnings: list[str]) -> None:
    assert [reason.code for reason in identifiers.normalise_imsi(raw).warnings] == warnings


@pytest.mark.parametrize("raw", ["4600012345678901", "46000A", "", "12345"])
def test_imsi_refused(raw: str) -> None:
    with pytest.raises(Unreadable):
        identifiers.normalise_imsi(raw)


@pytest.mark.parametrize("raw", ["0000", "1234", "12345678", "1234.0"])
def test_pin(raw: str) -> None:
    """R24: leading zeros stay."""
    assert identifiers.normalise_pin(raw) == raw.removesuffix(".0")


@pytest.mark.parametrize("raw", ["123", "123456789", "12a4", "", "=1234"])
def test_a_refused_pin_is_not_repeated(raw: str) -> None:
    """R24: the refusal carries the place, never the value."""
    with pytest.raises(Unreadable) as refused:
        identifiers.normalise_pin(raw)
    assert refused.value.secret
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(("raw", "good"), [("01234567", True), ("1234567", False), ("123456789", False)])
def test_puk(raw: str, good: bool) -> None:
    if good:
        assert identifiers.normalise_puk(raw) == raw
        return
    with pytest.raises(Unreadable) as refused:
        identifiers.normalise_puk(raw)
    assert refused.value.secret


@pytest.mark.parametrize("raw", ["490154203237518", "49-015420-323751-8", "49015420323751"])
def test_imei(raw: str) -> None:
    """R26: the device a card is in is named by an IMEI whose check digit holds."""
    assert identifiers.normalise_imei(raw) == raw.replace("-", "")


@pytest.mark.parametrize("raw", ["490154203237519", "4901542032375", "", "49015420323751X"])
def test_imei_refused(raw: str) -> None:
    with pytest.raises(Unreadable):
        identifiers.normalise_imei(raw)


@pytest.mark.parametrize(
    ("given_", "network", "mvno"),
    [
        ({"msisdn": "+8613800138000"}, "mobile", False),
        ({"msisdn": "+8617001234567"}, "telecom", True),
        ({"msisdn": "+8617031234567"}, "mobile", True),
        ({"msisdn": "+8617112345678"}, "unicom", True),
        ({"msisdn": "+8619212345678"}, "broadnet", False),
        ({"iccid": "89860619150001639290"}, "unicom", False),
        ({"iccid": "89861119150001639290"}, "telecom", False),
    ],
)
def test_carrier_hint(given_: dict[str, str], network: str, mvno: bool) -> None:
    assert identifiers.carrier_hint(**given_) == identifiers.CarrierHint(network, mvno=mvno)


def test_an_unknown_prefix_hints_nothing() -> None:
    assert identifiers.carrier_hint(msisdn="+8615412345678") is None
    assert identifiers.carrier_hint() is None
