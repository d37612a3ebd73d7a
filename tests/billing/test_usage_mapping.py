"""Files in no known format, read as a person maps their columns; the next one is read so without asking (R13, R82)."""

import io
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from billing.choices import DurationSpelling, FeeUnit, SourceRole, TimeSpelling
from billing.errors import ProfileNameTaken, RoleDiffers
from billing.importers import guessing
from billing.importers.profiles import find
from billing.models import UsageBatch, UsageProfile, UsageRecord
from billing.services.profiles import ProfileFacts, save_profile
from billing.services.usage_import import Upload, begin_batch, import_usage
from billing.services.usage_requests import Delivery, request_import
from cardfleet.accounts.choices import Role
from cardfleet.jobs.tasks import run_job
from tests.billing.conftest import at
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.billing import UsageSourceFactory

HEADER = "外显,日子,客户,怎样,多久,花费,备注"
TITLES = HEADER.split(",")
ROW = "13812345678,2026-11-19 09:00:00,13900000001,拨,61,0.30,x"
COLUMNS = {"own": 0, "started": 1, "counterpart": 2, "direction": 3, "duration": 4, "fee": 5}
FORM = {
    "name": "pbx-1",
    "role": "switch",
    "header": "1",
    "header_was": "1",
    "times": "plain",
    "durations": "seconds",
    "fees": "yuan",
    "out_words": "拨",
    "in_words": "接",
    **{f"c{place}": value for value, place in COLUMNS.items()},
}


@pytest.fixture
def supervisor(client, reference):
    """A supervisor, signed in."""
    person = PersonFactory(role=Role.SUPERVISOR, scope=TeamFactory())
    client.force_login(person)
    return person


@pytest.fixture
def batch(client, supervisor, card) -> UsageBatch:
    """A file nobody knows, sent."""
    upload = SimpleUploadedFile("calls.csv", f"{HEADER}\n{ROW}\n".encode())
    client.post(reverse("billing:usage-import"), {"file": upload, "source": "pbx"})
    return UsageBatch.objects.get()


def mapping(batch: UsageBatch) -> str:
    """The address where its columns are mapped."""
    return reverse("billing:usage-mapping", args=[batch.pk])


def test_a_file_is_mapped_started_and_the_next_one_known(client, supervisor, batch, now):
    """R82: mapped once by a person; the next file with the same header asks nobody."""
    assert client.get(mapping(batch)).context["form"]["header"].value() == 1
    shown = client.post(mapping(batch), FORM, headers={"HX-Request": "true"})
    assert [(row.started_at, row.direction, row.code) for row in shown.context["rows"]] == [(at(19), "out", None)]
    assert not UsageProfile.objects.exists()

    answer = client.post(mapping(batch), FORM)
    assert answer["Location"] == reverse("billing:usage-batch", args=[batch.pk])
    client.post(reverse("billing:usage-start", args=[batch.pk]))
    batch.refresh_from_db()
    run_job(batch.job_id)
    batch.refresh_from_db()
    assert (batch.format, batch.rows_stored, batch.source.role) == ("pbx-1", 1, "switch")

    content = ContentFile(f"外显, 日子,客户,怎样,多久,花费,备注\n{ROW.replace('09:00', '10:00')}\n".encode())
    delivery = Delivery(content=content, name="next.csv", source="pbx")
    batch = request_import(delivery=delivery, actor=supervisor, now=now)
    run_job(batch.job_id)
    assert sorted(UsageRecord.objects.values_list("started_at", flat=True)) == [at(19), at(19, 10)]


def test_columns_are_guessed_by_their_names_and_by_what_stands_there(client, supervisor, card):
    text = "calldate,本机,客户号码,呼叫方向类,通话时长(秒)\n2026-11-19 09:00,13812345678,13900000001,呼出,5\n"
    upload = SimpleUploadedFile("calls.csv", text.encode())
    client.post(reverse("billing:usage-import"), {"file": upload, "source": "pbx"})
    form = client.get(mapping(UsageBatch.objects.get())).context["form"]
    assert {form[f"c{place}"].value() for place in range(5)} == {
        "started", "own", "counterpart", "direction", "duration",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("texts", "spelling"),
    [
        (["19/11/2026 09:00", "01/12/2026"], "day_first"),
        (["11/19/2026 09:00"], "month_first"),
        (["2026-11-19 09:00", ""], "plain"),
    ],
)
def test_the_part_above_twelve_is_the_day(texts, spelling):
    assert guessing.times(texts) == spelling


@pytest.mark.parametrize(
    ("change", "code"),
    [({"c1": ""}, "lacking"), ({"c3": ""}, "lacking"), ({"c6": "fee"}, "doubled")],
)
def test_what_lacks_or_stands_twice_is_said_and_nothing_kept(client, batch, change, code):
    answer = client.post(mapping(batch), FORM | change)
    assert code in [error.code for error in answer.context["form"].non_field_errors().as_data()]
    assert not UsageProfile.objects.exists()


