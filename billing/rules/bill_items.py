"""What carriers call the items of a bill (domain.md, section 6), and what months a bill may name.

Mobile, Unicom and Telecom name the same things differently, and a site names one item in several columns: both
本地通话费 and 长途通话费 are calls. A name nobody knows is kept as another item, so that no amount is lost.
"""

import re
from datetime import date

from billing.choices import BillColumn, BillItem
from cardfleet.kernel.clock import month_start
from cardfleet.kernel.tabular.header import normalise

COLUMNS: dict[str, str] = {
    BillColumn.NUMBER: """
        号码 手机号 手机号码 电话号码 用户号码 业务号码 服务号码 计费号码
        设备号码 产品号码 接入号 成员号码 msisdn number
    """,
    BillColumn.MONTH: "账期 帐期 账单月份 计费账期 计费月份 出账账期 费用月份 月份 month",
    BillColumn.ITEM: """
        费用项目 费用名称 账目项 账目名称 账单项 费用类型 费用项 项目 项目名称
        科目 科目名称 item
    """,
    BillColumn.AMOUNT: "金额 费用 费用金额 应收金额 金额元 费用元 小计元 amount",
    BillColumn.QUANTITY: "数量 用量 使用量 次数 quantity",
    BillColumn.TOTAL: """
        合计 小计 总计 费用合计 合计金额 应收合计 消费合计 本期应缴 本月应缴
        本期费用合计 应缴金额 应收费用 总金额 总费用 total
    """,
}
ITEMS: dict[str, str] = {
    BillItem.MONTHLY_FEE: """
        套餐及固定费 套餐及固定费用 套餐固定费 套餐费 套餐月费 套餐月租费
        套餐月基本费 月固定费 月固定费用 固定费用 固定费 月租费 月租 月基本费
        基本月租费 月使用费 停机保号费 功能费 来电显示费 monthly_fee
    """,
    BillItem.VOICE: """
        套餐外语音通信费 套餐外语音费 语音通信费 语音通话费 国内语音通话费
        套餐外通话费 通话费 语音费 本地通话费 市话费 国内通话费 国内长途通话费
        长途通话费 长途费 国内漫游通话费 漫游费 漫游通话费 voice
    """,
    BillItem.DATA: """
        套餐外上网费 上网费 手机上网费 套餐外流量费 流量费 国内流量费
        手机上网流量费 移动数据流量费 数据流量费 data
    """,
    BillItem.SMS: """
        套餐外短彩信费 短彩信费 短信费 彩信费 短信通信费 点对点短信费
        国内短信费 套餐外短信费 sms
    """,
    BillItem.VALUE_ADDED: """
        增值业务费 增值业务费用 增值费 自有增值业务费 数据增值业务费
        增值服务费 value_added
    """,
    BillItem.AGENCY: """
        代收费 代收费用 代收业务费 代收信息费 代收增值业务费 信息费 代他人付费
        agency
    """,
    BillItem.MINIMUM: """
        保底 保底费 保底消费 承诺消费补差 保底补差 最低消费补差 低消补差
        minimum
    """,
    BillItem.LATE_FEE: "违约金 滞纳金 违约金滞纳金 late_fee",
    BillItem.DISCOUNT: """
        优惠减免 优惠 优惠费 减免 优惠费用 赠费抵扣 费用减免 优惠返还 补偿
        调账 退费 discount
    """,
    BillItem.OTHER: "其他费用 其他费 其他 其它费用 其它 其它费 other",
}
TOTALS = frozenset({"合计", "总计", "小计", "总合计", "费用合计", "合计金额", "total"})
WHOLE = frozenset({"集团", "集团账户", "集团公共", "账户", "合账账户", "公共", "公共费用", "账户级费用", "account"})
"""What stands in place of a number where an amount is of the whole account, as a late fee is."""
LONGEST_TEXT = 80

_BRACKETED = re.compile(r"[(（【\[].*?[)）】\]]")
_MARKS = re.compile(r"[:：、，,。.;；¥￥]")
_MONTH = re.compile(r"(20\d\d)\s*(?:年|[-/.])?\s*(0[1-9]|1[0-2]|[1-9](?!\d))")


def bare(title: str) -> str:
    """Return what of a name is compared: without brackets, units and marks."""
    return normalise(_MARKS.sub("", _BRACKETED.sub("", title)))


_COLUMN_OF = {bare(name): column for column, names in COLUMNS.items() for name in names.split()}
_ITEM_OF = {bare(name): item for item, names in ITEMS.items() for name in names.split()}
_TOTALS = frozenset(map(bare, TOTALS))
_WHOLE = frozenset(map(bare, WHOLE))


def value_of(title: str) -> str:
    """Return what a column of this name holds, a BillColumn or BillItem, or nothing for a name that is unknown."""
    name = bare(title)
    return str(_COLUMN_OF.get(name) or _ITEM_OF.get(name) or "")


def item_of(text: str) -> BillItem:
    """Return the item that a row names."""
    return BillItem(_ITEM_OF.get(bare(text), BillItem.OTHER))


def is_whole(text: str, account: str = "") -> bool:
    """Tell whether the cell of a number says that its row is of the whole account: empty, a word, or its number."""
    name = bare(text)
    return name in _WHOLE or not name.strip("-—/") or name == bare(account)


def is_total(text: str) -> bool:
    """Tell whether a cell says that its row sums up the others."""
    return bare(text) in _TOTALS


def is_part_total(text: str) -> bool:
    """Tell whether a cell says that its row sums up some of the others, such as 本页小计."""
    return bare(text).endswith(("小计", "合计", "总计", "subtotal"))


def months_in(text: str) -> list[date]:
    """Return the months a text names, such as 2026年10月, 202610 or 2026-10-01, in their order."""
    return [month_start(date(int(year), int(month), 1)) for year, month in _MONTH.findall(text)]
