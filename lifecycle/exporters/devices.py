"""The register of devices as a table, in columns and words that an import reads again."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from cardfleet.kernel.spreadsheets import Column, ColumnKind, Value
from cards.choices import SimForm
from cards.models import Device, DeviceUse
from cards.querysets import DeviceQuerySet

COLUMNS: Sequence[Column] = (
    Column("IMEI"),
    Column("IMEI2"),
    Column("类型"),
    Column("型号"),
    Column("归属人工号"),
    Column("班组"),
    Column("网络"),
    Column("卡槽", ColumnKind.INTEGER),
    Column("卡型"),
    Column("进网许可证号"),
    Column("状态"),
    Column("卡号"),
    Column("备注"),
)
PIECE = 1000


def device_rows(devices: DeviceQuerySet) -> Iterator[list[Value]]:
    """Yield a row a device; the cards in it by their ICCIDs. Some queries a thousand devices.

    The titles are those a device file has, the words the importer's own names, whatever the language.
    """
    rest = devices.select_related("owner", "team").order_by("pk").iterator(chunk_size=PIECE)
    while piece := list(islice(rest, PIECE)):
        inside = _inside(piece)
        yield from (_row(device, [card for imei in device.imeis for card in inside[imei]]) for device in piece)


def _inside(devices: Sequence[Device]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    imeis = [imei for device in devices for imei in device.imeis]
    uses = DeviceUse.objects.filter(imei__in=imeis, until=None).order_by("pk")
    for imei, iccid in uses.values_list("imei", "card__iccid"):
        found[imei].append(iccid)
    return found


def _row(device: Device, iccids: Sequence[str]) -> list[Value]:
    return [
        device.imei,
        device.imei2,
        device.kind,
        device.model,
        device.owner.staff_no if device.owner else "",
        device.team.name if device.team else "",
        device.network,
        device.sim_slots,
        "、".join(str(SimForm(form).value) for form in device.sim_forms),
        device.licence_no,
        device.state,
        "、".join(iccids),
        device.note,
    ]
