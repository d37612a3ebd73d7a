"""Small files of every format of call records, built from three invented calls of 13812345678."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace

import openpyxl
import xlwt

from tests.billing.conftest import OWN, at

NUMBER = OWN.removeprefix("+86")


@dataclass(frozen=True)
class Call:
    """A call as the files tell of it."""

    start: str
    out: bool
    other: str
    seconds: int
    fee: str


CALLS = (
    Call("2026-10-08 09:15:02", True, "13900000001", 72, "0.00"),
    Call("2026-10-08 09:20:41", False, "02112345678", 35, "0.00"),
    Call("2026-10-31 23:59:58", True, "13900000001", 3603, "12.20"),
)
# What must be stored of them: start, direction, counterpart, seconds, fee in yuan.
STORED = [
    (at(8, 9, 15, 2, month=10), "out", "+8613900000001", 72, "0.00"),
    (at(8, 9, 20, 41, month=10), "in", "+862112345678", 35, "0.00"),
    (at(31, 23, 59, 58, month=10), "out", "+8613900000001", 3603, "12.20"),
]


@dataclass(frozen=True)
class SampleFile:
    """A file, its rows, and its own number where it has to be given."""

    rows: Sequence[Sequence[str]]
    name: str = "calls.csv"
    own_number: str = ""
    headed: bool = True

    def csv(self) -> bytes:
        """Return it as a CSV."""
        text = io.StringIO()
        csv.writer(text).writerows(self.rows)
        return text.getvalue().encode()

    def xls(self) -> bytes:
        """Return it as an Excel 97 workbook."""
        book = xlwt.Workbook(encoding="utf-8")
        sheet = book.add_sheet("详单")
        for line, cells in enumerate(self.rows):
            for place, cell in enumerate(cells):
                sheet.write(line, place, cell)
        return _saved(book)

    def xlsx(self) -> bytes:
        """Return it as a workbook."""
        book = openpyxl.Workbook()
        for cells in self.rows:
            book.active.append(cells)
        return _saved(book)

    def titled(self, titles: Sequence[str]) -> "SampleFile":
        """Return it under other titles."""
        return replace(self, rows=[titles, *self.rows[1:]])

    def turned(self) -> "SampleFile":
        """Return it with its columns the other way round."""
        return replace(self, rows=[cells[::-1] for cells in self.rows])


def _saved(book) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def spoken(seconds: int) -> str:
    """A duration in words."""
    hours, minutes = seconds // 3600, seconds // 60 % 60
    return (f"{hours}小时" if hours else "") + (f"{minutes}分" if hours or minutes else "") + f"{seconds % 60}秒"


def clock(seconds: int) -> str:
    """A duration as a clock shows it."""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def primes(seconds: int) -> str:
    """A duration as Inner Mongolia writes it."""
    return f"{seconds // 3600}'{seconds // 60 % 60}'{seconds % 60}"


def words(call: Call) -> str:
    """The direction as carriers say it."""
    return "主叫" if call.out else "被叫"


def generic() -> SampleFile:
    """The generic CSV."""
    header = ["msisdn", "started_at", "direction", "counterpart", "duration_s", "fee"]
    rows = [[NUMBER, c.start, "out" if c.out else "in", c.other, str(c.seconds), c.fee] for c in CALLS]
    return SampleFile([header, *rows])


def china_mobile() -> SampleFile:
    """China Mobile's detail."""
    header = ["起始时间", "通信地点", "通信方式", "对方号码", "通信时长", "通信类型", "套餐优惠", "实收通信费(元)"]
    rows = [[c.start, "上海", words(c), c.other, spoken(c.seconds), "国内通话", "", c.fee] for c in CALLS]
    return SampleFile([header, *rows], own_number=OWN)


def china_mobile_web() -> SampleFile:
    """The field names of China Mobile's site."""
    titles = ["startTime", "commPlac", "commMode", "anotherNm", "commTime", "commType", "mealFavorable", "commFee"]
    return china_mobile().titled(titles)


def china_unicom() -> SampleFile:
    """China Unicom's detail, with its total."""
    header = [
        "序号",
        "业务类型",
        "通话起始时间",
        "通话时长",
        "呼叫类型",
        "对方号码",
        "本机通话地",
        "对方归属地",
        "通话类型",
        "通话费",
        "其他费",
        "小计",
    ]
    rows = [
        [str(n), "语音电话", c.start, spoken(c.seconds), words(c), c.other, "上海", "上海", "本地", c.fee, "0", c.fee]
        for n, c in enumerate(CALLS, start=1)
    ]
    return SampleFile([header, *rows, ["合计", *[""] * 10, "12.20"]], own_number=OWN)


def china_unicom_web() -> SampleFile:
    """The field names of China Unicom's site."""
    header = [
        "calldate",
        "calltime",
        "calllonghour",
        "calltypeName",
        "othernum",
        "homeareaName",
        "calledhome",
        "landtype",
        "nativefee",
    ]
    rows = [[*c.start.split(), spoken(c.seconds), words(c), c.other, "上海", "上海", "本地通话", c.fee] for c in CALLS]
    return SampleFile([header, *rows], own_number=OWN)


def china_telecom() -> SampleFile:
    """China Telecom's detail as Chongqing has it."""
    header = "对方号码 呼叫类型 起始时间 通话时长（秒） 费用（元） 通话类型 使用地点 是否在套餐内".split()  # noqa: SIM905
    rows = [[c.other, words(c), c.start, str(c.seconds), c.fee, "国内", "重庆", "是"] for c in CALLS]
    return SampleFile([header, *rows], own_number=OWN)


