"""An Android phone's call log, as SMS Backup & Restore writes it (formats.md 4.4)."""

import io

import pytest
from django.core.files.base import ContentFile

from billing.choices import SourceRole
from billing.errors import OwnNumberMissing
from billing.models import UsageRecord, UsageSource
from billing.services.usage_requests import Delivery, import_now
from cardfleet.kernel.tabular import UnreadableFile, markup, open_table
from tests.billing.conftest import OWN
from tests.billing.samples import CALLS, STORED, android
from tests.factories.billing import UsageAliasFactory, UsageSourceFactory
from tests.factories.cards import CardFactory

NAME = "calls-20261101093000.xml"
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE calls [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<calls><call number="&b;" date="1" duration="1" type="1" presentation="1"/></calls>'
)


@pytest.fixture
def phone(db):
    return UsageSourceFactory(slug="phone", role="phone")


def stored() -> list[tuple]:
    calls = UsageRecord.objects.order_by("started_at")
    return list(calls.values_list("started_at", "direction", "counterpart", "duration_s"))


def rows(content: str | bytes) -> list:
    raw = content.encode() if isinstance(content, str) else content
    return list(open_table(io.BytesIO(raw), NAME).rows())


def test_the_own_number_given_with_the_file(card, phone, load):
    batch = load(android(), source=phone, name=NAME, own_number=OWN)
    assert (batch.format, batch.own_number, batch.rows_stored) == ("android_calls", OWN, 3)
    assert stored() == [call[:4] for call in STORED]
    assert load(android(), source=phone, name=NAME, own_number=OWN).rows_stored == 0


def test_the_command_s_service_stores_the_file_and_makes_a_phone_of_the_source(card, now, tmp_path):
    delivery = Delivery(content=ContentFile(android().encode(), name=NAME), name=NAME, source="handset", own_number=OWN)
    done = import_now(delivery=delivery, rejects_to=tmp_path / "r.csv", dry_run=False, actor=None, now=now)
    assert (done.batch.rows_stored, done.batch.file.content_type) == (3, "application/xml")
    assert UsageSource.objects.get(slug="handset").role == SourceRole.PHONE


def test_a_sim_card_by_its_alias_or_its_iccid(phone, load):
    first, second = CardFactory.create_batch(2)
    UsageAliasFactory(source=phone, alias="2", card=first)
    load(android("2"), source=phone, name=NAME)
    load(android(second.iccid), source=phone, name=NAME)
    assert set(UsageRecord.objects.values_list("card", flat=True)) == {first.pk, second.pk}


def test_the_agent_s_own_sim_card_stays_the_agent_s(card, phone, load):
    """The number given is of the company's card; which of the two SIM cards that is, an alias has to say."""
    both = android("1", CALLS[:1]).replace("</calls>", android("2", CALLS[1:]).split("calls count=")[1][4:])
    batch = load(both, source=phone, name=NAME, own_number=OWN)
    assert (batch.rows_stored, {reject.code for reject in batch.rejects.all()}) == (0, {"unknown_extension"})
    UsageAliasFactory(source=phone, alias="1", card=card)
    batch = load(both, source=phone, name=NAME, own_number=OWN)
    assert (batch.rows_stored, batch.rows_refused) == (1, 2)
    assert load(android("8986011000000000001X"), source=phone, name=NAME, own_number=OWN).rows_stored == 0


def test_whose_calls_they_are_is_never_guessed(card, phone, load):
    with pytest.raises(OwnNumberMissing):
        load(android().replace('subscription_id="1"', ""), source=phone, name=NAME)
    assert load(android("null"), source=phone, name=NAME).rejects.count() == 3
    assert load(android(), source=phone, name="calls-13812345678.xml").rows_stored == 3


