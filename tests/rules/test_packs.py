"""What an evidence pack says of itself, how it is checked, and what of a text goes into one (R40, R83)."""

import hashlib
import io
import stat
import struct
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from cardfleet.kernel.crypto import public_key, sign
from lifecycle.choices import CaseKind, PackedAs, WhyNotPacked
from lifecycle.importers.packs import verify
from lifecycle.rules.packs.asked import unmet_period, unmet_reason
from lifecycle.rules.packs.calls import cap_use
from lifecycle.rules.packs.files import why_not, why_not_inside
from lifecycle.rules.packs.manifest import MANIFEST, PackedFile, canonical, is_safe, manifest_facts, sealed
from lifecycle.rules.packs.shown import HIDDEN, Shown, cleaned

TODAY = date(2026, 11, 20)
CONTENT = {"cards.csv": b"a,b\r\n1,2\r\n", "documents/1.txt": b"proof\n"}


def packed(name: str, content: bytes, **told) -> PackedFile:
    return PackedFile(path=name, size=len(content), sha256=hashlib.sha256(content).hexdigest(), **told)


def sealed_entries(content=CONTENT, **about) -> dict[str, bytes]:
    """Return the entries of a small pack of this installation."""
    facts = manifest_facts({"pack": 1, **about}, [packed(name, text) for name, text in content.items()])
    return {**content, MANIFEST: sealed(facts, signature=sign(canonical(facts)), key=public_key())}


def zipped(entries) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items() if isinstance(entries, dict) else entries:
            archive.writestr(name, content)
    return target.getvalue()


def link(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return entry


def without(name: str) -> dict[str, bytes]:
    return {path: content for path, content in sealed_entries().items() if path != name}


def edited(old: bytes, new: bytes) -> dict[str, bytes]:
    whole = sealed_entries()
    assert old in whole[MANIFEST]
    return {**whole, MANIFEST: whole[MANIFEST].replace(old, new)}


def claims(size: int) -> dict[str, bytes]:
    """Return a pack, sealed well, whose manifest says that a file is huge."""
    facts = manifest_facts({"pack": 1}, [PackedFile(path="cards.csv", size=size, sha256="0" * 64)])
    manifest = sealed(facts, signature=sign(canonical(facts)), key=public_key())
    return {"cards.csv": b"0", MANIFEST: manifest}


def flipped(data: bytes) -> bytes:
    """Return a ZIP with a bit of a stored file's packed bytes turned."""
    at = data.index(b"cards.csv") + len("cards.csv") + 2
    return data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :]


def unlike_its_manifest(name: str, content: bytes) -> bytes:
    return zipped({**sealed_entries(), name: content})


def encrypted() -> bytes:
    """Return a pack whose first file says it is encrypted, in its own head and in the list at the end."""
    data = bytearray(zipped(sealed_entries()))
    for head, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(head) + flags
        data[at : at + 2] = struct.pack("<H", struct.unpack("<H", data[at : at + 2])[0] | 1)
    return bytes(data)


WHOLE = zipped(sealed_entries())


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (WHOLE, []),
        (flipped(WHOLE), ["hash cards.csv"]),
        (unlike_its_manifest("cards.csv", b"a,b\r\n1,3\r\n"), ["hash cards.csv"]),
        (unlike_its_manifest("cards.csv", b"a,b\r\n"), ["size cards.csv"]),
        (unlike_its_manifest("cards.csv", b"0" * 10_000_000), ["size cards.csv"]),
        (unlike_its_manifest("more.csv", b"1"), ["additional more.csv"]),
        (zipped(without("cards.csv")), ["missing cards.csv"]),
        (
            zipped({**without("cards.csv"), "card.csv": CONTENT["cards.csv"]}),
            ["additional card.csv", "missing cards.csv"],
        ),
        (zipped(edited(b'"pack": 1', b'"pack": 2')), ["seal_broken manifest.json"]),
        (zipped(edited(b'"signature": "', b'"signature": "00')), ["seal_broken manifest.json"]),
        (zipped(edited(b'"seal"', b'"soul"')), ["seal_missing manifest.json"]),
        (zipped(edited(b'"format": 1', b'"format": 9')), ["format_unknown manifest.json"]),
        (zipped(edited(b'"CardFleet"', b'"CardFloat"')), ["not_ours manifest.json"]),
        (zipped(without(MANIFEST)), ["manifest_missing manifest.json"]),
        (zipped({**CONTENT, MANIFEST: b"[" * 100_000}), ["manifest_unreadable manifest.json"]),
        (zipped([*sealed_entries().items(), ("../out.csv", b"1")]), ["unsafe_path ../out.csv"]),
        (zipped([*sealed_entries().items(), ("/etc/cron", b"1")]), ["unsafe_path /etc/cron"]),
        (zipped([*sealed_entries().items(), (link("l"), b"/etc/passwd")]), ["not_plain l"]),
        (encrypted(), ["not_plain cards.csv", "missing cards.csv"]),
        (zipped(claims(10**12)), ["too_much "]),
        (zipped(claims(0)), ["size cards.csv"]),
        (WHOLE[:-30], ["truncated "]),
        (WHOLE[: len(WHOLE) // 2], ["truncated "]),
        (b"#!/bin/sh\n" + WHOLE, ["bytes_around "]),
        (b"not a zip at all", ["not_a_zip "]),
        (b"", ["not_a_zip "]),
    ],
)
def test_what_was_changed_is_named(tmp_path, data, codes):
    """R40: a flipped bit, files added, removed and renamed, an edited manifest, bombs, links, paths outside."""
    path = tmp_path / "pack.zip"
    path.write_bytes(data)
    assert sorted(f"{one.code} {one.path}" for one in verify(path).differences) == sorted(codes)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_twice_and_another_seal(tmp_path, settings):
    """R40: what proves itself elsewhere is not ours; a second file of a name hides behind the first."""
    path = tmp_path / "pack.zip"
    path.write_bytes(zipped([*sealed_entries().items(), ("cards.csv", CONTENT["cards.csv"])]))
    assert [one.code for one in verify(path).differences] == ["duplicate"]
    path.write_bytes(WHOLE)
    settings.SECRET_KEY = "another installation's key"
    assert [one.code for one in verify(path).differences] == ["seal_of_another"]
    assert [one.code for one in verify(tmp_path / "none.zip").differences] == ["no_file"]


