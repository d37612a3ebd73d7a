"""China Mobile's 详单 of calls, as its site and its exporters write it (formats.md 4.4, domain.md section 6)."""

from django.utils.translation import gettext_lazy as _

from billing.importers.details import Dialect, read_detail
from billing.importers.layout import Format, Layout, Sample

NAME = "china_mobile"
REQUIRED = ("started", "direction", "counterpart", "duration", "fee", "kind")
DIALECTS = (
    Dialect(
        aliases={
            "own": ("本机号码", "主号码"),
            "started": ("起始时间", "通话起始时间", "开始时间"),
            "place": ("通信地点", "通话地点"),
            "direction": ("通信方式", "呼叫类型"),
            "counterpart": ("对方号码",),
            "duration": ("通信时长", "通话时长"),
            "fee": ("实收通信费(元)", "实收通信费", "通信费(元)", "通信费", "费用(元)"),
            "kind": ("通信类型",),
            "bundle": ("套餐优惠",),
        },
        required=REQUIRED,
    ),
    # The field names of its site's answers.
    Dialect(
        aliases={
            "started": ("startTime",),
            "place": ("commPlac",),
            "direction": ("commMode",),
            "counterpart": ("anotherNm",),
            "duration": ("commTime",),
            "kind": ("commType",),
            "bundle": ("mealFavorable",),
            "fee": ("commFee",),
        },
        required=REQUIRED,
    ),
)


def recognise(sample: Sample) -> Layout | None:
    """Return where the values stand; see `read_detail`."""
    return read_detail(sample, DIALECTS, name=NAME)


FORMAT = Format(name=NAME, label=_("China Mobile call details"), recognise=recognise)