@pytest.mark.parametrize(
    ("kind", "duration", "expected"),
    [
        ("1", "0", ("in", False)), ("1", "35", ("in", True)), ("2", "0", ("out", False)), ("2", "9", ("out", True)),
        ("3", "0", ("in", False)), ("5", "0", ("in", False)), ("6", "0", ("in", False)), ("7", "5", ("in", True)),
    ],
)  # fmt: skip
def test_what_became_of_a_call(kind, duration, expected, card, phone, load):
    """The type tells the direction and, but for calls made, whether it was answered."""
    log = (
        android(calls=CALLS[:1])
        .replace('type="2"', f'type="{kind}"')
        .replace('duration="72"', f'duration="{duration}"')
    )
    load(log, source=phone, name=NAME, own_number=OWN)
    record = UsageRecord.objects.get()
    assert (record.direction, record.answered) == expected


@pytest.mark.parametrize(("number", "presentation"), [("", "2"), ("-1", "3"), ("-2", "1"), ("13900000001", "2")])
def test_a_withheld_number_is_none(number, presentation, card, phone, load):
    log = android(calls=CALLS[:1]).replace('"13900000001"', f'"{number}"')
    load(log.replace('presentation="1"', f'presentation="{presentation}"'), source=phone, name=NAME, own_number=OWN)
    assert UsageRecord.objects.get().counterpart == ""


def test_a_row_that_cannot_be_read_says_where_and_why_and_comes_back_as_csv(card, phone, load, tmp_path):
    path = tmp_path / "rejected.csv"
    spoilt = android().replace('duration="35"', 'duration="long"')
    batch = load(spoilt, source=phone, name=NAME, own_number=OWN, rejects_to=path)
    reject = batch.rejects.get()
    assert (batch.rows_stored, reject.line, reject.column, reject.code) == (2, 6, "duration", "duration_unreadable")
    corrected = load(path.read_text("utf-8-sig").replace("long", "35"), source=phone, own_number=OWN)
    assert (corrected.format, corrected.rows_stored) == ("android_calls", 1)
    assert stored() == [call[:4] for call in STORED]


def test_all_on_one_line(card, phone, load):
    batch = load(android().replace("\n", " "), source=phone, name=NAME, own_number=OWN)
    assert (batch.rows_stored, batch.rows_refused) == (3, 0)


@pytest.mark.parametrize("filler", range(0, 40, 3))
def test_half_characters_of_an_emoji_are_read_over(filler):
    name = "x" * (markup.CHUNK - 470 - filler)
    log = android(calls=CALLS[:2]).replace("(Unknown)", f"{name}&#55357;&#56832; &amp; &#20013;")
    assert [cells[-1] for _line, cells in rows(log)[1:]] == [f"{name}\ufffd\ufffd & 中"] * 2


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (BOMB, "file_declares_entities"),
        ('<?xml version="1.0"?><!DOCTYPE calls SYSTEM "file:///etc/passwd"><calls/>', "file_declares_entities"),
        (android()[:-30], "file_cut_off"),
        (android().replace("<call ", "<call <", 1), "file_cut_off"),
        ("<calls>" + "<x>" * 50 + "</x>" * 50 + "</calls>", "file_cut_off"),
        ("<calls></calls>", "file_empty"),
        ("<?xml version='1.0'?><smses><sms/></smses>", "file_is_web_page"),
        ("<?xml version='1.0'?><Workbook><calls/></Workbook>", "file_is_web_page"),
    ],
)
def test_what_is_no_call_log_is_refused(content, code):
    with pytest.raises(UnreadableFile) as refused:
        rows(content)
    assert refused.value.reasons[0].code == code


def test_it_is_read_piece_by_piece(monkeypatch):
    """Memory does not grow with the file: at most one piece's children are held."""
    monkeypatch.setattr(markup, "CHUNK", 512)
    calls = [CALLS[0]] * 200
    held = []
    monkeypatch.setattr(markup, "_mended", lambda file, mended=markup._mended: _counted(mended(file), held))
    assert len(rows(android(calls=calls))) == 201
    assert max(map(len, held)) <= 512 + markup.REFERENCE


def _counted(pieces, held):
    for piece in pieces:
        held.append(piece)
        yield piece
