"""China Telecom's 详单 of calls with a header, which every province names otherwise (formats.md 4.4).

`china_telecom_columns` has those without a header.
"""

from django.utils.translation import gettext_lazy as _

from billing.importers.details import Dialect, read_detail
from billing.importers.layout import Format, Layout, Sample
from billing.rules.numbers import TELECOM_CODES

NAME = "china_telecom"
DIALECTS = (
    # Chongqing, and most of the others.
    Dialect(
        aliases={
            "own": ("本机号码", "主号码"),
            "counterpart": ("对方号码",),
            "direction": ("呼叫类型",),
            "started": ("起始时间", "通话起始时间", "开始时间", "通话开始时间"),
            "duration": ("通话时长(秒)", "通话时长"),
            "fee": ("费用(元)", "费用", "费用(分)", "通话费用(元)", "通话费用(分)"),
            "kind": ("通话类型",),
            "place": ("使用地点", "通话地点"),
            "bundle": ("是否在套餐内",),
        },
        required=("counterpart", "direction", "started", "duration", "fee", "kind", "place"),
    ),
    # Sichuan.
    Dialect(
        aliases={
            "started": ("START_TIME",),
            "direction": ("CALL_TYPE",),
            "unit": ("CALCUNIT",),
            "place": ("BILLING_AREA",),
            "counterpart": ("OTHERPHONE",),
            "duration": ("TIMELONG",),
            "fee": ("MONEY",),
        },
        required=("started", "direction", "place", "counterpart", "duration", "fee"),
    ),
    # Inner Mongolia.
    Dialect(
        aliases={
            "day": ("converseDate",),
            "clock": ("converseTime",),
            "direction": ("callType",),
            "kind": ("converseType",),
            "place": ("converseAddr",),
            "home": ("callArea",),
            "counterpart": ("callingNbr",),
            "duration": ("converseDuration",),
            "fee": ("fee",),
        },
        required=("day", "clock", "direction", "counterpart", "duration", "fee"),
    ),
    # Digits for the direction: 0 主叫, 1 被叫.
    Dialect(
        aliases={
            "direction": ("CallType",),
            "started": ("CallTime",),
            "counterpart": ("CallMobile",),
            "place": ("CallArea",),
            "duration": ("CallTimeCost",),
            "fee": ("CallFee",),
        },
        required=("direction", "started", "counterpart", "duration", "fee"),
        codes=TELECOM_CODES,
    ),
)


def recognise(sample: Sample) -> Layout | None:
    """Return where the values stand; see `read_detail`."""
    return read_detail(sample, DIALECTS, name=NAME)


FORMAT = Format(name=NAME, label=_("China Telecom call details"), recognise=recognise)