def test_without_a_column_of_own_numbers_the_file_is_of_one_number(client, batch):
    """The number is asked for, else found in the file's name."""
    given = FORM | {"c0": ""}
    shown = client.post(mapping(batch), given, headers={"HX-Request": "true"})
    assert shown.context["refusal"].code == "own_number_missing"
    assert client.post(mapping(batch), given | {"own_number": "13812345678"}).status_code == 302
    page = client.get(reverse("billing:usage-batch", args=[batch.pk]))
    assert [row.code for row in page.context["reading"].rows] == [None]


def kept(source, actor, now, header=TITLES, **facts) -> UsageProfile:
    """A mapping of the file above."""
    given = {"name": "m", "role": SourceRole.CARRIER, "header": header, "width": 7, "columns": COLUMNS}
    facts = {"words": {"out": "拨", "in": "接"}, **given, **facts}
    return save_profile(source=source, facts=ProfileFacts(**facts), actor=actor, now=now)


def imported(source, text: str, now) -> UsageBatch:
    """Import a text as a file of a source."""
    return import_usage(
        batch=begin_batch(source=source, sha256="", now=now),
        upload=Upload(file=io.BytesIO(text.encode()), name="calls.csv", source=source.slug),
        actor=None,
        now=now,
        progress=lambda _rows: None,
    )


@pytest.mark.parametrize(
    ("facts", "cells", "expected"),
    [
        ({"times": TimeSpelling.DAY_FIRST}, {1: "19/11/2026 09:00"}, {}),
        ({"times": TimeSpelling.MONTH_FIRST}, {1: "11/19/2026 09:00:00"}, {}),
        ({"times": TimeSpelling.UTC}, {1: "2026-11-19 01:00:00"}, {}),
        ({"columns": COLUMNS | {"clock": 6}}, {1: "2026-11-19", 6: "09:00:00"}, {}),
        ({"durations": DurationSpelling.MINUTES}, {4: "1.01"}, {}),
        ({"durations": DurationSpelling.MILLISECONDS}, {4: "60900"}, {}),
        ({"durations": DurationSpelling.MINUTES}, {4: "1分1秒"}, {}),
        ({"fees": FeeUnit.FEN}, {5: "30"}, {}),
        ({"fees": FeeUnit.LI}, {5: "300"}, {}),
        ({}, {3: "接"}, {"direction": "in"}),
        ({"direction": "in"}, {3: "?"}, {"direction": "in"}),
    ],
)
def test_spellings_are_read_as_the_mapping_says(card, now, facts, cells, expected):
    if "direction" in facts:
        facts = {**facts, "columns": {value: place for value, place in COLUMNS.items() if value != "direction"}}
    source, person = UsageSourceFactory(), PersonFactory()
    kept(source, person, now, **facts)
    row = ROW.split(",")
    for place, cell in cells.items():
        row[place] = cell
    batch = imported(source, f"{HEADER}\n{','.join(row)}\n", now)
    assert batch.rows_refused == 0, list(batch.rejects.values_list("code", "value"))
    stored = UsageRecord.objects.values("started_at", "direction", "duration_s", "fee").get()
    assert stored == {"started_at": at(19), "direction": "out", "duration_s": 61, "fee": Decimal("0.30")} | expected


def test_a_file_without_a_header_is_known_by_its_source_and_width(card, now):
    source, person = UsageSourceFactory(), PersonFactory()
    kept(source, person, now, header=[])
    assert imported(source, f"{ROW}\n{ROW.replace('09:00', '10:00')}\n", now).rows_stored == 2


def test_a_refused_row_names_the_column_as_the_file_does(card, now):
    source, person = UsageSourceFactory(), PersonFactory()
    kept(source, person, now)
    batch = imported(source, f"{HEADER}\n{ROW.replace('61', '6l')}\n", now)
    assert batch.rejects.values_list("column", "value", "code").get() == ("多久", "6l", "duration_unreadable")


def test_a_mapping_of_another_source_serves_too_but_the_own_one_first(card, now):
    source, other, person = UsageSourceFactory(), UsageSourceFactory(), PersonFactory()
    kept(other, person, now, name="theirs")
    sample = Upload(file=io.BytesIO(f"{HEADER}\n{ROW}\n".encode()), name="c.csv")
    first_rows = sample.sample(sample.table(), now)
    assert find(first_rows, source=source.slug).format == "theirs"
    kept(source, person, now, name="ours")
    assert find(first_rows, source=source.slug).format == "ours"


def test_mapping_again_replaces_and_names_stay_single(card, now):
    source, person = UsageSourceFactory(), PersonFactory()
    kept(source, person, now, name="first")
    kept(source, person, now, name="second")
    assert UsageProfile.objects.get().name == "second"
    with pytest.raises(ProfileNameTaken):
        kept(UsageSourceFactory(), person, now, name="second")
    with pytest.raises(ProfileNameTaken):
        kept(source, person, now, name="generic_csv")


def test_the_role_of_a_source_with_calls_stays(card, now):
    source, person = UsageSourceFactory(), PersonFactory()
    kept(source, person, now)
    imported(source, f"{HEADER}\n{ROW}\n", now)
    with pytest.raises(RoleDiffers):
        kept(source, person, now, role=SourceRole.SWITCH)
