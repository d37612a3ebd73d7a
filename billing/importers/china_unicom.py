"""China Unicom's 详单 of calls: the Excel 97 workbook of its site, and the field names of its answers (formats.md 4.4).

小计 is the call's whole fee, 通话费 and 其他费 together; older files have 通话费 alone.
"""

from django.utils.translation import gettext_lazy as _

from billing.importers.details import Dialect, read_detail
from billing.importers.layout import Format, Layout, Sample

NAME = "china_unicom"
COLUMNS = {
    "own": ("本机号码", "用户号码"),
    "service": ("业务类型",),
    "started": ("通话起始时间", "通话开始时间", "起始时间"),
    "duration": ("通话时长", "通话时长(秒)"),
    "direction": ("呼叫类型",),
    "counterpart": ("对方号码",),
    "place": ("本机通话地",),
    "home": ("对方归属地",),
    "kind": ("通话类型",),
}
REQUIRED = ("started", "duration", "direction", "counterpart", "place", "kind", "fee")
DIALECTS = (
    Dialect(aliases=COLUMNS | {"fee": ("小计", "小计(元)", "小计(分)")}, required=REQUIRED),
    Dialect(aliases=COLUMNS | {"fee": ("通话费", "通话费(元)", "通话费(分)")}, required=REQUIRED),
    Dialect(
        aliases={
            "day": ("calldate",),
            "clock": ("calltime",),
            "duration": ("calllonghour",),
            "direction": ("calltypeName",),
            "counterpart": ("othernum",),
            "place": ("homeareaName",),
            "home": ("calledhome",),
            "kind": ("landtype",),
            "fee": ("nativefee",),
        },
        required=("day", "clock", "duration", "direction", "counterpart", "place", "fee"),
    ),
)


def recognise(sample: Sample) -> Layout | None:
    """Return where the values stand; see `read_detail`."""
    return read_detail(sample, DIALECTS, name=NAME)


FORMAT = Format(name=NAME, label=_("China Unicom call details"), recognise=recognise)
