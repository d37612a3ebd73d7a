"""The arrears and end-of-life terms read in carriers' published contracts (domain.md section 3), to seed carriers.

Provinces and years differ, so every row is illustrative: the customer's own signed contract wins.
"""

from collections.abc import Mapping

from cards.rules.carrier_terms import CarrierTerms

STATUTE = CarrierTerms()

KNOWN_TERMS: Mapping[str, tuple[CarrierTerms, str]] = {
    "statute": (STATUTE, "电信条例第34条;移动合同可另有约定"),
    "mobile": (
        CarrierTerms(stop_after_days=0, restore_hours=24, terminate_after_days=60),
        "中国移动入网协议(约2014年)",
    ),
    "unicom": (
        CarrierTerms(stop_after_days=0, restore_hours=24, terminate_after_days=90),
        "中国联通北京入网协议;欠费停机满三个月,含停机当月",
    ),
    "telecom": (CarrierTerms(stop_after_days=30, terminate_after_days=60), "中国电信入网协议(约2014年)"),
    "huaxiang": (
        CarrierTerms(stop_after_days=0, restore_hours=48, terminate_after_days=30),
        "华翔联信入网协议",
    ),
    "lenovo": (
        CarrierTerms(due_day=20, stop_after_days=0, restore_hours=24, terminate_after_days=90),
        "联想懂的通信入网协议",
    ),
}
