"""Files of call records over the API: looked at, mapped, started, put away and repaired (R13, R82)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from billing.models import UsageBatch, UsageProfile, UsageRecord
from cardfleet.accounts.choices import Role
from cardfleet.jobs.tasks import run_job
from tests.asking import post, signed_in
from tests.billing.test_usage_mapping import COLUMNS, HEADER, ROW
from tests.billing.test_usage_repair import BAD, GOOD, SHORT, TITLE, WORSE
from tests.billing.test_usage_repair import HEADER as DETAIL
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.cards import CardFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def api():
    return signed_in(PersonFactory(role=Role.SUPERVISOR, scope=TeamFactory()))


def kept(api, text: str, *, name: str = "calls.csv", **given):
    """Send a file that waits, and return its batch."""
    sent = {"file": SimpleUploadedFile(name, text.encode("gb18030")), "source": "pbx", "start": False, **given}
    return post(api, "usage/imports", sent, status=202, format="multipart")


def run(batch) -> UsageBatch:
    """Let a worker do a batch's job."""
    run_job(batch["job"])
    return UsageBatch.objects.get(pk=batch["id"])


def test_a_file_nobody_knows_is_mapped_and_started(api, card):
    """R13: it waits until it is started; what lacks in a mapping is said, and the next file is read by it."""
    batch = kept(api, f"{HEADER}\n{ROW}\n")
    path = f"usage/imports/{batch['id']}"
    assert (batch["state"], batch["job"]) == ("received", None)
    reading = api.get(f"/api/v1/{path}/reading/").json()
    assert (reading["format"], reading["first_rows"][0]["cells"]) == ("", HEADER.split(","))
    post(api, f"{path}/start", status=400)
    columns = [{"place": place, "holds": holds} for holds, place in COLUMNS.items()]
    said = {"name": "pbx-1", "role": "switch", "header": 1, "columns": columns, "out_words": "拨", "in_words": "接"}
    post(api, f"{path}/mapping", said | {"columns": columns[:2]}, status=400)
    post(api, f"{path}/mapping", said | {"header": 77}, status=400)
    assert post(api, f"{path}/mapping", said)["format"] == "pbx-1"
    assert run(post(api, f"{path}/start", status=202)).rows_stored == 1
    post(api, f"{path}/start", status=409)
    post(api, f"{path}/discard", status=409)
    assert (UsageProfile.objects.get().name, UsageRecord.objects.get().card_id) == ("pbx-1", card.pk)


def test_what_waits_is_read_otherwise_put_away_or_started_at_once(api):
    """R13: the number of a detail that names none; nothing of what is put away is imported."""
    CardFactory(msisdn="+8613800001234")
    first, second, strange = (
        kept(api, TITLE + DETAIL + GOOD),
        kept(api, TITLE + DETAIL + BAD),
        kept(api, "a,b\n1,2\n"),
    )
    path = f"usage/imports/{first['id']}"
    post(api, f"{path}/reading", {"card": "x"}, status=400)
    reading = post(api, f"{path}/reading", {"card": "13800001234"})
    assert (reading["format"], reading["card"]) == ("china_mobile", "+8613800001234")
    assert post(api, f"usage/imports/{second['id']}/discard")["state"] == "revoked"
    started = post(api, "usage/imports/start-waiting", status=202)
    assert [one["id"] for one in started] == [first["id"]]
    assert UsageBatch.objects.get(pk=strange["id"]).state == "received"
    assert run(started[0]).rows_stored == 1


def test_refused_rows_are_repaired_by_cell_reason_and_file(api):
    """R82: only what is corrected goes again; nothing is stored twice."""
    text = TITLE + DETAIL + GOOD + BAD + SHORT + WORSE
    CardFactory(msisdn="+8613800001234")
    batch = run(kept(api, text, name="13800001234.csv", start=True))
    path = f"usage/imports/{batch.pk}"
    rows = {row["line"]: row for row in api.get(f"/api/v1/{path}/rejects/").json()["results"]}
    assert sorted(rows) == [4, 5, 6]
    post(api, f"{path}/repair", {"rows": [{"id": rows[4]["id"], "cells": rows[4]["cells"]}]}, status=400)
    cells = [cell if cell != "6O" else "60" for cell in rows[4]["cells"]]
    assert run(post(api, f"{path}/repair", {"rows": [{"id": rows[4]["id"], "cells": cells}]}, status=202)).rows_stored
    assert run(post(api, f"{path}/again", {"code": "row_short"}, status=202)).rows_refused == 1
    line = "01-19 11:00:00,上海,主叫,13911112222,60,本地,,0.60,5,\n"
    file = SimpleUploadedFile("refused.csv", (DETAIL + line).encode())
    assert run(post(api, f"{path}/corrected", {"file": file}, status=202, format="multipart")).rows_stored == 1
    assert UsageRecord.objects.count() == 3


def test_another_persons_file_is_as_if_it_were_not(api):
    """R12: whatever is sent about it."""
    batch = kept(api, "a,b\n1,2\n")
    stranger = signed_in(PersonFactory(role=Role.SUPERVISOR, scope=TeamFactory()))
    for deed in ("reading", "mapping", "start", "discard", "repair", "again", "corrected", "revoke"):
        post(stranger, f"usage/imports/{batch['id']}/{deed}", status=404)
