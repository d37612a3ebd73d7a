"""Repairing refused rows in the page, by reason, and by a corrected file; nothing is stored twice (R82)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.models import UsageBatch, UsageDaily, UsageRecord
from billing.services.revocation import revoke_batch
from cardfleet.accounts.choices import Role
from cardfleet.jobs.tasks import run_job
from tests.billing.conftest import at
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.cards import CardFactory

TITLE = "中国移动详单 2026年01月\n"
HEADER = "起始时间,通信地点,通信方式,对方号码,通信时长,通信类型,套餐优惠,实收通信费(元)\n"
GOOD = "01-19 09:00:00,上海,主叫,13911112222,60,本地,,0.60\n"
BAD = "01-19 10:00:00,上海,主叫,13911112222,6O,本地,,0.60\n"
SHORT = "01-19 11:00:00,上海,主叫\n"
WORSE = "01-19 12:00:00,上海,主叫,no phone,x,本地,,0.60\n"


@pytest.fixture
def supervisor(client, reference):
    """A supervisor, signed in."""
    person = PersonFactory(role=Role.SUPERVISOR, scope=TeamFactory())
    client.force_login(person)
    return person


@pytest.fixture
def batch(client, supervisor) -> UsageBatch:
    """A detail of January with three bad rows: their times have no year, only the line above the header does."""
    CardFactory(msisdn="+8613800001234")
    text = TITLE + HEADER + GOOD + BAD + SHORT + WORSE
    upload = SimpleUploadedFile("13800001234.csv", text.encode("gb18030"))
    client.post(reverse("billing:usage-import"), {"file": upload, "source": "cmcc"})
    batch = UsageBatch.objects.get()
    client.post(reverse("billing:usage-start", args=[batch.pk]))
    batch.refresh_from_db()
    run_job(batch.job_id)
    batch.refresh_from_db()
    assert (batch.rows_stored, batch.rows_refused) == (1, 3)
    return batch


def page(client, batch: UsageBatch, query: str = ""):
    """The page of a batch."""
    return client.get(reverse("billing:usage-batch", args=[batch.pk]) + query)


def form_of(client, batch: UsageBatch) -> dict[str, str]:
    """The fields of the refused rows as the page shows them."""
    fields = {}
    for row in page(client, batch).context["rows"]:
        for cell in [*filter(None, [row.fault]), *row.others]:
            fields[f"cell-{row.reject.pk}-{cell.place}"] = cell.value
    return fields


def name(batch: UsageBatch, line: int, place: int) -> str:
    """The field of a cell."""
    return f"cell-{batch.rejects.get(line=line).pk}-{place}"


def send(client, batch: UsageBatch, what: str, given):
    """Ask for rows to be imported again, and let a worker do it."""
    answer = client.post(reverse(f"billing:usage-{what}", args=[batch.pk]), given)
    if answer.status_code == 302:
        run_job(batch.corrections.latest("pk").job_id)
    return answer


def open_rows(batch: UsageBatch) -> list[tuple[int, str]]:
    """Line and code of the rows still refused."""
    return list(batch.rejects.open().order_by("line").values_list("line", "code"))


def test_a_cell_corrected_in_the_page_brings_its_row_in(client, batch):
    """R82: only changed rows go again, read by the period of the original; one wrong again says why anew."""
    given = form_of(client, batch)
    given[name(batch, 4, 4)] = "60"
    given[name(batch, 6, 3)] = "13911113333"
    assert send(client, batch, "repair", given).status_code == 302
    correction = UsageBatch.objects.get(corrects=batch)
    assert (correction.state, correction.rows_read, correction.rows_stored) == ("stored", 2, 1)
    assert UsageRecord.objects.filter(started_at=at(19, 10, month=1), duration_s=60).count() == 1
    assert open_rows(batch) == [(5, "row_short"), (6, "duration_unreadable")]
    again = batch.rejects.get(line=6)
    assert (again.cells[3], again.value, again.column) == ("13911113333", "x", "通信时长")
    assert not correction.rejects.exists()
    assert UsageDaily.objects.get().calls == 2


def test_a_short_row_is_filled_up(client, batch):
    given = form_of(client, batch)
    for place, text in {3: "13911112222", 4: "5", 5: "本地", 7: "0.10"}.items():
        given[name(batch, 5, place)] = text
    send(client, batch, "repair", given)
    assert UsageRecord.objects.filter(started_at=at(19, 11, month=1)).exists()
    assert open_rows(batch) == [(4, "duration_unreadable"), (6, "counterpart_unreadable")]


def test_nothing_changed_is_nothing_imported(client, batch):
    answer = send(client, batch, "repair", form_of(client, batch))
    assert answer.status_code == 400
    assert answer.context["refusal"].code == "nothing_corrected"
    assert UsageBatch.objects.count() == 1


def test_the_same_correction_twice_stores_once(client, batch):
    given = form_of(client, batch) | {name(batch, 4, 4): "60"}
    send(client, batch, "repair", given)
    assert send(client, batch, "repair", given).status_code == 400
    assert UsageRecord.objects.count() == 2


def test_one_correction_at_a_time(client, batch):
    address = reverse("billing:usage-again", args=[batch.pk])
    assert client.post(address, {"code": "row_short"}).status_code == 302
    answer = client.post(address, {"code": "row_short"})
    assert (answer.status_code, answer.context["refusal"].code) == (409, "correction_runs")


def test_what_was_lacking_is_there_now(client, batch, supervisor):
    """Rows of one reason go again as they are: here the card has been imported since."""
    text = "msisdn,started_at,direction,counterpart,duration_s,fee\n13800005678,2026-11-19 09:00,out,13911112222,5,0\n"
    upload = SimpleUploadedFile("calls.csv", text.encode())
    client.post(reverse("billing:usage-import"), {"file": upload, "source": "cmcc"})
    other = UsageBatch.objects.latest("pk")
    client.post(reverse("billing:usage-start", args=[other.pk]))
    other.refresh_from_db()
    run_job(other.job_id)
    assert open_rows(other) == [(2, "unknown_card")]
    CardFactory(msisdn="+8613800005678")
    send(client, other, "again", {"code": "unknown_card"})
    assert open_rows(other) == []
    assert page(client, other).context["settled"] == 1


def corrected(client, batch: UsageBatch, *changes: tuple[str, str]) -> SimpleUploadedFile:
    """The file of refused rows as downloaded, with changes."""
    answer = client.get(reverse("billing:usage-refused", args=[batch.pk]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return SimpleUploadedFile("rejected.csv", text.encode())


def test_the_file_of_refused_rows_comes_back_corrected(client, batch):
    """Rows settled in the meantime are passed over."""
    upload = corrected(client, batch, ("6O", "60"), ("no phone,x", "13911114444,7"))
    send(client, batch, "repair", form_of(client, batch) | {name(batch, 4, 4): "61"})
    assert send(client, batch, "corrected", {"file": upload}).status_code == 302
    assert sorted(UsageRecord.objects.values_list("duration_s", flat=True)) == [7, 60, 61]
    assert open_rows(batch) == [(5, "missing")]


def test_rows_that_were_never_refused_are_not_taken(client, batch):
    upload = corrected(client, batch, (",4,", ",3,"))
    answer = send(client, batch, "corrected", {"file": upload})
    assert (answer.status_code, answer.context["refusal"].code) == (400, "rows_differ")
    assert UsageBatch.objects.count() == 1


def test_a_revoked_correction_opens_its_rows_again(client, batch, supervisor, now):
    send(client, batch, "repair", form_of(client, batch) | {name(batch, 4, 4): "60"})
    revoke_batch(batch=batch.corrections.get(), reason="wrong", actor=supervisor, now=now)
    assert (4, "duration_unreadable") in open_rows(batch)


def test_rows_of_a_revoked_file_are_not_repaired(client, batch, supervisor, now):
    given = form_of(client, batch) | {name(batch, 4, 4): "60"}
    revoke_batch(batch=batch, reason="wrong", actor=supervisor, now=now)
    assert send(client, batch, "repair", given).context["refusal"].code == "not_repairable"


def test_reasons_are_counted_with_an_example_and_chosen(client, batch):
    shown = page(client, batch, "?reason=row_short").context
    assert {(one.example.code, one.count) for one in shown["reasons"]} == {
        ("duration_unreadable", 1), ("row_short", 1), ("counterpart_unreadable", 1),
    }  # fmt: skip
    assert [row.reject.line for row in shown["rows"]] == [5]


def test_a_file_without_a_header_comes_back_in_its_order(client, supervisor):
    """Asterisk's Master.csv: no cell names the line, so the rows stand for themselves."""
    row = '"","100","1391111222{n}","d","c","SIP/13800001234-1","SIP/t-2","Dial","x",'
    row += '"{start}","","{start}",9,9,"ANSWERED","D","u{n}",""\n'
    CardFactory(msisdn="+8613800001234")
    text = row.format(n=1, start="2026-11-19 09:00:00") * 3 + row.format(n=2, start="2026-11-31 09:00:00")
    upload = SimpleUploadedFile("Master.csv", text.encode())
    client.post(reverse("billing:usage-import"), {"file": upload, "source": "pbx", "role": "switch"})
    other = UsageBatch.objects.get()
    client.post(reverse("billing:usage-start", args=[other.pk]))
    other.refresh_from_db()
    run_job(other.job_id)
    codes = [code for _line, code in open_rows(other)]
    assert "no_such_day" in codes
    upload = corrected(client, other, ("2026-11-31", "2026-11-30"))
    assert send(client, other, "corrected", {"file": upload}).status_code == 302
    assert "no_such_day" not in [code for _line, code in open_rows(other)]


def test_the_page_asks_as_often_for_many_refused_rows_as_for_one(client, batch):
    def queries(query: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            page(client, batch, query)
        return len(captured)

    queries("")  # fills what is kept between requests
    assert queries("?reason=row_short") == queries("")
