"""Each service that writes what a file says, with valid files to begin from."""

from collections.abc import Sequence
from dataclasses import dataclass

from billing.models import LedgerEntry, TopUpRequest
from billing.services.top_ups.sheets import ASK, RECORD
from tests.billing import samples
from tests.cards.files import iccid
from tests.factories.cards import imei_of
from tests.fuzz.parsers import CALLS, MESSAGES, POSTED, RULES, STATEMENT, as_json, packed
from tests.fuzz.writers import (
    Given,
    give_agents,
    give_bills,
    give_bundle_use,
    give_callees,
    give_calls,
    give_cards,
    give_devices,
    give_messages,
    give_posted,
    give_readings,
    give_recipients,
    give_results,
    give_rules,
    give_top_ups,
)  # fmt: skip


@dataclass(frozen=True)
class Writer:
    """A service, the parser it reads by, valid files, and how it is given one. It raises the refusal of a whole file.

    Of the `late` files something is refused only after rows were written. `own` are the tables of what it keeps of a
    file that it refused: the job is everybody's.
    """

    name: str
    parser: str
    files: Sequence[bytes]
    give: Given
    late: Sequence[bytes] = ()
    own: frozenset[str] = frozenset()


def forms(*rows: Sequence[str]) -> list[bytes]:
    """Return a table in the forms that people send."""
    file = samples.SampleFile(rows)
    return [file.csv(), file.csv().decode().encode("gb18030"), file.xlsx(), file.xls()]


NUMBERS = ("13812345678", "13900000001", "13900000002")
KEPT = {"files_storedfile", "journal_entry"}
# What a service keeps of a file, though it takes none of its rows.
BATCH = frozenset({"billing_usagebatch", "billing_usagesource", *KEPT})
CARDS = forms(
    ["ICCID", "手机号", "运营商", "套餐", "备注"],
    *([iccid(place), f"1361234000{place}", "中国移动", "畅享", "甲"] for place in (1, 2, 3)),
)
TAKEN_OVER = forms(
    ["ICCID", "手机号", "运营商", "状态", "PIN码", "余额", "标签"],
    *([iccid(place), f"1361234000{place}", "中国移动", "正常", "1234", "12.30", "新卡,备用"] for place in (1, 2, 3)),
)
AGENTS = forms(
    ["工号", "姓名", "班组", "手机", "入职日期", "状态"],
    *([f"A00{place}", "李雷", "一部/二组", "13900000001", "2026-01-05", "在职"] for place in (1, 2, 3)),
)
CALLEES = forms(
    ["号码", "类型", "日期", "来源", "用途"],
    ["13900000001", "禁拨", "2026-11-02", "客户来电", ""],
    ["13900000002", "同意", "2026-11-02", "录音", "销售"],
    ["13900000001", "同意", "2026-11-02", "录音", "销售"],
)
DEVICES = forms(
    ["IMEI", "类型", "型号", "网络", "卡槽", "状态", "卡号"],
    [imei_of(1), "手机", "甲", "4G", "2", "正常", "13812345678"],
    [imei_of(2), "手机", "甲", "4G", "2", "正常", ""],
    [imei_of(3), "座机", "乙", "4G", "1", "维修", ""],
)
PEOPLE = [
    ["号码", "邮箱", "称呼", "结果"],
    *([number, "", "王女士", "成功"] for number in NUMBERS),
    ["", "a@example.com", "李", "失败"],
]
TOP_UPS = forms(
    ["手机号", "金额", "流水号", "用途"], ["13812345678", "50", "T-1", "余额不足"], ["13900000001", "50", "", ""]
)
READINGS = forms(["手机号", "查询时间", "余额"], *([number, "2026-11-19 08:00", "12.30"] for number in NUMBERS))
USES = forms(["手机号", "月份", "短信条数", "流量(MB)"], *([number, "2026-10", "12", "1.5GB"] for number in NUMBERS))

# An account is opened, then the row is of a month to come; a device recorded, then nobody has its card; an agent
# entered, then they come back before they went; a call list breaks off behind the lines that are looked at first.
LATER = samples.SampleFile(
    [["账期", "2026年10月"], ["手机号", "账期", "通话费"], ["13812345678", "2026-11", "1.5"]]
).csv()
IN_NO_CARD = samples.SampleFile([["IMEI", "卡号"], [imei_of(1), "13700000000"], [imei_of(2), ""]]).csv()
AWAY = samples.SampleFile(
    [
        ["工号", "姓名", "班组", "休假开始", "休假结束"],
        ["A1", "李", "三部", "2026-11-05", "2026-11-02"],
        ["A2", "王", "三部"],
    ]
).csv()
CUT_OFF = CALLS[0] + CALLS[0].splitlines(keepends=True)[1] * 40 + b'"13812345678\x00\n'
TWICE = samples.SampleFile([*PEOPLE, *PEOPLE[1:], ["x", "", "", ""]]).csv()

WRITERS = (
    Writer("cards", "cards", CARDS + TAKEN_OVER, give_cards),
    Writer("agents", "agents", AGENTS, give_agents, [AWAY]),
    Writer("callees", "callees", CALLEES, give_callees),
    Writer("devices", "devices", DEVICES, give_devices, [IN_NO_CARD]),
    Writer("people to tell", "people to tell", forms(*PEOPLE), give_recipients, [TWICE]),
    Writer("what came of telling", "people to tell", forms(*PEOPLE), give_results, [TWICE]),
    Writer("top-ups asked for", "top-ups", TOP_UPS, give_top_ups(ASK, TopUpRequest)),
    Writer("top-ups recorded", "top-ups", TOP_UPS, give_top_ups(RECORD, LedgerEntry)),
    Writer("readings", "readings", READINGS, give_readings),
    Writer("messages", "messages", [MESSAGES.encode()], give_messages),
    Writer("bundle use", "bundle use", USES, give_bundle_use),
    Writer("bills", "bills", forms(*STATEMENT), give_bills, [LATER], own=frozenset({"billing_billstatement", *KEPT})),
    Writer("calls", "calls", CALLS, give_calls, [CUT_OFF], BATCH),
    Writer(
        "bundles of calls",
        "bundles of calls",
        [packed(甲=CALLS[0], 乙=CALLS[1])],
        give_calls,
        [packed(甲=CALLS[0], 乙=CUT_OFF)],
        BATCH,
    ),
    Writer("posted calls", "posted calls", [as_json(POSTED, POSTED)], give_posted, own=BATCH),
    Writer("rule sets", "rule sets", [RULES.encode()], give_rules),
)
