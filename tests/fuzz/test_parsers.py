"""What comes from outside is read or refused by name, however damaged: a few files for each parser here, a million by
`make fuzz`."""

import importlib
import io
import pkgutil
import struct
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

import agents.importers
import billing.importers
import cards.importers
import lifecycle.importers
from billing.errors import BundleRefused
from billing.importers import bundles
from cardfleet.kernel.tabular import UnreadableFile, open_table
from lifecycle.importers import packs
from lifecycle.importers.connectors import json_calls
from tests.billing import samples
from tests.cards.files import xls_bytes
from tests.fuzz.mutations import damaged
from tests.fuzz.parsers import HTTP, PARSERS, packed, sheets
from tests.fuzz.trial import tried

FEW = settings(max_examples=80, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
# Read through one of the parsers, or what they read into; a file comes to none of them by itself.
WITHIN = {
    "agents.importers": set(),
    "cards.importers": {"rows", "words"},
    "billing.importers": {
        "android", "asterisk", "asterisk_custom", "china_mobile", "china_telecom", "china_telecom_columns",
        "china_unicom", "copying", "corrections", "details", "freeswitch", "freeswitch_json", "generic", "headed",
        "known", "layout", "mapped_json", "normalised", "owners", "reading_lines", "resolving", "switches",
    },
    "lifecycle.importers": {"connectors"},
    "lifecycle.importers.connectors": {"filling", "folder", "interface", "registry"},
}  # fmt: skip


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.name)
def test_damaged_files_are_read_or_refused_by_name(parser) -> None:
    counts: Counter[str] = Counter()

    @FEW
    @given(damaged(parser.files))
    def one(data: bytes) -> None:
        tried(parser, data, counts)

    one()
    assert counts["read"] + counts["refused"] == counts["inputs"]


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.name)
def test_the_files_to_begin_from_are_valid(parser) -> None:
    counts: Counter[str] = Counter()
    for data in parser.files:
        tried(parser, data, counts)
    assert counts["read"] == len(parser.files)


def test_no_parser_is_left_out() -> None:
    """Each importer is tried, or is a part of one that is."""
    tried_here = {module.__name__ for parser in PARSERS for module in parser.modules}
    packages = [agents.importers, cards.importers, billing.importers, lifecycle.importers]
    packages.append(importlib.import_module("lifecycle.importers.connectors"))
    for package in packages:
        known = {f"{package.__name__}.{name}" for name in WITHIN[package.__name__]}
        found = {f"{package.__name__}.{one.name}" for one in pkgutil.iter_modules(package.__path__)}
        assert found - known <= tried_here
        assert known <= found


def refusal(data: bytes) -> str:
    """Read a table to its end, and return why that cannot be."""
    with pytest.raises(UnreadableFile) as raised:
        list(open_table(io.BytesIO(data), "表").rows())
    return raised.value.reasons[0].code


def test_a_workbook_whose_sectors_lead_in_a_circle_is_refused() -> None:
    """The reader of XLS would follow them for ever, and keep all it read: gigabytes of six kilobytes."""
    data = bytearray(samples.china_mobile().xls())
    table = (int.from_bytes(data[76:80], "little") + 1) * 512
    for sector in (0, 1):
        data[table + 4 * sector : table + 4 * sector + 4] = (1 - sector).to_bytes(4, "little")
    assert refusal(bytes(data)) == "file_cut_off"


def test_a_workbook_with_a_directory_that_breaks_off_is_refused() -> None:
    """The reader gives up in a way that no other exception is like."""
    data = sheets({"number": ("手机号",)})[3]
    assert {refusal(data[:length]) for length in range(600, len(data), 211)} == {"file_cut_off"}


def test_an_archive_whose_list_lies_before_it_is_refused() -> None:
    """A place below zero is no place."""
    data = bytearray(samples.generic().xlsx())
    end = data.rfind(b"PK\x05\x06")
    data[end + 16 : end + 20] = (len(data) * 2).to_bytes(4, "little")
    assert refusal(bytes(data)) == "file_cut_off"


def test_a_cell_longer_than_any_is_read_is_refused_with_its_line() -> None:
    """Also within the lines that tell the delimiter."""
    assert refusal("手机号,金额\n".encode() + b"x" * 140_000 + b",5\n") == "quote_unclosed"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_nul_is_refused_however_it_is_spelled(encoding) -> None:
    """No text of the database holds it."""
    assert refusal("手机号,金额\n138\x0012345678,5\n,,,,,,\n,,,,,\n".encode(encoding)) in ("file_cut_off", "nul_byte")


def test_nul_in_a_workbook_of_excel_97_is_refused_with_its_line() -> None:
    """No XML can spell it, but this form of a workbook can."""
    with pytest.raises(UnreadableFile) as refused:
        list(open_table(io.BytesIO(xls_bytes(["手机号", "备注"], ["13812345678", "a\0b"])), "表.xls").rows())
    assert [(one.code, one.line) for one in refused.value.reasons] == [("nul_byte", 2)]


@pytest.mark.parametrize(("first", "last", "columns"), [(3506438144, 3, 1), (0, 4_000_000_000, 1), (0, 3, 257)])
def test_a_workbook_that_says_it_is_larger_than_any_is_refused(first, last, columns) -> None:
    """The reader would make room for half a terabyte, which ends the process."""
    data = bytearray(sheets({"number": ("手机号",)})[3])
    at = data.index(struct.pack("<HH", 0x0200, 14)) + 4
    data[at : at + 12] = struct.pack("<IIHH", first, last, 0, columns)
    assert refusal(bytes(data)) == "file_cut_off"


@pytest.mark.parametrize("encoding", ["gbk", "nothing", "base64", "idna"])
def test_a_list_in_an_encoding_that_xml_does_not_know_is_refused(encoding) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><calls><call number="13812345678" name="李"/></calls>'
    assert refusal(text.encode()) == "file_cut_off"


@pytest.mark.parametrize("figure", ["1e999999", "1e-999999", "NaN", "Infinity"])
@pytest.mark.parametrize("field", ["d", "f"])
def test_a_figure_beyond_all_bounds_is_left_for_the_import_to_refuse(field, figure) -> None:
    row = {"n": "13812345678", field: figure}
    assert figure.encode() in json_calls.as_table([row], HTTP).content.read()


def test_calls_and_packs_whose_list_lies_before_them_are_refused() -> None:
    """A place below zero is no place."""
    data = bytearray(packed(a=b"1"))
    end = data.rfind(b"PK\x05\x06")
    data[end + 16 : end + 20] = (len(data) * 2).to_bytes(4, "little")
    with pytest.raises(BundleRefused):
        list(bundles.parts(io.BytesIO(bytes(data))))
    with tempfile.NamedTemporaryFile() as kept:
        Path(kept.name).write_bytes(data)
        assert packs.verify(Path(kept.name)).manifest is None
