"""Every parser of what comes from outside, with valid files to begin from. None of them needs the database."""

import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from agents.importers import agents, callees
from billing.choices import SourceRole
from billing.importers import (
    asterisk,
    asterisk_custom,
    bills,
    bundle_uses,
    bundles,
    freeswitch,
    guessing,
    live,
    messages,
    normalised,
    plain,
    profiles,
    readings,
    registry,
    staging,
    top_ups,
    words,
)
from billing.importers.layout import Layout, Sample
from billing.importers.mapped_json import Mapped
from billing.rules.times import Period
from cardfleet.kernel.api.parsers import meaning
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.tabular import Table, open_table
from cards.importers import cards, columns
from lifecycle.importers import devices, packs, recipients, rule_sets
from lifecycle.importers.connectors import json_calls, json_http, json_rows
from lifecycle.rules.connections.http import HttpSettings
from tests.billing import samples
from tests.billing.conftest import OWN
from tests.conftest import FRIDAY

YEAR = Period.year_up_to(business_day(FRIDAY))
NAMES = {"extensions": ["8001"], "lines": ["gw1"]}
MAPPED = Mapped(
    rows="data.items",
    columns={"caller": "from", "callee": "to.0", "started_at": "at", "answered_at": "up", "ended_at": "end"},
    words={"direction": {"1": "out"}},
    utc=True,
)
HTTP = HttpSettings(
    url="https://carrier.example/",
    fields={"msisdn": "n", "balance": "b", "as_of": "t", "state": "s", "reason": "r", "duration_s": "d", "fee": "f"},
    units={"balance": "fen", "duration_s": "minutes", "fee": "li"},
    times="utc",
)
# What a column of this name holds in a valid file; any other holds a word.
CELLS = {
    "iccid": "89860000000000123456", "msisdn": "13812345678", "number": "13812345678", "imsi": "460001234567890",
    "carrier": "中国移动", "pin": "1234", "puk": "12345678", "imei": "490154203237518", "imei2": "490154203237518",
    "activated_on": "2026-01-05", "expires_on": "2027-01-05", "issued_on": "2026/2/3", "joined_on": "2026年2月3日",
    "balance": "¥1,234.50", "amount": "50", "service_state": "停机", "state": "正常", "real_name": "已实名",
    "tags": "新卡,备用", "team": "一部/二组", "mobile": "13900000001", "status": "在职", "absent_from": "2026-11-02",
    "absence_kind": "病假", "kind": "投诉", "date": "2026-11-02", "source": "12321", "email": "a@example.com",
    "result": "成功", "month": "2026-10", "sms": "12", "data_mb": "1.5GB", "sms_fee": "1.20", "read_at":
    "2026-11-20 08:00", "sim_slots": "2", "sim_forms": "nano,esim", "network": "4G", "stop_reason": "欠费",
}  # fmt: skip


@dataclass(frozen=True)
class Parser:
    """A parser: what it is for, its modules, valid files, and how it is made to read a file to the end."""

    name: str
    modules: Sequence[Any]
    files: Sequence[bytes]
    read: Callable[[bytes], object]


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Return rows as a CSV in UTF-8."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def sheets(aliases: Mapping[str, Sequence[str]], **own: str) -> list[bytes]:
    """Return a table of all columns by their Chinese names as CSV, in GB 18030, as XLSX and as XLS."""
    cells = [(CELLS | own).get(name, "甲") for name in aliases]
    file = samples.SampleFile([[names[0] for names in aliases.values()], cells, cells])
    return [file.csv(), file.csv().decode().encode("gb18030"), file.xlsx(), file.xls()]


def table(read: Callable[[Table], object]) -> Callable[[bytes], object]:
    """Return how a file is read that is a table."""
    return lambda data: read(open_table(io.BytesIO(data), "表.csv"))


def file(read: Callable[..., object], **given: Any) -> Callable[[bytes], object]:
    """Return how a file is read that the parser opens itself."""
    return lambda data: read(io.BytesIO(data), "账单-2026年10月.csv", **given)


