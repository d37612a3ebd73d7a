"""The rules a new installation begins with (domain.md section 3), as data for `load_reference`.

No official call cap of any carrier is established: such rows are illustrative and say where the number was read.
A row is established only where a law says it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from cards.choices import Confidence, RuleAction, Severity
from lifecycle.rules.kinds import KINDS

INDUSTRIES_RESTRICTED = ["贷款", "催收", "证券", "虚拟货币", "房产", "婚恋", "电信转售", "烟酒茶", "收藏品"]
CREDENTIALS_RESTRICTED = ["财税代理", "知识产权代理", "证照代办"]


@dataclass(frozen=True, kw_only=True)
class DefaultRule:
    """One seeded rule; unit and window are those of its kind. `industry` empty: for all."""

    kind: str
    warn: Decimal | None
    limit: Decimal | None
    severity: Severity
    action: RuleAction
    consequence: str
    source: str
    confidence: Confidence
    industry: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def unit(self) -> str:
        """The unit of its kind."""
        return KINDS[self.kind].unit

    @property
    def window(self) -> str:
        """The window of its kind."""
        return KINDS[self.kind].window

    @property
    def is_illustrative(self) -> bool:
        """Whether the row must carry the badge: all that no law states."""
        return self.confidence != Confidence.LAW


def _rule(
    kind: str,
    marks: str,
    grade: str,
    consequence: str,
    source: str,
    **params: Any,
) -> DefaultRule:
    """Return a rule from `marks` "warn/limit" (a dash: none) and `grade` "severity action confidence"."""
    warn, limit = (None if mark == "-" else Decimal(mark) for mark in marks.split("/"))
    severity, action, confidence = grade.split()
    return DefaultRule(
        kind=kind,
        warn=warn,
        limit=limit,
        severity=Severity(severity),
        action=RuleAction(action),
        consequence=consequence,
        source=source,
        confidence=Confidence(confidence),
        industry=params.pop("industry", ""),
        params=params,
    )


OWN = "示例默认值，无官方数据"

DEFAULTS: tuple[DefaultRule, ...] = (
    _rule("daily_out_calls", "160/200", "high block default", "限呼、停机", "示例默认值；网上说法 50-500 次互相矛盾"),
    _rule("hourly_out_calls", "30/60", "high block weak", "限呼", "60 次/小时为湖北通信管理局 2016 年“超频”监测口径"),
    _rule("agent_out_calls", "160/200", "high block default", "限呼、停机", "示例默认值：与单卡上限相同，多卡不加量"),
    _rule("agent_hour_calls", "30/60", "high warn default", "限呼", "示例默认值：与单卡上限相同，多卡不加量"),
    _rule("agent_minutes", "300/-", "warn warn default", "超出套餐的费用", OWN),
    _rule("burst", "10/15", "warn warn default", "限呼", OWN),
    _rule("min_gap", "-/10", "warn warn default", "限呼", OWN),
    _rule("daily_minutes", "300/-", "warn warn default", "超出套餐的费用", OWN),
    _rule("bundle_minutes", "80/100", "warn warn default", "超出套餐的费用", "套餐约定的分钟数"),
    _rule("distinct_callees", "120/150", "high warn default", "限呼、停机", OWN),
    _rule("callee_repeat", "2/3", "high block document", "骚扰投诉", "华为云语音通话：同一被叫 24 小时不超过 3 次"),
    _rule("callee_repeat_30d", "8/10", "high block document", "骚扰投诉", "华为云语音通话：同一被叫 30 天不超过 10 次"),
    _rule("short_call_ratio", "50/70", "high warn default", "停机、号码标记", OWN, least_calls=30),
    _rule("connect_rate", "20/-", "warn warn default", "号码标记", OWN, least_calls=30),
    _rule("empty_number", "30/-", "warn warn default", "停机", OWN, least_calls=30),
    _rule(
        "call_window",
        "1/1",
        "high block default",
        "投诉、停机",
        "示例默认值；21:00-09:00 参照人身保险电话销售业务管理办法和阿里云外呼任务时段",
        allowed=[["09:00", "12:00"], ["14:00", "20:00"]],
        blocked=[["21:00", "09:00"]],
    ),
    _rule(
        "call_window",
        "1/1",
        "high block document",
        "行业处罚",
        "人身保险电话销售业务管理办法(2013),现行效力未核实",
        industry="保险",
        allowed=[["09:00", "21:00"]],
        blocked=[["21:00", "09:00"]],
    ),
    _rule("holiday", "-/-", "warn warn default", "投诉", OWN),
    _rule("imei_change", "1/3", "high need_approval weak", "二次实人、停机", "网上说法：每周换机超过 3 次"),
    _rule("sim_swap", "2/3", "high need_approval default", "停机", OWN),
    _rule("region", "1/-", "warn warn weak", "限制使用", "网上说法；使用范围以合同为准"),
    _rule("direction_use", "1/1", "warn warn default", "限制使用", "卡片登记的用途；使用范围以合同为准"),
    _rule("card_hours", "1/1", "warn warn default", "限制使用", "卡片登记的使用时段"),
    _rule("long_distance", "1/1", "warn warn default", "超出套餐的费用", "卡片登记的使用权限"),
    _rule("industry_match", "-/-", "high warn document", "全部号码停机", "华翔联信大语音卡业务协议附件第3条"),
    _rule("new_card_cap", "40/50", "warn warn weak", "限呼", "网上说法：新卡每天不超过 50 次", first_days=7),
    _rule("idle_days", "60/80", "high warn weak", "二次实人、号码回收", "网上说法：90 天；各省各运营商不同"),
    _rule("activation_days", "20/30", "high warn document", "收回卡片", "华翔联信入网协议"),
    _rule("min_spend", "-/-", "info record document", "补足差额", "套餐约定的保底消费"),
    _rule("validity", "335/365", "high warn document", "失效、停机", "中国电信入网协议：预付费过期停机；一年为示例"),
    _rule("low_balance", "7/2", "high warn default", "停机", "示例默认值；预付费可不经通知停机（中国联通入网协议）"),
    _rule("credit_limit", "80/100", "critical warn document", "达到额度即停机，不论账期", "中国联通、华翔联信入网协议"),
    _rule("late_fee", "-/3", "info record law", "违约金", "电信条例第34条"),
    _rule("fee_spike", "3/5", "high warn law", "运营商应告知", "5 倍：电信条例第33条；3 倍预警为示例"),
    _rule("contract_term", "-/-", "warn block document", "违约金", "合同约定"),
    _rule("real_name", "-/-", "critical block law", "停机", "反电信网络诈骗法第9条"),
    _rule("id_card_count", "4/5", "high block weak", "不予办卡", "一证五户：新闻与网上说法"),
    _rule("id_card_total", "8/10", "warn warn weak", "不予办卡", "一证十号：网上说法"),
    _rule("user_match", "-/-", "critical block law", "视为出借、停机", "反电信网络诈骗法第31条"),
    _rule("outside_use", "-/-", "critical block document", "解除合同", "华翔联信大语音卡业务协议附件第5条"),
    _rule("purpose_match", "-/-", "high warn document", "全部号码停机", "华翔联信大语音卡业务协议附件第3条"),
    _rule(
        "reported_rate",
        "0.3/0.5",
        "critical warn document",
        "全部号码停机并销户、解除合同",
        "华翔联信大语音卡业务协议附件第4条",
    ),
    _rule("complaints", "1/2", "critical warn weak", "停机", "网上说法：3 次永久停机"),
    _rule("marked", "1/3", "high warn weak", "接通率下降", "网上说法：5 至 20 次标记后显示"),
    _rule("usual_calls", "160/200", "high warn default", "限呼、停机", OWN),
    _rule("usual_hour", "30/60", "high warn default", "限呼", OWN),
    _rule("stop_history", "1/3", "high warn default", "停机、销户", OWN),
    _rule("reverify_due", "0/24", "critical block document", "暂停功能", "2021 年工信部、公安部通告"),
    _rule("consent", "-/-", "critical block law", "行政处罚、投诉", "消费者权益保护法第29条及实施条例第24条"),
    _rule("dnc", "-/-", "critical block law", "行政处罚、投诉", "消费者权益保护法第29条及实施条例第24条"),
    _rule(
        "industry_ban",
        "-/-",
        "high need_approval document",
        "停机",
        "华为云语音通话禁用行业清单",
        industries=INDUSTRIES_RESTRICTED + CREDENTIALS_RESTRICTED,
    ),
    _rule("hoarding", "10/20", "warn warn default", "清理睡眠卡", "示例默认值；参照 2021 年工信部、公安部通告"),
    _rule("pin_tries", "2/3", "high warn document", "锁卡", "中国联通入网协议"),
    _rule("puk_tries", "5/10", "critical warn default", "卡片报废", "示例默认值；10 次为常识"),
)
