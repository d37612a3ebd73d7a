"""`/api/v1/`: usage, imports, ledger, balances, costs."""

import io
import zipfile
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from rest_framework.test import APIClient

from billing.models import LedgerEntry, UsageBatch, UsageRecord
from billing.tasks import import_usage_file
from cardfleet.accounts.choices import Role
from cardfleet.jobs.progress import Progress
from cardfleet.journal.models import Entry
from cardfleet.kernel.downloads import CSV, XLSX
from tests.billing.conftest import OWN, generic
from tests.factories.accounts import PersonFactory, TeamFactory

pytestmark = pytest.mark.usefixtures("reference")
API = "/api/v1/"
CALL = "13812345678,2026-11-19 09:00:00,out,13900000001,61,0.30"


def signed_in(role: Role, **facts) -> APIClient:
    api = APIClient()
    api.force_authenticate(PersonFactory(role=role, **facts))
    return api


@pytest.fixture
def finance(db) -> APIClient:
    return signed_in(Role.FINANCE)


def test_calls_of_a_card(card, load, finance):
    load(generic(CALL, CALL.replace("09:00", "10:00").replace("out", "in")))
    answer = finance.get(f"{API}usage/", {"card": card.pk, "direction": "out"}).json()
    assert answer["results"] == [
        {
            "uid": str(UsageRecord.objects.get(direction="out").uid), "card": card.pk, "msisdn": OWN,
            "source": "carrier", "started_at": "2026-11-19T09:00:00+08:00",
            "direction": "out", "counterpart": "+8613900000001", "duration_s": 61, "answered": True, "fee": "0.30",
            "rated_fee": "0.30", "agent": None, "team": None, "flags": 0,
        }
    ]  # fmt: skip
    for query in ({"msisdn": OWN}, {"source": "carrier"}, {"started_after": "2026-11-19T00:00:00+08:00"}):
        assert len(finance.get(f"{API}usage/", query).json()["results"]) == 2
    assert not finance.get(f"{API}usage/", {"card": card.pk, "started_before": "2026-11-19T00:00Z"}).json()["results"]
    assert finance.get(f"{API}usage/", {"colour": "red"}).status_code == 400
    assert finance.get(f"{API}usage/", {"direction": "up"}).status_code == 400


def test_calls_are_paged_by_cursor(card, load, finance):
    load(generic(*[CALL.replace("09:00:00", f"09:0{minute}:00") for minute in range(5)]))
    seen, url = [], f"{API}usage/?card={card.pk}&page_size=2"
    while url:
        page = finance.get(url).json()
        seen += [call["started_at"] for call in page["results"]]
        url = page["next"]
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == 5


def test_numbers_are_masked_for_an_agent_and_cards_out_of_scope_unseen(card, load):
    load(generic(CALL))
    outsider = signed_in(Role.SUPERVISOR, scope=TeamFactory())
    assert outsider.get(f"{API}usage/", {"card": card.pk}).json()["results"] == []
    agent = PersonFactory(role=Role.AGENT)
    type(card).objects.filter(pk=card.pk).update(holder=agent, custody_state="issued")
    api = APIClient()
    api.force_authenticate(agent)
    (call,) = api.get(f"{API}usage/", {"card": card.pk}).json()["results"]
    assert (call["msisdn"], call["counterpart"]) == ("138****5678", "139****0001")


def test_a_file_is_taken_and_imported_by_its_job(card):
    """POST usage/imports/ answers 202 with the job."""
    api = signed_in(Role.SUPERVISOR)
    bad = "13812345678,2026-02-30 09:00:00,out,13900000001,61,0.30"
    file = SimpleUploadedFile("calls.csv", generic(CALL, bad).encode())
    answer = api.post(f"{API}usage/imports/", {"file": file, "source": "mobile"}, format="multipart")
    assert answer.status_code == 202, answer.json()
    batch = UsageBatch.objects.get(pk=answer.json()["id"])
    assert (answer.json()["format"], answer.json()["job"]) == ("generic_csv", batch.job_id)
    import_usage_file(batch.job, Progress(batch.job))
    stored = api.get(f"{API}usage/imports/{batch.pk}/").json()
    assert (stored["state"], stored["rows_stored"], stored["rows_refused"]) == ("stored", 1, 1)
    (reject,) = api.get(f"{API}usage/imports/{batch.pk}/rejects/").json()["results"]
    assert (reject["line"], reject["column"], reject["code"]) == (3, "started_at", "no_such_day")
    assert signed_in(Role.SUPERVISOR).get(f"{API}usage/imports/{batch.pk}/").status_code == 404


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"%PDF-1.7"])
def test_a_file_that_cannot_be_read_is_400(content, card):
    api = signed_in(Role.SUPERVISOR)
    file = SimpleUploadedFile("calls.csv", content)
    answer = api.post(f"{API}usage/imports/", {"file": file, "source": "mobile"}, format="multipart")
    assert answer.status_code == 400
    assert not UsageBatch.objects.exists()


def test_several_files_and_an_archive_are_taken_one_by_one(card):
    """Each file a batch with its job; the one that cannot be read is named, the others go on."""
    api = signed_in(Role.FINANCE)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("10/a.csv", generic("13812345678,2026-11-19 09:00,out,13900000001,6,0"))
        archive.writestr("b.csv", "x,y\n1,2\n")
    files = [
        SimpleUploadedFile("c.csv", generic("13812345678,2026-11-19 10:00,out,13900000001,6,0").encode()),
        SimpleUploadedFile("details.zip", packed.getvalue()),
    ]
    answer = api.post(f"{API}usage/imports/", {"file": files, "source": "mobile"}, format="multipart")
    assert answer.status_code == 202
    told = answer.json()
    assert [(one["name"], one["archive"], one["state"]) for one in told["results"]] == [
        ("c.csv", "", "pending"),
        ("10/a.csv", "details.zip", "pending"),
    ]
    assert [(one["name"], one["code"]) for one in told["refused"]] == [("details.zip › b.csv", "unknown_format")]
    assert all(one["job"] for one in told["results"])