def test_the_command_says_yes_or_names_the_differences(tmp_path, capsys):
    """R40: `verify_pack` ends with 0, or with 1 and what differs."""
    path = tmp_path / "pack.zip"
    path.write_bytes(WHOLE)
    call_command("verify_pack", str(path))
    path.write_bytes(zipped(without("cards.csv")))
    with pytest.raises(CommandError):
        call_command("verify_pack", str(path))
    assert "missing  cards.csv" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("身份证 11010519491231002X 已核", f"身份证 {HIDDEN} 已核"),
        ("110105 19491231 0021", HIDDEN),
        ("旧证110105491231002号", f"旧证{HIDDEN}号"),
        ("执照 91110000MA01ABCD2X", f"执照 {HIDDEN}"),
        ("打 13812345678 或 +86 138-1234-5678", "打 138****5678 或 138****5678"),
        ("PIN1: 4321, PUK 是 12345678", f"PIN1: {HIDDEN}, PUK 是 {HIDDEN}"),
        ("服务密码为 135790", f"服务密码为 {HIDDEN}"),
        ("密码已修改, 客服工号 1009", "密码已修改, 客服工号 1009"),
        ("ICCID 89860012345678901234, 2026-11-20", "ICCID 89860012345678901234, 2026-11-20"),
        ("", ""),
    ],
)
def test_what_somebody_wrote_loses_ids_secrets_and_phones(text, shown):
    """PIPL art. 28: free text may hold what no field does."""
    assert cleaned(text) == shown


def test_names_and_numbers_are_masked_unless_asked_for():
    """PIPL art. 51: the staff number says who it is."""
    masked, whole = Shown(), Shown(names=True, numbers=True)
    assert (masked.person("A1", "张小三"), whole.person("A1", "张小三")) == ("A1 张**", "A1 张小三")
    assert (masked.number("+8613812345678"), whole.number("+8613812345678")) == ("138****5678", "+8613812345678")
    assert (masked.name(""), masked.person(None, None)) == ("", "")


@pytest.mark.parametrize(
    ("where", "why"),
    [
        ({"packed_as": PackedAs.CASE, "kind": CaseKind.SUSPENSION, "step": "pay"}, None),
        ({"packed_as": PackedAs.CASE, "kind": CaseKind.TRANSFER}, WhyNotPacked.MAY_BEAR_IDS),
        ({"packed_as": PackedAs.CASE, "kind": CaseKind.SUSPENSION, "step": "verify"}, WhyNotPacked.MAY_BEAR_IDS),
        ({"packed_as": PackedAs.CARD}, WhyNotPacked.MAY_BEAR_IDS),
        ({"packed_as": PackedAs.AUDIT, "content_type": "application/zip"}, WhyNotPacked.UNREADABLE),
        ({"packed_as": PackedAs.TRAINING}, WhyNotPacked.NAMES_INSIDE),
        ({"packed_as": PackedAs.TRAINING, "names": True}, None),
        ({"packed_as": PackedAs.SIGNATURE}, None),
    ],
)
def test_which_files_go_in(where, why):
    """PIPL art. 28: papers of people never."""
    assert why_not(**{"content_type": "image/png", "names": False, **where}) == why


def test_a_text_with_an_id_stays_out_in_any_encoding():
    """PIPL art. 28: what can be read is read."""
    text = "证件 11010519491231002X"
    for encoding in ("utf-8", "gb18030", "utf-16"):
        assert why_not_inside(text.encode(encoding), "text/csv") == WhyNotPacked.HOLDS_ID
    assert why_not_inside(b"paid 100", "text/plain") is None


@pytest.mark.parametrize(
    ("first", "last", "of_card", "code"),
    [
        (None, None, True, ""),
        (None, None, False, "period_missing"),
        (TODAY, None, True, "period_missing"),
        (TODAY, TODAY, False, ""),
        (TODAY, date(2026, 11, 19), False, "runs_backwards"),
        (TODAY, date(2026, 11, 21), False, "in_the_future"),
        (date(2023, 1, 1), TODAY, False, "too_long"),
    ],
)
def test_days_that_can_be_asked_for(first, last, of_card, code):
    """R83: refused with the field and what to do."""
    assert [one.code for one in unmet_period(first, last, today=TODAY, of_card=of_card)] == ([code] if code else [])


def test_small_rules():
    """R37: a cap's use has one digit; a reason has words; names of files lead nowhere."""
    assert (cap_use(50, 150), cap_use(3, None), cap_use(0, 0)) == (Decimal("33.3"), None, None)
    assert (bool(unmet_reason("  x ")), bool(unmet_reason("函 12 号"))) == (True, False)
    assert [is_safe(name) for name in ("a/b.csv", "../a", "a/../b", "a\\b", "C:a", "/a", "a//b", "", "a\n")] == [
        True, *[False] * 8
    ]  # fmt: skip
