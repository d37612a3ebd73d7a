"""The normalised CSV: 25 columns under a header, in any order, all that the pipeline understands and people look up.

| column | what | read |
|--|--|--|
| uid | the source's own id of the call | yes |
| call_id | what the legs of one call share; they count once | yes |
| source, carrier | where the row comes from | |
| msisdn, iccid, imsi | the card: the ICCID decides, then the number, then the IMSI | yes |
| extension | its name in an exchange, where there is no number; the source's aliases explain it | yes |
| trunk | the voice line, by its alias | yes |
| agent, team | who had the card, as the source knew it | |
| direction | in, out | yes |
| counterpart, counterpart_place | the other number, and where it is from | number |
| started_at, answered_at, ended_at | times; without an offset those of Shanghai | start |
| ring_s, duration_s | seconds before and after the answer | duration |
| answered, result | yes or no, and how it ended in the source's words | answered |
| kind, place | local, roaming and so on, and where the card was | place |
| fee, rated_fee | CNY, as charged and as rated | fee |

What is not read is there for people: whose a call was and what it costs by the plan are reckoned anew.
"""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from billing.choices import SourceRole
from billing.importers.headed import named, read_header
from billing.importers.layout import Format, Layout, Sample

NAME = "normalised_csv"
ALIASES = {
    "uid": ("uid", "流水号"),
    "call": ("call_id", "通话标识"),
    "source": ("source", "来源"),
    "carrier": ("carrier", "运营商"),
    "msisdn": ("msisdn", "本机号码"),
    "iccid": ("iccid", "卡号"),
    "imsi": ("imsi",),
    "extension": ("extension", "分机"),
    "trunk": ("trunk", "中继"),
    "agent": ("agent", "坐席工号"),
    "team": ("team", "班组"),
    "direction": ("direction", "通话方向"),
    "counterpart": ("counterpart", "对方号码"),
    "counterpart_place": ("counterpart_place", "对方归属地"),
    "started": ("started_at", "开始时间"),
    "answered_at": ("answered_at", "接通时间"),
    "ended_at": ("ended_at", "结束时间"),
    "ring": ("ring_s", "振铃秒数"),
    "duration": ("duration_s", "通话秒数"),
    "answered": ("answered", "是否接通"),
    "result": ("result", "通话结果"),
    "kind": ("kind", "通话类型"),
    "place": ("place", "本机所在地"),
    "fee": ("fee", "通话费用"),
    "rated_fee": ("rated_fee", "核算费用"),
}


def recognise(sample: Sample) -> Layout | None:
    """Return where the values stand, when all 25 columns are there; BadInput names those that lack."""
    header = read_header(sample, ALIASES, tuple(ALIASES))
    if header is None:
        return None
    layout = named(header, sample, name=NAME, role=SourceRole.CARRIER, own_number="")
    values = dict(layout.values)
    values["own"] = f"coalesce(nullif(btrim({values['msisdn']}), ''), {values['extension']})"
    values["call"] = f"nullif({values['call']}, '')"
    values["uid"] = f"coalesce({values['call']}, {values['uid']})"
    return replace(layout, values=values, titles={**layout.titles, "own": layout.titles["msisdn"]})


FORMAT = Format(name=NAME, label=_("Normalised CSV of 25 columns"), recognise=recognise)