def text_of(data: bytes) -> str:
    """Return the text that a person pasted."""
    return data.decode("utf-8", "replace")


def read_cards(found: Table) -> None:
    """Both ways: whole columns at once, and line by line."""
    sheet = cards.read_cards(found)
    columns.read_columns(sheet) if sheet.unread else None
    sheet.reading(sheet.unread)


def read_callees(found: Table) -> None:
    """Each line as the import does."""
    header, rows = callees.open_sheet(found)
    for line, cells in rows:
        callees.read_line(header, line, cells, now=FRIDAY)


def read_calls(found: Table) -> None:
    """Recognised, staged as text, and each distinct text by each rule."""
    sample = Sample(rows=tuple(islice(found.rows(), staging.SAMPLE_ROWS)), name="", own_number=OWN, period=YEAR)
    layout = registry.find(sample)
    is_plain = plain.matcher(layout, found.delimiter) if found.delimiter else None
    rows = found.rows_and_lines(is_plain) if is_plain else found.rows()
    staged: list[str] = []
    for _line in staging._lines(rows, layout, staging.Counts(), staged, found.delimiter):
        pass
    read_words(layout, {cell for line in staged for cell in line.split("\t")})


def read_words(layout: Layout, texts: Iterable[str]) -> None:
    """Read texts by all rules of a layout, as an import does once of each."""
    for read in words._readers(layout).values():
        for written in texts:
            words._line(written, read)


def guess(found: Table) -> None:
    """Say what the columns of an unknown file seem to be, for a person to correct."""
    rows = list(islice(found.rows(), staging.SAMPLE_ROWS))
    line = guessing.header_line(rows)
    below = [cells for number, cells in rows if number > line]
    titles = next((cells for number, cells in rows if number == line), [])
    profiles.signature(titles)
    guessing.columns(titles, below, YEAR)
    for place in range(max(map(len, below), default=0)):
        guessing.times([cells[place] for cells in below if place < len(cells)])


def read_bundle(data: bytes) -> None:
    """An archive, or the one table that it is instead."""
    found: BinaryIO = io.BytesIO(data)
    if not bundles.is_bundle(found):
        read_calls(open_table(found, "表.csv"))
        return
    for part in bundles.parts(found):
        read_calls(open_table(part.content, part.name))


def read_pack(data: bytes) -> None:
    """A pack is read from the disk."""
    with tempfile.NamedTemporaryFile() as kept:
        Path(kept.name).write_bytes(data)
        packs.verify(Path(kept.name))


def read_live(data: bytes) -> None:
    """What a switch posts, by its own names and by a mapping, and what is staged of it."""
    body = meaning(text_of(data))
    for mapping in (None, MAPPED):
        posted = live.read(body, mapping=mapping, names=NAMES)
        layout = live.layout(posted, role=SourceRole.SWITCH, period=YEAR)
        read_words(layout, {cell for _line, cells in posted.rows() for cell in cells})


def read_answer(data: bytes) -> None:
    """What the server of a carrier answers, as balances, states and calls."""
    body = json_http.parse(json_http.Answer(status=200, body=data, content_type="application/json"))
    rows = body if isinstance(body, list) else [body]
    page = json_rows.Page(rows=rows, body=body, hash="")
    for read in (json_rows.read_balance, json_rows.read_state):
        json_rows.read_rows([page], read, HTTP, now=FRIDAY)
    json_calls.as_table(rows, HTTP)


