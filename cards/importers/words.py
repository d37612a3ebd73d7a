"""What carriers and spreadsheets call states, reasons and purposes (domain.md sections 4 and 5).

Each reader takes the text of one cell and returns a value of `cards.choices`, or raises `Unreadable` with the words
that are understood. Codes and English names of the choices are always understood.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import TextChoices
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Text
from cardfleet.kernel.reading import Unreadable, tidy
from cardfleet.kernel.simplified import simplified
from cards.choices import Purpose, RealNameState, ServiceState, StopReason

State, Stop = ServiceState, StopReason
C = TypeVar("C", bound=TextChoices)
_PUNCTUATION = re.compile(r"[\s_\-/()（）、]")


@dataclass(frozen=True)
class StateWord:
    """A service state, and the reason that the word itself names."""

    state: ServiceState
    reason: StopReason | None = None


def key(text: str) -> str:
    """Return what of a word is compared."""
    return simplified(_PUNCTUATION.sub("", tidy(text))).casefold()


def _table(words: Mapping[C, str], choices: Iterable[C]) -> dict[str, C]:
    table = {key(word): choice for choice in choices for word in (choice.value, choice.name)}
    return table | {key(word): choice for choice, line in words.items() for word in line.split()}


_STATES = _table(
    {
        State.PENDING: "待激活 未激活 可激活 未启用 库存",
        State.ACTIVE: "正常 开通 已开通 在用 使用中 正常使用 已激活 激活 在网 开机 正常在用 00",
        State.HALF_STOP: "单停 半停 单向停机 半停机 单向停 限呼 01",
        State.FULL_STOP: "停机 双停 双向停机 全停 停用 02",
        State.VOLUNTARY_STOP: "报停 停机保号 申请停机 保号停机 停租",
        State.LOST_STOP: "挂失 挂失停机 已挂失",
        State.FORCED_STOP: "强制停机 强停 违章停机 违规停机 局方停机 封停 封号",
        State.REVERIFY_STOP: "核验停机 二次实人停机 二次实名停机 实名核验停机 涉诈停机 涉诈核验停机",
        State.CANCEL_PENDING: "销户办理中 销户中 注销中 办理销户",
        State.PRE_CANCELLED: "预销户 预销号 预拆 预拆机 03",
        State.CANCELLED: "销户 销号 注销 已销户 已销号 已注销 拆机 04",
        State.FROZEN: "冷冻 冷冻期 号码冷冻",
        State.RELEASED: "已释放 释放 二次放号 号码不存在 99",
        State.PORTED_OUT: "携出 已携出 携号转出 转网",
        State.TRANSFERRED: "过户 已过户 05",
    },
    State,
)
_DETAILED = {
    "欠费停机": StateWord(State.FULL_STOP, Stop.ARREARS),
    "欠费": StateWord(State.FULL_STOP, Stop.ARREARS),
    "欠停": StateWord(State.FULL_STOP, Stop.ARREARS),
    "欠费半停": StateWord(State.HALF_STOP, Stop.ARREARS),
    "欠费半停机": StateWord(State.HALF_STOP, Stop.ARREARS),
    "欠费单停": StateWord(State.HALF_STOP, Stop.ARREARS),
    "欠费双停": StateWord(State.FULL_STOP, Stop.ARREARS),
    "高额停机": StateWord(State.FULL_STOP, Stop.HIGH_FEE),
    "高额半停机": StateWord(State.HALF_STOP, Stop.HIGH_FEE),
    "骚扰电话停机": StateWord(State.FULL_STOP, Stop.HARASSMENT),
    "骚扰电话半停机": StateWord(State.HALF_STOP, Stop.HARASSMENT),
    "非实名停机": StateWord(State.FULL_STOP, Stop.REAL_NAME),
    "未实名停机": StateWord(State.FULL_STOP, Stop.REAL_NAME),
    "非实名半停机": StateWord(State.HALF_STOP, Stop.REAL_NAME),
    "过期停机": StateWord(State.FULL_STOP, Stop.EXPIRED),
    "投诉停机": StateWord(State.FORCED_STOP, Stop.COMPLAINT),
    "风险停机": StateWord(State.FORCED_STOP, Stop.FRAUD_MODEL),
    "黑名单停机": StateWord(State.FORCED_STOP, Stop.VIOLATION),
    "不良信息停机": StateWord(State.FORCED_STOP, Stop.VIOLATION),
    "违章停机": StateWord(State.FORCED_STOP, Stop.VIOLATION),
    "违规停机": StateWord(State.FORCED_STOP, Stop.VIOLATION),
    "欠费预销号": StateWord(State.PRE_CANCELLED, Stop.ARREARS),
    "欠费预销户": StateWord(State.PRE_CANCELLED, Stop.ARREARS),
    "欠费销号": StateWord(State.CANCELLED, Stop.ARREARS),
    "欠费销户": StateWord(State.CANCELLED, Stop.ARREARS),
    "携出销号": StateWord(State.PORTED_OUT),
}
_REASONS = _table(
    {
        Stop.ARREARS: "欠费 欠费停机 余额不足 费用不足",
        Stop.HIGH_FEE: "高额 高额停机 高额费用 费用异常",
        Stop.VIOLATION: "违规 违章 违规使用 违反规定 违反运营商规定 黑名单 不良信息",
        Stop.COMPLAINT: "投诉 被投诉 客户投诉 用户投诉 举报 通报",
        Stop.HARASSMENT: "骚扰 骚扰电话 骚扰投诉",
        Stop.ABNORMAL_USE: "异常使用 高频 高频呼叫 超频 大量呼出 频繁换卡 异常呼叫",
        Stop.FRAUD_MODEL: "涉诈 涉诈模型 模型命中 疑似诈骗 风险 风险停机 反诈",
        Stop.AUTHORITY: "主管部门 主管部门要求 公安 公安要求 司法",
        Stop.REAL_NAME: "未实名 非实名 实名不符 实名问题 实名登记不合规 实名",
        Stop.REVERIFICATION: "二次实人 二次实人认证 二次实名 未核验 实人认证 未完成二次实人认证",
        Stop.MAINTENANCE: "系统维护 维护 运营商系统维护 网络维护",
        Stop.CARD_FAULT: "故障 卡故障 卡片故障 卡损坏 损坏",
        Stop.EXPIRED: "过期 到期 有效期到 已过有效期 过期停机",
        Stop.IDLE: "沉默 静默 长期未使用 闲置 沉默卡",
        Stop.NOT_ACTIVATED: "未激活 逾期未激活",
        Stop.VOLUNTARY: "主动 主动申请 申请停机 报停 本人申请",
        Stop.LOST: "丢失 遗失 挂失",
        Stop.STOLEN: "被盗 盗用",
        Stop.BUSINESS_CHANGE: "业务调整 业务变更",
        Stop.DEMAND_CHANGE: "需求变化 需求变更",
        Stop.UNUSED: "不再使用 不用 停用",
        Stop.OTHER: "其他 其它 未知",
    },
    Stop,
)
_REAL_NAME = _table(
    {
        RealNameState.VALID: "有效 已实名 已实名认证 实名 是 正常 已认证 通过 已登记 合规 y yes 1 true",
        RealNameState.PENDING: "办理中 认证中 审核中 待实名 待认证",
        RealNameState.INVALID: "无效 未实名 未认证 否 未通过 不合规 不符 失效 非实名 n no 0 false",
        RealNameState.UNKNOWN: "未核对 未知 待核对 不详",
    },
    RealNameState,
)
_PURPOSES = _table(
    {
        Purpose.SALES: "电销 电话销售 销售 外呼 营销 推销 电话营销",
        Purpose.SERVICE: "客服 客户服务 售后 服务",
        Purpose.CALL_BACK: "回访 回拨 客户回访",
        Purpose.RESEARCH: "调研 市场调研 调查 问卷",
        Purpose.NOTICE: "通知 提醒",
        Purpose.OTHER: "其他 其它",
    },
    Purpose,
)


def read_state(text: str) -> StateWord:
    """Return the service state a carrier's or spreadsheet's word means, with the reason that the word names."""
    word = key(text)
    if found := _DETAILED.get(word) or (None if word in _STATES else _composed(word)):
        return found
    return StateWord(
        _read(word, _STATES, "state_unknown", _("This is not a service state."), "正常 单停 停机 报停 销户")
    )


def _composed(word: str) -> StateWord | None:
    """Return what 停机（欠费） or 投诉强制停机 means: a state and a reason in either order."""
    for place in range(1, len(word)):
        for state, reason in ((word[:place], word[place:]), (word[place:], word[:place])):
            if state in _STATES and reason in _REASONS:
                return StateWord(_STATES[state], _REASONS[reason])
    return None


def read_stop_reason(text: str) -> StopReason:
    """Return the reason of a stop."""
    return _read(key(text), _REASONS, "reason_unknown", _("This is not a reason of a stop."), "欠费 违规 投诉 其他")


def read_real_name(text: str) -> RealNameState:
    """Return whether a card's registration is in order."""
    return _read(
        key(text), _REAL_NAME, "real_name_unknown", _("This is not a real-name state."), "已实名 未实名 办理中"
    )


def read_purpose(text: str) -> Purpose | None:
    """Return what a card is for; None for a purpose in words of its own, which is for a person to place."""
    return _PURPOSES.get(key(text))


def _read(word: str, table: Mapping[str, C], code: str, sentence: Text, examples: str) -> C:
    if word not in table:
        message = format_lazy(_("{sentence} Write for instance: {words}."), sentence=sentence, words=examples)
        raise Unreadable(code, message)
    return table[word]
