"""Asterisk's `Master.csv` (cdr_csv): 16 to 21 columns without a header (formats.md 4.4).

A channel such as `SIP/100-0000002a` names an extension or a trunk; which of them it is, and whose, the source's
aliases say. A ring group writes a row a leg: the legs share `linkedid` (or `uniqueid`) and are one call.
"""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from billing.choices import SourceRole
from billing.importers import switches
from billing.importers.layout import Format, Layout, Sample, column

NAME = "asterisk"
COLUMNS = (
    "accountcode", "src", "dst", "dcontext", "clid", "channel", "dstchannel", "lastapp", "lastdata", "start",
    "answer", "end", "duration", "billsec", "disposition", "amaflags", "uniqueid", "userfield", "peeraccount",
    "linkedid", "sequence",
)  # fmt: skip
LEAST = 16
DISPOSITIONS = frozenset({"ANSWERED", "NO ANSWER", "BUSY", "FAILED", "CONGESTION", "CANCEL", "UNKNOWN"})


def recognise(sample: Sample) -> Layout | None:
    """Return the layout when most of the first rows are of this form."""
    return by_place(sample, COLUMNS, name=NAME, least=LEAST)


def by_place(sample: Sample, columns: Sequence[str], *, name: str, least: int) -> Layout | None:
    """Return the layout when most of the first rows have these columns, from `least` of them on."""
    rows = [cells for _line, cells in sample.rows if least <= len(cells) <= len(columns)]
    fitting = rows if sample.chosen else [cells for cells in rows if _fits(dict(zip(columns, cells, strict=False)))]
    if len(fitting) * 2 <= len(sample.rows):
        return None
    return Layout(
        format=name,
        role=SourceRole.SWITCH,
        width=len(columns),
        least=least,
        first_line=1,
        values=_values({name: column(index) for index, name in enumerate(columns)}),
        titles={
            "own": "channel", "trunk": "dstchannel", "started": "start", "counterpart": "dst", "duration": "billsec",
            "answered": "disposition", "direction": "channel",
        },
    )  # fmt: skip


def _fits(row: Mapping[str, str]) -> bool:
    return bool(switches.TIME.match(row["start"])) and row["disposition"].strip().upper() in DISPOSITIONS


def _values(cell: Mapping[str, str]) -> dict[str, str]:
    """Return the values as SQL; `linkedid`, where the file has it, is what the legs of a call share."""
    channel, dstchannel = _names(cell["channel"]), _names(cell["dstchannel"])
    trunk_out = switches.first_known(dstchannel, switches.LINES)
    call = f"nullif({cell['uniqueid']}, '')"
    if "linkedid" in cell:
        call = f"coalesce(nullif({cell['linkedid']}, ''), {call})"
    return {
        **switches.parties(
            caller=switches.first_known([*channel, cell["src"]], switches.EXTENSIONS),
            callee=switches.first_known([*dstchannel, cell["dst"]], switches.EXTENSIONS),
            leaves=f"{trunk_out} IS NOT NULL",
            trunk_in=switches.first_known(channel, switches.LINES),
            trunk_out=trunk_out,
            unknown=channel[0],
            src=cell["src"],
            dst=cell["dst"],
        ),
        "started": cell["start"],
        "duration": cell["billsec"],
        "answered": f"CASE upper({cell['disposition']}) WHEN 'ANSWERED' THEN 'yes' ELSE 'no' END",
        "call": call,
        "uid": f"coalesce({call}, '')",
    }


def _names(channel: str) -> list[str]:
    """Return SQL for a channel without its serial number, and without its technology too.

    `SIP/100-0000002a` is `SIP/100` and `100`.
    """
    peer = f"regexp_replace({channel}, '-[^-]*$', '')"
    return [peer, f"regexp_replace({peer}, '^[^/]*/', '')"]


FORMAT = Format(name=NAME, label=_("Asterisk Master.csv"), recognise=recognise)
