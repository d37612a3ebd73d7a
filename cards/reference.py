"""The carriers every fleet starts with, on the terms of domain.md section 3.

The terms were read in contracts and differ by province and year, so each carries the badge "illustrative". What is
recorded already, by this loader or by an administrator, is left as it is.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from cardfleet.kernel.reference import register
from cards.choices import CarrierKind, CustodyState
from cards.models import Carrier, InspectionPlan
from cards.services.carriers import record_carrier
from cards.services.inspections import record_interval

COMPANY_PAPERS = ["营业执照副本复印件（加盖公章）", "单位授权委托书", "经办人身份证原件", "SIM 卡", "结清证明"]
PERSON_PAPERS = ["登记人身份证原件", "SIM 卡", "结清话费"]

# By which way a number is cancelled, and what each asks for (R89, R90, R105). Articles say that a call suffices, while
# contracts ask for the ID at an outlet (C14): where a contract was read it holds, the rest is illustrative.
ONLINE_PAPERS = ["登记人本人在官方 App 完成实人认证（限个人登记号码）", "结清话费", "解绑银行、微信、办公等应用"]
OUTLET_PAPERS = [
    "登记人身份证原件（个人登记）或营业执照副本复印件加盖公章（单位登记）",
    "单位授权委托书与经办人身份证原件（单位登记）",
    "SIM 卡",
    "结清证明",
    "已签字盖章的销户申请表",
]
MAIL_PAPERS = [
    "营业执照副本复印件（加盖公章）",
    "单位授权委托书与经办人身份证复印件",
    "已签字盖章的销户申请表（扫描件）",
    "结清证明",
    "解绑银行、微信、办公等应用",
]
OF_BASE_CARRIERS = {"papers_web_app": ONLINE_PAPERS, "papers_outlet": OUTLET_PAPERS}
OF_VIRTUAL_OPERATORS = {"papers_web_app": MAIL_PAPERS, "papers_hotline": MAIL_PAPERS}

CARRIERS: tuple[dict[str, Any], ...] = (
    {
        "code": "cmcc",
        **OF_BASE_CARRIERS,
        "name": "中国移动",
        "aliases": ["移动", "中国移动通信", "China Mobile", "CMCC", "10086"],
        "hotline": "10086",
        "portal": "https://www.10086.cn/",
        "cancellation_policy": "结清费用、无合约在约后，登记人携证件到营业厅办理；号码冷冻 90 天，余额可转。",
        "document_checklist": PERSON_PAPERS + COMPANY_PAPERS[:3],
        "stop_after_days": 0,
        "restore_hours": 24,
        "terminate_after_days": 60,
        "terms_source": "中国移动入网协议（约 2014 年版）；网传 90/92 天未证实",
    },
    {
        "code": "cucc",
        **OF_BASE_CARRIERS,
        "name": "中国联通",
        "aliases": ["联通", "中国联合网络通信", "China Unicom", "CUCC", "10010"],
        "hotline": "10010",
        "portal": "https://www.10010.com/",
        "cancellation_policy": "结清费用后由登记人或持授权书的经办人到营业厅办理；欠费可能报送征信。",
        "document_checklist": PERSON_PAPERS + COMPANY_PAPERS[:3],
        "stop_after_days": 0,
        "restore_hours": 24,
        "terminate_after_days": 90,
        "terms_source": "北京联通入网协议；预付费余额不足可不经通知停机",
    },
    {
        "code": "ctcc",
        **OF_BASE_CARRIERS,
        "name": "中国电信",
        "aliases": ["电信", "China Telecom", "CTCC", "10000"],
        "hotline": "10000",
        "portal": "https://www.189.cn/",
        "cancellation_policy": "结清费用后由登记人或持授权书的经办人到营业厅办理。",
        "document_checklist": PERSON_PAPERS + COMPANY_PAPERS[:3],
        "stop_after_days": 30,
        "restore_hours": 48,
        "terminate_after_days": 60,
        "terms_source": "中国电信入网协议（约 2014 年版）；复机时限未载明，按《电信条例》第三十四条",
    },
    {
        "code": "cbn",
        **OF_BASE_CARRIERS,
        "name": "中国广电",
        "aliases": ["广电", "中国广播电视网络", "China Broadnet", "CBN", "10099"],
        "hotline": "10099",
        "portal": "https://www.10099.com.cn/",
        "cancellation_policy": "结清费用后由登记人或持授权书的经办人到营业厅办理。",
        "document_checklist": PERSON_PAPERS + COMPANY_PAPERS[:3],
        "stop_after_days": 30,
        "restore_hours": 48,
        "terminate_after_days": 60,
        "terms_source": "《电信条例》第三十四条；未见协议文本",
    },
    {
        "code": "huaxiang",
        **OF_VIRTUAL_OPERATORS,
        "name": "华翔联信",
        "aliases": ["北京华翔联信", "华翔"],
        "kind": CarrierKind.MVNO,
        "cancellation_policy": "登记人自行解绑银行、微信、办公等应用后申请；冷冻 90 天内重开收取 50 元；一证一号。",
        "document_checklist": COMPANY_PAPERS,
        "reopen_fee": 50,
        "stop_after_days": 0,
        "restore_hours": 48,
        "terminate_after_days": 30,
        "terms_source": "华翔联信入网协议；停机后 30 天内缴费可复机",
    },
    {
        "code": "lenovo",
        **OF_VIRTUAL_OPERATORS,
        "name": "联想懂的通信",
        "aliases": ["懂的通信", "联想懂的", "联想通信", "Lenovo Connect"],
        "kind": CarrierKind.MVNO,
        "cancellation_policy": "结清费用后由登记人申请；停机 90 天内缴费可复机，逾期销号。",
        "document_checklist": COMPANY_PAPERS,
        "due_day": 20,
        "stop_after_days": 0,
        "restore_hours": 24,
        "terminate_after_days": 90,
        "terms_source": "联想懂的通信入网协议；每月 5 日至 20 日缴费",
    },
)


@transaction.atomic
def load_carriers(*, now: datetime) -> None:
    """Record the carriers that are missing."""
    known = {text for pair in Carrier.objects.values_list("code", "name") for text in pair}
    for facts in CARRIERS:
        if not known & {facts["code"], facts["name"]}:
            record_carrier(facts=facts, actor=None, now=now)


# Illustrative: no source says how often. Spares are looked at most often, because nobody misses them.
INTERVALS = {CustodyState.SPARE: 30, CustodyState.IN_STOCK: 90, CustodyState.FAULTY: 90, CustodyState.ISSUED: 180}


@transaction.atomic
def load_intervals(*, now: datetime) -> None:
    """Record how often cards are looked at, for custody states nobody set it for."""
    known = set(InspectionPlan.objects.values_list("custody_state", flat=True))
    for state, days in INTERVALS.items():
        if state not in known:
            record_interval(facts={"custody_state": state, "every_days": days}, actor=None, now=now)


register("cards.carriers", load_carriers)
register("cards.intervals", load_intervals)
