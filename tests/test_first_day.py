"""The main job from end to end, as its people do it: two files in, an alert out, a card handed over, a month exported.

A real Chromium in Chinese, a real worker on a real Redis, real PostgreSQL. Pictures under var/screenshots/.
"""

from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from django.utils import timezone

from agents.models import Assignment, Course
from billing.models import UsageRecord
from cardfleet.accounts.choices import Role
from cardfleet.kernel.clock import SHANGHAI, business_day
from cardfleet.kernel.reference import load
from cards.models import Card
from lifecycle.choices import AlertKind
from lifecycle.models import Alert
from tests.factories.accounts import PASSWORD, PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, TrainingRecordFactory

BUSY, FREE = "13900001234", "13900005678"
CARDS = (
    "ICCID,手机号,运营商,套餐,激活日期,有效期至,状态,实名状态,余额\n"
    "89860012345678901230,{busy},中国移动,语音畅打59,2026-03-01,2027-03-01,正常,已实名,28.50\n"
    "89860012345678901248,{free},中国移动,语音畅打59,2026-03-01,2027-03-01,正常,已实名,66.00\n"
    "8.98601E+19,13900009999,中国移动,语音畅打59,,,,,\n"
)
DETAIL = "起始时间,通信地点,通信方式,对方号码,通信时长,通信类型,套餐优惠,实收通信费(元)\n"


@pytest.fixture
def people(transactional_db):
    """A supervisor, a finance clerk and a trained agent of one team, with the reference data."""
    load(now=timezone.now())
    team = TeamFactory(name="华东一组")
    agent = AgentFactory(user__team=team, user__name="李晓雯", user__staff_no="A0417", user__username="A0417")
    for course in Course.objects.filter(is_required=True):
        TrainingRecordFactory(agent=agent, course=course, passed_on=business_day(timezone.now()) - timedelta(days=30))
    supervisor = PersonFactory(name="周敏", role=Role.SUPERVISOR, scope=team)
    finance = PersonFactory(name="何静", role=Role.FINANCE, language="zh-hans")
    agent.user.groups.add(*PersonFactory(role=Role.AGENT).groups.all())
    return {"supervisor": supervisor.username, "finance": finance.username, "agent": "A0417"}


def card_file(folder: Path) -> Path:
    """Write the spreadsheet a company has: GB18030, one ICCID spoiled by Excel."""
    path = folder / "卡片台账.csv"
    path.write_bytes(CARDS.format(busy=BUSY, free=FREE).encode("gb18030"))
    return path


def detail_file(folder: Path, now: datetime) -> Path:
    """Write a China Mobile detail of today: 185 answered calls to as many people, most of them under ten seconds."""
    midnight = now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = [DETAIL]
    for number in range(185):
        start = max(now.astimezone(SHANGHAI) - timedelta(seconds=40 * number + 30), midnight)
        seconds = 6 if number % 4 else 95
        rows.append(f"{start:%Y-%m-%d %H:%M:%S},上海,主叫,1371000{number:04},{seconds}秒,本地,,0.10\n")
    path = folder / f"{BUSY}.csv"
    path.write_bytes("".join(rows).encode("gb18030"))
    return path


def sign_in(page, name: str) -> None:
    """Sign in by the form."""
    page.goto("/account/login/")
    page.fill("input[name=login]", name)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit], form button.btn-primary")
    page.wait_for_load_state("networkidle")


def wait_for_job(page) -> None:
    """Wait until the progress bar ended: the part asks for itself, then the page comes whole."""
    page.wait_for_selector("section.job:not([hx-get])", timeout=90_000)
    page.wait_for_load_state("networkidle")


def test_from_two_files_to_an_alert_a_hand_over_and_a_months_cost(live, worker, people, tmp_path):
    """R2, R11, R13, R29, R37, R42, R68, R82, R28: the whole way, in a browser, in Chinese."""
    now = timezone.now()
    with live.page() as page:
        sign_in(page, people["supervisor"])
        page.goto("/imports/cards/")
        page.set_input_files("input[name=file]", card_file(tmp_path))
        page.check("input[name=create_missing]")
        page.fill("input[name=reason]", "周敏核对台账原件")
        live.screenshot(page, "day-1-import-cards")
        page.click("form[enctype] button[type=submit]")
        wait_for_job(page)
        assert "8.98601E+19" in page.content()
        live.screenshot(page, "day-2-cards-imported")

        page.goto("/imports/usage/")
        page.set_input_files("input[name=file]", detail_file(tmp_path, now))
        page.fill("input[name=source]", "cmcc")
        page.click("form[enctype] button[type=submit]")
        page.click("form[action$='/start/'] button")
        wait_for_job(page)
        live.screenshot(page, "day-3-calls-imported")

        page.goto("/")
        page.click("form[action*=assess] button")
        page.wait_for_load_state("networkidle")
        wait_for_job(page)
        page.goto("/")
        assert "139****1234" in page.locator(".is-queue").inner_text()
        live.screenshot(page, "day-4-board")

        page.goto("/handout/")
        page.fill("input[name=card]", FREE[-4:])
        page.fill("input[name=agent]", "A0417")
        page.click("main form.panel-body button[type=submit]")
        page.wait_for_load_state("networkidle")
        live.screenshot(page, "day-5-handed-out")

    with live.page(width=390, height=844) as page:
        sign_in(page, people["agent"])
        assert page.url.endswith("/my/")
        live.screenshot(page, "day-6-my-to-accept")
        page.fill("input[name=signed_name]", "李晓雯")
        page.click("form[action*=accept] button[type=submit]")
        page.wait_for_load_state("networkidle")
        assert page.locator(".standing .badge").is_visible()
        assert "¥66.00" in page.inner_text("main")
        assert page.inner_text("[data-left=today]") == "200"
        live.screenshot(page, "day-7-my")

    with live.page() as page:
        sign_in(page, people["finance"])
        page.goto("/costs/")
        live.screenshot(page, "day-8-costs")
        with page.expect_download() as download:
            page.click("a[href*=xlsx]")
        costs = tmp_path / "costs.xlsx"
        download.value.save_as(costs)

    assert Card.objects.count() == 2
    assert UsageRecord.objects.count() == 185
    alert = Alert.objects.get(kind=AlertKind.SUSPENSION_RISK)
    assert (alert.card.msisdn, alert.state) == (f"+86{BUSY}", "open")
    assert {driver["kind"] for driver in alert.evidence} >= {"short_call_ratio", "daily_out_calls"}
    assert Assignment.objects.get().accepted_at is not None
    rows = [[str(cell) for cell in row] for row in openpyxl.load_workbook(costs, data_only=True).active.values]
    assert rows[-1][0] == "合计"
    assert rows[-1][-1] == "18.5"
