"""All formats of call records side by side: each file is recognised as what it is, and read the same (issue 3.1)."""

from datetime import date
from itertools import islice

import pytest
from django.conf import settings

from billing.errors import UnknownFormat
from billing.importers import asterisk, asterisk_custom, freeswitch, normalised
from billing.importers.layout import Sample
from billing.importers.registry import FORMATS, choices, find, names
from billing.models import UsageRecord
from billing.rules.times import Period
from cardfleet.kernel.errors import BadInput
from cardfleet.kernel.tabular import open_table
from tests.billing import samples
from tests.billing.conftest import OWN
from tests.billing.samples import STORED
from tests.factories.billing import UsageAliasFactory, UsageSourceFactory

COLUMNS_25 = [titles[0] for titles in normalised.ALIASES.values()]
CHINESE_25 = [titles[-1] for titles in normalised.ALIASES.values()]
FILES = {
    "generic": ("generic_csv", samples.generic()),
    "china_mobile": ("china_mobile", samples.china_mobile()),
    "china_mobile_web": ("china_mobile", samples.china_mobile_web()),
    "china_unicom": ("china_unicom", samples.china_unicom()),
    "china_unicom_web": ("china_unicom", samples.china_unicom_web()),
    "china_telecom": ("china_telecom", samples.china_telecom()),
    "china_telecom_sichuan": ("china_telecom", samples.china_telecom_sichuan()),
    "china_telecom_inner_mongolia": ("china_telecom", samples.china_telecom_inner_mongolia()),
    "china_telecom_digits": ("china_telecom", samples.china_telecom_digits()),
    "china_telecom_columns": ("china_telecom_columns", samples.china_telecom_columns()),
    "asterisk": ("asterisk", samples.asterisk(asterisk.COLUMNS)),
    "asterisk_short": ("asterisk", samples.asterisk(asterisk.COLUMNS[:18])),
    "asterisk_custom": ("asterisk_custom", samples.asterisk(asterisk_custom.COLUMNS)),
    "asterisk_custom_short": ("asterisk_custom", samples.asterisk(asterisk_custom.COLUMNS[:18])),
    "freeswitch_example": ("freeswitch", samples.freeswitch(freeswitch.EXAMPLE)),
    "freeswitch_asterisk": ("freeswitch", samples.freeswitch(freeswitch.ASTERISK)),
    "normalised_chinese": ("normalised_csv", samples.normalised(COLUMNS_25).titled(CHINESE_25)),
    "normalised": ("normalised_csv", samples.normalised(COLUMNS_25)),
}
# The generic table also reads what others name as it does, but only where no other recognises the file.
PARTICULAR = [known for known in FORMATS if known.name != "generic_csv"]


def first_rows(file: samples.SampleFile, tmp_path, *, own_number: str = OWN) -> Sample:
    """What a format sees of a file."""
    path = tmp_path / "file"
    path.write_bytes(file.csv())
    with path.open("rb") as stream:
        rows = tuple(islice(open_table(stream, file.name).rows(), 30))
    period = Period(date(2025, 11, 23), date(2026, 11, 22))
    return Sample(rows=rows, name=file.name, own_number=own_number, period=period)


def takers(sample: Sample) -> list[str]:
    """The formats that recognise a file, each asked alone."""
    found = []
    for known in PARTICULAR:
        try:
            layout = known.recognise(sample)
        except BadInput:
            continue
        if layout:
            found.append(layout.format)
    return found


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_recognised_as_its_own_format_only(name, tmp_path):
    expected, file = FILES[name]
    sample = first_rows(file, tmp_path)
    assert find(sample).format == expected
    assert takers(sample) == [expected] * (expected != "generic_csv")


@pytest.mark.parametrize("name", [name for name, (_format, file) in FILES.items() if file.headed])
def test_the_columns_may_stand_in_any_order(name, tmp_path):
    expected, file = FILES[name]
    assert find(first_rows(file.turned(), tmp_path)).format == expected
    assert takers(first_rows(file.turned(), tmp_path)) == [expected] * (expected != "generic_csv")


@pytest.mark.parametrize("name", FILES)
def test_every_file_tells_the_same_three_calls(name, card, load):
    """R82: the details of a carrier are read, whichever carrier, exchange or phone wrote them."""
    expected, file = FILES[name]
    source = UsageSourceFactory(slug="pbx", role="switch")
    for alias in ("100", "1000"):
        UsageAliasFactory(source=source, alias=alias, card=card)
    batch = load(file.csv(), source=source, name=file.name, own_number=file.own_number)
    assert (batch.format, batch.rows_stored, batch.rows_refused) == (expected, 3, 0)
    stored = UsageRecord.objects.order_by("started_at").values_list(
        "card", "started_at", "direction", "counterpart", "duration_s"
    )
    assert list(stored) == [(card.pk, *call[:4]) for call in STORED]
    fees = [str(fee) for fee in UsageRecord.objects.order_by("started_at").values_list("fee", flat=True)]
    assert fees == (
        [call[4] for call in STORED] if "asterisk" not in name and "freeswitch" not in name else ["None"] * 3
    )
    assert load(file.csv(), source=source, name=file.name, own_number=file.own_number).rows_stored == 0


@pytest.mark.parametrize("name", FILES)
def test_a_format_named_overrides_what_is_recognised(name, tmp_path):
    expected, file = FILES[name]
    sample = first_rows(file, tmp_path)
    assert find(sample, expected).format == expected
    with pytest.raises(BadInput):
        find(sample, "android_calls")


def test_a_format_without_a_header_takes_a_row_that_does_not_look_like_it_when_named(tmp_path):
    file = samples.SampleFile([["x"] * 18])
    with pytest.raises(UnknownFormat):
        find(first_rows(file, tmp_path))
    for named in ("asterisk", "asterisk_custom", "freeswitch", "china_telecom_columns"):
        assert find(first_rows(file, tmp_path), named).format == named


def test_every_format_has_a_name_for_people():
    labels = [str(label) for _name, label in choices()]
    assert len(set(labels)) == len(names()) == len(set(names()))


def test_the_readme_lists_every_format():
    text = (settings.BASE_DIR / "README.md").read_text()
    assert [name for name in names() if f"| `{name}`" not in text] == []
    assert ", ".join(COLUMNS_25) in text