def test_only_who_may_imports(card):
    file = SimpleUploadedFile("calls.csv", generic(CALL).encode())
    api = signed_in(Role.AGENT)
    assert api.post(f"{API}usage/imports/", {"file": file, "source": "m"}, format="multipart").status_code == 403
    assert not UsageBatch.objects.exists()


def test_finance_posts_and_reverses(card, load, finance):
    """R28; a write with an Idempotency-Key is done once."""
    load(generic(CALL))
    body = {"card": card.pk, "kind": "top_up", "amount": "50.00", "reference": "WX-1"}
    first = finance.post(f"{API}ledger/", body, headers={"Idempotency-Key": "a"})
    second = finance.post(f"{API}ledger/", body, headers={"Idempotency-Key": "a"})
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"]
    assert LedgerEntry.objects.filter(kind="top_up").count() == 1
    url = f"{API}ledger/{first.json()['id']}/reverse/"
    assert finance.post(url, {"note": "twice"}).json()["amount"] == "-50.00"
    assert finance.post(url, {"note": "again"}).status_code == 409
    assert [entry["kind"] for entry in finance.get(f"{API}ledger/", {"card": card.pk}).json()["results"]] == [
        "reversal", "top_up", "usage",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "top_up", "amount": "-5"},
        {"kind": "usage", "amount": "5"},
        {"kind": "top_up", "amount": "5", "card": 0},
        {"kind": "top_up", "amount": "5", "card": 999_999},
        {"kind": "top_up"},
    ],
)
def test_a_posting_that_does_not_hold_is_400(body, card, load, finance):
    load(generic(CALL))
    assert finance.post(f"{API}ledger/", {"card": card.pk, **body}).status_code == 400
    assert LedgerEntry.objects.count() == 1


def test_supervisors_read_the_ledger_and_post_nothing(card, load):
    load(generic(CALL))
    api = signed_in(Role.SUPERVISOR)
    body = {"card": card.pk, "kind": "top_up", "amount": "5"}
    assert api.get(f"{API}ledger/").status_code == 200
    assert api.post(f"{API}ledger/", body).status_code == 403
    assert LedgerEntry.objects.count() == 1


def test_balances_with_as_of_and_source(card, load, finance):
    """R29."""
    load(generic(CALL))
    (balance,) = finance.get(f"{API}balances/", {"card": card.pk}).json()["results"]
    assert (balance["card"], balance["balance"], balance["computed"]) == (card.pk, "-0.30", "-0.30")
    assert (balance["reading"], balance["read_at"], balance["source"]) == (None, None, "")


def test_costs(card, load, finance):
    load(generic(CALL))
    report = finance.get(f"{API}reports/costs/", {"month": "2026-11", "by": "card"}).json()
    assert (report["month"], report["by"], report["total"]["total"]) == ("2026-11", "card", "0.30")
    assert [(row["key"], row["calls"]) for row in report["rows"]] == [(card.pk, "0.30")]
    assert finance.get(f"{API}reports/costs/", {"month": "2026-99"}).status_code == 400
    assert finance.get(f"{API}reports/costs/", {"by": "moon"}).status_code == 400
    assert finance.get(f"{API}reports/costs/", {"colour": "red"}).status_code == 400
    assert signed_in(Role.AGENT).get(f"{API}reports/costs/").status_code == 403
    assert Decimal(report["total"]["monthly"]) == 0


@pytest.mark.parametrize("accept", [CSV, XLSX])
def test_costs_as_a_file_are_the_file_of_the_page(accept, card, load, client, finance):
    """R13, R64: row by row, and journalled as that is; a refusal is JSON."""
    load(generic(CALL))
    client.force_login(PersonFactory(role=Role.FINANCE))
    suffix = "csv" if accept == CSV else "xlsx"
    asked = {"month": "2026-11", "by": "card"}
    page = client.get(reverse("billing:costs-export"), {**asked, "format": suffix})
    file = finance.get(f"{API}reports/costs/", asked, headers={"accept": accept})
    assert (file.status_code, file["Content-Type"], file["Vary"].startswith("Accept")) == (200, accept, True)
    first, second = Entry.objects.filter(action="billing.costs_exported").order_by("pk")
    assert first.data == second.data
    assert second.subject.rpartition(":")[2] in file["Content-Disposition"]
    if accept == CSV:
        assert b"".join(file.streaming_content) == b"".join(page.streaming_content)
    wrong = finance.get(f"{API}reports/costs/", {"by": "moon"}, headers={"accept": accept})
    assert (wrong.status_code, wrong["Content-Type"]) == (400, "application/json")


def test_costs_of_six_months(card, load, finance):
    """R66: by team, the month asked for last; only of one's scope."""
    load(generic(CALL))
    told = finance.get(f"{API}reports/costs/trend/", {"month": "2026-11"}).json()["months"]
    assert [month["month"] for month in told] == [f"2026-{number:02}" for number in range(6, 12)]
    assert [month["total"] for month in told] == ["0.00"] * 5 + ["0.30"]
    assert [(team["team"], team["total"]) for team in told[-1]["teams"]] == [(None, "0.30")]
    stranger = signed_in(Role.SUPERVISOR, scope=TeamFactory())
    assert stranger.get(f"{API}reports/costs/trend/?month=2026-11").json()["months"][-1]["total"] == "0.00"