def packed(**parts: bytes) -> bytes:
    """Return files in an archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(f"{name}.csv", part)
    return target.getvalue()


def as_json(*rows: Any) -> bytes:
    """Return rows as JSON, and those of a list in an object."""
    return json.dumps(list(rows), ensure_ascii=False).encode()


CALL_FILES = [
    made()
    for made in (
        samples.generic, samples.china_mobile, samples.china_mobile_web, samples.china_unicom, samples.china_unicom_web,
        samples.china_telecom, samples.china_telecom_sichuan, samples.china_telecom_inner_mongolia,
        samples.china_telecom_digits, samples.china_telecom_columns,
    )
] + [
    samples.asterisk(asterisk.COLUMNS),
    samples.asterisk(asterisk_custom.COLUMNS),
    samples.freeswitch(freeswitch.EXAMPLE),
    samples.freeswitch(freeswitch.ASTERISK),
    samples.normalised(tuple(names[0] for names in normalised.ALIASES.values())),
]  # fmt: skip
CALLS = [one.csv() for one in CALL_FILES] + [CALL_FILES[0].xlsx(), CALL_FILES[1].xls(), samples.android().encode()]
MESSAGES = (
    "13812345678 【中国移动】尊敬的客户,截至2026年10月31日12时30分,您的话费余额为12.34元。\n"
    "13812345679\n【中国联通】您的号码已停机,欠费3.20元"
)
STATEMENT = [
    ["账期", "2026年10月"],
    ["账户号码", "A-1"],
    ["手机号", "套餐费", "通话费", "合计"],
    ["13812345678", "30", "1.5", "31.5"],
]
STATEMENT += [["合计", "30", "1.5", "31.5"]]
RULES = """rules:
- kind: daily_out_calls
  carrier: 中国移动
  warn: 80
  limit: 100
  window: day
  params: {from: 12:00, days: [1, 2]}
  severity: high
  source: 工信部
"""
POSTED = {"msisdn": "13812345678", "started_at": "2026-11-20 09:00:00", "direction": "out", "counterpart": "10086",
          "duration_s": 30, "fee": 0.15, "answered": True}  # fmt: skip
LEG = {"variables": {"start_epoch": "1795309200", "billsec": "30", "last_arg": "sofia/gateway/gw1/13900000001",
       "uuid": "a-1"}, "callflow": [{"caller_profile": {"caller_id_number": "8001"}}]}  # fmt: skip
SPOKEN = {"from": "8001", "to": ["10086"], "at": "2026-11-20T01:00:00", "up": "2026-11-20T01:00:05", "end": 1795309200}
ANSWER = {"n": "13812345678", "b": "1234.5", "t": "2026-11-20T01:00:00Z", "s": "停机", "r": "欠费", "d": 2, "f": "150"}

PARSERS = (
    Parser("cards", [cards, columns], sheets(cards.ALIASES), table(read_cards)),
    Parser("agents", [agents], sheets(agents.ALIASES), table(agents.read_agents)),
    Parser("callees", [callees], sheets(callees.ALIASES), table(read_callees)),
    Parser("devices", [devices], sheets(devices.ALIASES, kind="手机"), table(devices.read_devices)),
    Parser("people to tell", [recipients], sheets(recipients.ALIASES), table(recipients.read_recipients)),
    Parser("top-ups", [top_ups], sheets(top_ups.ALIASES), file(top_ups.read_top_ups)),
    Parser("readings", [readings], sheets(readings.ALIASES), file(readings.read_readings, now=FRIDAY)),
    Parser("bundle use", [bundle_uses], sheets(bundle_uses.ALIASES), file(bundle_uses.read_uses)),
    Parser("bills", [bills], [as_csv(STATEMENT), samples.SampleFile(STATEMENT).xlsx()], file(bills.read_statement)),
    Parser("calls", [registry, plain, staging, words], CALLS, table(read_calls)),
    Parser("calls, unknown", [guessing, profiles], CALLS, table(guess)),
    Parser("bundles of calls", [bundles], [packed(甲=CALLS[0], 乙=CALLS[1]), CALLS[-3]], read_bundle),
    Parser("messages", [messages], [MESSAGES.encode()], lambda data: messages.read_messages(text_of(data), now=FRIDAY)),
    Parser("posted calls", [live], [as_json(POSTED), as_json(LEG), json.dumps({"data": {"items": [SPOKEN]}}).encode()],
           read_live),
    Parser("answers of carriers", [json_http, json_rows, json_calls], [as_json(ANSWER, ANSWER)], read_answer),
    Parser("rule sets", [rule_sets], [RULES.encode()], rule_sets.read_rule_set),
    Parser("packs", [packs], [packed(manifest=as_json(POSTED)), packed(a=b"1", b=b"2")], read_pack),
)  # fmt: skip