def china_telecom_sichuan() -> SampleFile:
    """Sichuan's field names."""
    header = ["START_TIME", "CALL_TYPE", "CALCUNIT", "BILLING_AREA", "OTHERPHONE", "TIMELONG", "MONEY"]
    rows = [[c.start, words(c), "1", "成都", c.other, str(c.seconds), c.fee] for c in CALLS]
    return SampleFile([header, *rows], own_number=OWN)


def china_telecom_inner_mongolia() -> SampleFile:
    """Inner Mongolia's field names, the start in two columns."""
    header = [
        "converseDate",
        "converseTime",
        "callType",
        "converseType",
        "converseAddr",
        "callArea",
        "callingNbr",
        "converseDuration",
        "fee",
    ]
    rows = [[*c.start.split(), words(c), "国内", "包头", "包头", c.other, primes(c.seconds), c.fee] for c in CALLS]
    return SampleFile([header, *rows], own_number=OWN)


def china_telecom_digits() -> SampleFile:
    """0 for calls made, 1 for calls received."""
    header = ["CallType", "CallTime", "CallMobile", "CallArea", "CallTimeCost", "CallFee"]
    rows = [["0" if c.out else "1", c.start, c.other, "武汉", clock(c.seconds), c.fee] for c in CALLS]
    return SampleFile([header, *rows], own_number=OWN)


def china_telecom_columns() -> SampleFile:
    """Tianjin's detail: no header, the last row a total."""
    rows = [
        [*((NUMBER, c.other) if c.out else (c.other, NUMBER)), words(c), "天津", "", c.start, str(c.seconds), "", c.fee]
        for c in CALLS
    ]
    return SampleFile([*rows, ["共3条", "", "", "", "", "", "3710", "", "12.20"]], headed=False)


def switch_row(call: Call, number: int) -> dict[str, str]:
    """The values of a call in an exchange: extension 100 on the trunk `out`, which only Asterisk names."""
    ours, theirs = f"SIP/100-0000002{number}", f"SIP/out-0000003{number}"
    src, dst = ("100", call.other) if call.out else (call.other, "100")
    return {
        "src": src, "dst": dst, "dcontext": "from-internal", "clid": f'"Li" <{src}>', "lastapp": "Dial",
        "channel": ours if call.out else theirs, "dstchannel": theirs if call.out else ours, "lastdata": "x",
        "start": call.start, "answer": call.start, "end": call.start, "duration": str(call.seconds + 9),
        "billsec": str(call.seconds), "disposition": "ANSWERED", "amaflags": "DOCUMENTATION",
        "uniqueid": f"179140.{number}", "linkedid": f"179140.{number}", "sequence": str(number),
    }  # fmt: skip


def asterisk(columns: Sequence[str]) -> SampleFile:
    """What cdr_csv and cdr_custom write."""
    rows = [switch_row(call, number) for number, call in enumerate(CALLS)]
    return SampleFile([[row.get(name, "") for name in columns] for row in rows], headed=False)


def freeswitch(columns: Sequence[str]) -> SampleFile:
    """What cdr_csv writes by one of its templates."""
    rows = [freeswitch_row(call, number) for number, call in enumerate(CALLS)]
    return SampleFile([[row.get(name, "") for name in columns] for row in rows], headed=False)


def freeswitch_row(call: Call, number: int) -> dict[str, str]:
    """The values of a call of the extension 1000."""
    caller, callee = ("1000", call.other) if call.out else (call.other, "1000")
    profiles = ("internal", "external") if call.out else ("external", "internal")
    return {
        "caller_id_name": "Li", "caller_id_number": caller, "destination_number": callee,
        "caller_id": f'"Li" <{caller}>', "context": "default" if call.out else "public",
        "channel_name": f"sofia/{profiles[0]}/{caller}@10.0.0.1:5060", "last_app": "bridge",
        "bridge_channel": f"sofia/{profiles[1]}/{callee}@10.0.0.2", "last_arg": f"sofia/gateway/unicom/{callee}",
        "start_stamp": call.start, "answer_stamp": call.start, "end_stamp": call.start,
        "duration": str(call.seconds + 9), "billsec": str(call.seconds), "hangup_cause": "NORMAL_CLEARING",
        "uuid": f"c60a1f09-ce61-47d3-a806-82bd2c9a4b{number:02}", "accountcode": "", "read_codec": "PCMA",
        "write_codec": "PCMA", "amaflags": "DOCUMENTATION",
    }  # fmt: skip


def android(subscription: str = "1", calls: Sequence[Call] = CALLS) -> str:
    """A phone's call log in XML."""
    lines = [
        f'  <call number="{c.other}" duration="{c.seconds}" date="{_epoch(c)}" type="{2 if c.out else 1}" '
        f'presentation="1" subscription_id="{subscription}" readable_date="x" contact_name="(Unknown)" />'
        for c in calls
    ]
    return "\n".join(
        [
            "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>",
            "<!--File Created By SMS Backup & Restore v10.20 <call> -->",
            '<?xml-stylesheet type="text/xsl" href="calls.xsl"?>',
            f'<calls count="{len(lines)}">',
            *lines,
            "</calls>",
        ]
    )


def _epoch(call: Call) -> int:
    moment = at(int(call.start[8:10]), *map(int, call.start[11:].split(":")), month=10)
    return int(moment.timestamp()) * 1000 + 345


def normalised(columns: Sequence[str]) -> SampleFile:
    """The normalised CSV."""
    rows = [
        {
            "uid": f"u{number}", "source": "crm", "msisdn": NUMBER, "direction": "out" if c.out else "in",
            "counterpart": c.other, "started_at": c.start, "duration_s": str(c.seconds), "answered": "yes",
            "fee": c.fee,
        }
        for number, c in enumerate(CALLS)
    ]  # fmt: skip
    return SampleFile([columns, *([row.get(name, "") for name in columns] for row in rows)])
