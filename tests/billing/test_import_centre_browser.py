"""The import centre in a real Chromium, in Chinese: an unknown file is mapped, imported, and its refused row repaired.

A real worker on a real Redis. Pictures under var/screenshots/.
"""

import pytest
from django.utils import timezone

from billing.models import UsageBatch, UsageProfile, UsageRecord
from cardfleet.accounts.choices import Role
from cardfleet.kernel.reference import load
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.cards import CardFactory

FILE = (
    "坐席通话清单,,,,,\n"
    "拨打日,本机,联系电话,怎样,谈了,花费\n"
    "19/11/2026 09:00:01,13812345678,13900000001,拨,61,0.30\n"
    "19/11/2026 09:05:00,13812345678,13900000002,拨,6O,0.10\n"
    "19/11/2026 09:10:00,13812345678,13900000003,接,5,0\n"
)
TAKEN_FOR = {"c0": "started", "c1": "own", "c2": "counterpart", "c3": "direction", "c4": "duration", "c5": "fee"}


@pytest.fixture
def session(client, transactional_db) -> str:
    """The session of a supervisor who has one card."""
    load(now=timezone.now())
    client.force_login(PersonFactory(name="周敏", role=Role.SUPERVISOR, scope=TeamFactory()))
    CardFactory(msisdn="+8613812345678")
    return client.session.session_key


def test_an_unknown_file_is_mapped_imported_and_repaired(live, worker, session, tmp_path):
    """R82: a person maps columns with the first rows read at once, starts the import, and corrects a cell in place."""
    path = tmp_path / "坐席.csv"
    path.write_bytes(FILE.encode("gb18030"))
    complaints = []
    with live.page(session=session) as page:
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.goto("/imports/usage/")
        page.set_input_files("input[name=file]", path)
        page.fill("input[name=source]", "pbx")
        page.click("form[enctype] button[type=submit]")
        live.screenshot(page, "centre-1-unknown")
        page.click("a[href$='/mapping/']")

        page.select_option("select[name=header]", "1")
        page.wait_for_selector("label[for=id_c0]:has-text('坐席通话清单')")
        page.select_option("select[name=header]", "2")
        page.wait_for_selector("label[for=id_c0]:has-text('拨打日')")
        page.select_option("select[name=times]", "day_first")
        page.fill("input[name=out_words]", "拨")
        page.fill("input[name=in_words]", "接")
        for column, value in TAKEN_FOR.items():
            page.select_option(f"select[name={column}]", value)
        page.wait_for_selector("#mapping-body .rows.is-report .tone-green")
        page.wait_for_load_state("networkidle")
        assert "2026-11-19 09:00:01" in page.inner_text("#mapping-body")
        live.screenshot(page, "centre-2-mapped")
        page.click(".confirm-bar button")
        page.wait_for_load_state("networkidle")
        live.screenshot(page, "centre-3-read")

        page.click("form[action$='/start/'] button")
        page.wait_for_selector("form[action$='/repair/']", timeout=90_000)
        live.screenshot(page, "centre-4-refused")
        page.fill(".is-repair .field.is-wrong input", "60")
        page.click("form[action$='/repair/'] button[type=submit]")
        page.wait_for_selector(".notice.tone-green", timeout=90_000)
        live.screenshot(page, "centre-5-repaired")
    assert complaints == []
    assert sorted(UsageRecord.objects.values_list("duration_s", "direction")) == [(5, "in"), (60, "out"), (61, "out")]
    assert UsageProfile.objects.get().columns["started"] == 0
    assert UsageBatch.objects.filter(corrects=None).get().rejects.open().count() == 0
