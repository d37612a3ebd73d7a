"""The generic CSV: `msisdn,started_at,direction,counterpart,duration_s,fee`, optionally `uid,iccid,imsi,answered`.

In any order, under English or Chinese names (design, section 8).
"""

from django.utils.translation import gettext_lazy as _

from billing.choices import SourceRole
from billing.importers.headed import named, read_header
from billing.importers.layout import Format, Layout, Sample

NAME = "generic_csv"
ALIASES = {
    "own": ("msisdn", "本机号码", "手机号", "手机号码", "号码", "主号码", "电话号码"),
    "started": ("started_at", "开始时间", "起始时间", "通话时间", "通话开始时间", "呼叫时间", "start_time"),
    "direction": ("direction", "呼叫类型", "通话方向", "方向", "呼叫方向", "主被叫", "通信方式"),
    "counterpart": ("counterpart", "对方号码", "对端号码", "对方", "peer"),
    "duration": ("duration_s", "通话时长", "时长", "时长(秒)", "通话时长(秒)", "通信时长", "duration"),
    "fee": ("fee", "费用", "费用(元)", "通话费", "通话费(元)", "话费", "金额"),
    "uid": ("uid", "流水号", "话单号", "通话标识", "唯一标识", "call_id"),
    "iccid": ("iccid", "卡号"),
    "imsi": ("imsi",),
    "answered": ("answered", "是否接通", "接通", "接通状态"),
}
NEEDED = ("started", "direction", "counterpart", "duration", "fee")


def recognise(sample: Sample) -> Layout | None:
    """Return where the values stand; without a column of own numbers, the number given holds for every row."""
    required = NEEDED if sample.own_number else ("own", *NEEDED)
    header = read_header(sample, ALIASES, required)
    if header is None:
        return None
    return named(header, sample, name=NAME, role=SourceRole.CARRIER, own_number=sample.own_number)


FORMAT = Format(name=NAME, label=_("Generic CSV"), recognise=recognise)
