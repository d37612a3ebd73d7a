"""Asterisk's `Master.csv` (cdr_csv): 16 to 21 columns without a header (formats.md 4.4).

A channel such as `SIP/100-0000002a` names an extension or a trunk; which of them it is, and whose, the source's
aliases say. A ring group writes a row a leg: the legs share `linkedid` (or `uniqueid`) and are one call.
"""

import re
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from billing.choices import SourceRole
from billing.importers.layout import Format, Layout, Sample, column

NAME = "asterisk"
COLUMNS = (
    "accountcode", "src", "dst", "dcontext", "clid", "channel", "dstchannel", "lastapp", "lastdata", "start",
    "answer", "end", "duration", "billsec", "disposition", "amaflags", "uniqueid", "userfield", "peeraccount",
    "linkedid", "sequence",
)  # fmt: skip
LEAST, MOST = 16, 21
DISPOSITIONS = frozenset({"ANSWERED", "NO ANSWER", "BUSY", "FAILED", "CONGESTION", "CANCEL", "UNKNOWN"})
TIME = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$")


def recognise(sample: Sample) -> Layout | None:
    """Return the layout when most of the first rows are of this form."""
    fitting = sum(map(_fits, (cells for _line, cells in sample.rows)))
    if fitting * 2 <= len(sample.rows):
        return None
    return Layout(
        format=NAME,
        role=SourceRole.SWITCH,
        width=MOST,
        least=LEAST,
        first_line=1,
        values=_values(),
        titles={
            "own": "channel", "trunk": "dstchannel", "started": "start", "counterpart": "dst", "duration": "billsec",
            "answered": "disposition", "direction": "channel",
        },
    )  # fmt: skip


def _fits(cells: Sequence[str]) -> bool:
    if not LEAST <= len(cells) <= MOST:
        return False
    row = dict(zip(COLUMNS, cells, strict=False))
    return bool(TIME.match(row["start"])) and row["disposition"].strip().upper() in DISPOSITIONS


def _values() -> dict[str, str]:
    """Return the values as SQL; `%(extensions)s` and `%(lines)s` are the source's names for people and for trunks."""
    cell = {name: column(index) for index, name in enumerate(COLUMNS)}
    caller = _first_known(cell["channel"], cell["src"], "extensions")
    callee = _first_known(cell["dstchannel"], cell["dst"], "extensions")
    trunk_in, trunk_out = _first_known(cell["channel"], "''", "lines"), _first_known(cell["dstchannel"], "''", "lines")
    outgoing = f"({caller} IS NOT NULL OR ({callee} IS NULL AND {trunk_out} IS NOT NULL))"
    return {
        "own": f"coalesce({caller}, {callee}, {_peer(cell['channel'])})",
        "trunk": f"coalesce(CASE WHEN {outgoing} THEN {trunk_out} ELSE {trunk_in} END, '')",
        "internal": f"({caller} IS NOT NULL AND {callee} IS NOT NULL)",
        "direction": f"CASE WHEN {outgoing} THEN 'out' ELSE 'in' END",
        "counterpart": f"CASE WHEN {outgoing} THEN {cell['dst']} ELSE {cell['src']} END",
        "started": cell["start"],
        "duration": cell["billsec"],
        "answered": f"CASE upper({cell['disposition']}) WHEN 'ANSWERED' THEN 'yes' ELSE 'no' END",
        "call": f"coalesce(nullif({cell['linkedid']}, ''), nullif({cell['uniqueid']}, ''))",
        "uid": f"coalesce(nullif({cell['linkedid']}, ''), {cell['uniqueid']})",
    }


def _peer(channel: str) -> str:
    """Return SQL for a channel without its serial number: `SIP/100-0000002a` is `SIP/100`."""
    return f"regexp_replace({channel}, '-[^-]*$', '')"


def _first_known(channel: str, number: str, names: str) -> str:
    """Return SQL for the first of `SIP/100`, `100` and the number that the source gives a meaning, else NULL."""
    peer = _peer(channel)
    bare = f"regexp_replace({peer}, '^[^/]*/', '')"
    known = f"ANY(%({names})s::text[])"
    return (
        f"CASE WHEN {peer} = {known} THEN {peer} WHEN {bare} = {known} THEN {bare} "
        f"WHEN {number} = {known} THEN {number} END"
    )


FORMAT = Format(name=NAME, label=_("Asterisk Master.csv"), recognise=recognise)
