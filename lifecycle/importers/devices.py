"""Reading device files: any order of columns, Chinese or English headers and words (R26, R80)."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from agents.importers.agents import REJECT, STEPS
from cardfleet.kernel.errors import Reason
from cardfleet.kernel.reading import Unreadable, compact, tidy
from cardfleet.kernel.simplified import simplified
from cardfleet.kernel.tabular import Header, Table, find_header
from cards.choices import DeviceKind, DeviceState, Network, SimForm
from cards.errors import FileRefused
from cards.rules.devices import banned, read_device_imei

MAX_LINES = 20_000
REQUIRED = ("imei",)
ALIASES: Mapping[str, Sequence[str]] = {
    "imei": ("IMEI", "设备IMEI", "串号", "IMEI1"),
    "imei2": ("IMEI2", "第二IMEI", "副卡IMEI", "副IMEI"),
    "kind": ("类型", "设备类型", "kind", "type"),
    "model": ("型号", "设备型号", "品牌型号", "model"),
    "owner": ("归属人工号", "归属人", "使用人工号", "owner"),
    "team": ("班组", "部门/班组", "部门", "团队", "team"),
    "network": ("网络", "网络制式", "network"),
    "sim_slots": ("卡槽", "卡槽数", "SIM卡槽", "slots"),
    "sim_forms": ("卡型", "SIM卡类型", "sim forms"),
    "licence_no": ("进网许可证号", "进网许可", "licence"),
    "state": ("状态", "设备状态", "state"),
    "card": ("卡号", "手机号", "号码", "ICCID", "card"),
    "note": ("备注", "note"),
    **REJECT,
}
KIND_WORDS = {
    DeviceKind.PHONE: "手机 工作手机 智能手机 功能机 phone mobile mobilephone",
    DeviceKind.DESK_PHONE: "无线座机 座机 无线话机 话机 deskphone wirelessdeskphone",
    DeviceKind.TABLET: "平板 平板电脑 tablet",
}
STATE_WORDS = {
    DeviceState.READY: "正常 可用 在用 ready inorder",
    DeviceState.REPAIR: "维修 维修中 送修 repair underrepair",
    DeviceState.LOST: "丢失 遗失 lost",
    DeviceState.RETIRED: "报废 停用 退役 retired",
}
FORM_WORDS = {
    SimForm.MINI: "mini 大卡 标准卡 2ff mini(2ff)",
    SimForm.MICRO: "micro 中卡 小卡 3ff micro(3ff)",
    SimForm.NANO: "nano 4ff nano(4ff)",
    SimForm.ESIM: "esim",
}
NETWORK_WORDS = {
    Network.G2: "2g gsm",
    Network.G3: "3g",
    Network.G4: "4g lte",
    Network.VOLTE: "volte 4gvolte",
    Network.G5: "5g",
}


@dataclass(frozen=True, kw_only=True)
class DeviceLine:
    """One line of the file: what it says by field, unless it is refused for `reasons`. An empty cell says nothing.

    `team` is the way from the top, `owner` a staff number, `card` a number or ICCID, all as written.
    """

    number: int
    cells: Sequence[str]
    values: Mapping[str, Any]
    reasons: Sequence[Reason] = ()


@dataclass(frozen=True, kw_only=True)
class DeviceSheet:
    """A read device file."""

    header: Header
    lines: Sequence[DeviceLine]


def read_devices(table: Table) -> DeviceSheet:
    """Read a whole device file. BadInput when it has no usable header; a bad line is only refused itself."""
    rows = table.rows()
    header = find_header(rows, ALIASES, REQUIRED)
    lines: list[DeviceLine] = []
    for number, cells in rows:
        if len(lines) == MAX_LINES:
            message = format_lazy(_("A device file may have {limit} rows. Split this one."), limit=MAX_LINES)
            raise FileRefused(message=message, reasons=[Reason(code="too_many_rows", message=message, line=number)])
        lines.append(_read_line(header, number, cells))
    if not lines:
        message = _("There is no row below the header.")
        raise FileRefused(message=message, reasons=[Reason(code="no_rows", message=message, line=header.line)])
    return DeviceSheet(header=header, lines=lines)


def _read_line(header: Header, number: int, cells: Sequence[str]) -> DeviceLine:
    values: dict[str, Any] = {}
    reasons = []
    for name, read in FIELDS.items():
        text = header.cell(cells, name)
        if name not in header or (not text.strip() and name not in REQUIRED):
            continue
        try:
            values[name] = read(text)
        except Unreadable as error:
            column = header.titles[name]
            reasons.append(error.as_reason(value=text.strip()[:80], field=name, line=number, column=column))
    return DeviceLine(number=number, cells=cells, values=values, reasons=reasons)


def _word(text: str) -> str:
    return simplified(re.sub(r"[\s_\-]", "", tidy(text))).casefold()


def _one_of(words: Mapping[Any, str], code: str, sentence: Any) -> Callable[[str], str]:
    known = {word: value for value, spelled in words.items() for word in spelled.split()}
    known |= {_word(str(value)): value for value in words}

    def read(text: str) -> str:
        word = _word(text)
        if word not in known:
            raise Unreadable(code, sentence)
        return str(known[word])

    return read


_known_kind = _one_of(KIND_WORDS, "kind_unknown", _("This kind is not known. Write 手机, 无线座机 or 平板."))
_known_form = _one_of(FORM_WORDS, "sim_form_unknown", _("This SIM form is not known. Write Nano, Micro, Mini or eSIM."))


def _allowed(field: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if reason := banned(text, field=field):
            raise Unreadable(reason.code, reason.message)
        return tidy(text)

    return read


def _kind(text: str) -> str:
    return _known_kind(_allowed("kind")(text))


def _forms(text: str) -> list[str]:
    return sorted({_known_form(part) for part in re.split(r"[、,，;；/]", text) if part.strip()})


def _slots(text: str) -> int:
    plain = compact(text)
    if plain not in {"1", "2"}:
        raise Unreadable("slots_unreadable", _("A device here has one SIM slot or two."))
    return int(plain)


def _team(text: str) -> tuple[str, ...]:
    return tuple(step for step in STEPS.split(tidy(text)) if step)


FIELDS: Mapping[str, Callable[[str], Any]] = {
    "imei": read_device_imei,
    "imei2": read_device_imei,
    "kind": _kind,
    "model": _allowed("model"),
    "owner": tidy,
    "team": _team,
    "network": _one_of(
        NETWORK_WORDS, "network_unknown", _("This network is not known. Write 2G, 3G, 4G, VoLTE or 5G.")
    ),
    "sim_slots": _slots,
    "sim_forms": _forms,
    "licence_no": tidy,
    "state": _one_of(STATE_WORDS, "state_unknown", _("This state is not known. Write 正常, 维修, 丢失 or 报废.")),
    "card": compact,
    "note": tidy,
}
