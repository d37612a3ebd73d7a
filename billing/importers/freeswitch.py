"""FreeSWITCH's `cdr_csv`: its templates "example" and "asterisk", with or without a header (formats.md 4.4).

A spreadsheet that saves such a file again cuts the seconds off its times: a call known already under its uuid keeps
the time it has. Whose a call is, the source's aliases say, of a channel, a number or an account; else the number on
our side does: the called one of a call from the context `public`, the calling one of any other.
"""

import re
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from billing.choices import SourceRole
from billing.importers import switches
from billing.importers.headed import read_header
from billing.importers.layout import Format, Layout, Sample, column
from cardfleet.kernel.tabular import Header

NAME = "freeswitch"
EXAMPLE = (
    "caller_id_name", "caller_id_number", "destination_number", "context", "start_stamp", "answer_stamp", "end_stamp",
    "duration", "billsec", "hangup_cause", "uuid", "bleg_uuid", "accountcode", "read_codec", "write_codec",
)  # fmt: skip
ASTERISK = (
    "accountcode", "caller_id_number", "destination_number", "context", "caller_id", "channel_name", "bridge_channel",
    "last_app", "last_arg", "start_stamp", "answer_stamp", "end_stamp", "duration", "billsec", "hangup_cause",
    "amaflags", "uuid", "userfield",
)  # fmt: skip
# Each template, and the columns up to its uuid: behind it a spreadsheet drops empty ones.
TEMPLATES = ((EXAMPLE, 11), (ASTERISK, 17))
REQUIRED = (
    "caller_id_number", "destination_number", "context", "start_stamp", "answer_stamp", "billsec", "hangup_cause",
    "uuid",
)  # fmt: skip
CAUSE = re.compile(r"^[A-Z][A-Z0-9_]+$")
UUID = re.compile(r"^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.IGNORECASE)
TITLES = {
    "own": "caller_id_number", "trunk": "bridge_channel", "started": "start_stamp", "counterpart": "destination_number",
    "duration": "billsec", "answered": "answer_stamp", "direction": "context",
}  # fmt: skip


def recognise(sample: Sample) -> Layout | None:
    """Return the layout by the header, else where most of the first rows are of one of the templates."""
    header = read_header(sample, {name: (name,) for name in (*EXAMPLE, *ASTERISK)}, REQUIRED)
    if header:
        return _layout(header.columns, width=len(header.cells), least=len(header.cells), header=header)
    for columns, least in TEMPLATES:
        rows = [cells for _line, cells in sample.rows if least <= len(cells) <= len(columns)]
        fitting = rows if sample.chosen else [cells for cells in rows if _fits(dict(zip(columns, cells, strict=False)))]
        if len(fitting) * 2 > len(sample.rows):
            places = {name: index for index, name in enumerate(columns)}
            return _layout(places, width=len(columns), least=least)
    return None


def _fits(row: Mapping[str, str]) -> bool:
    return bool(
        switches.TIME.match(row["start_stamp"]) and CAUSE.match(row["hangup_cause"]) and UUID.match(row["uuid"].strip())
    )


def _layout(places: Mapping[str, int], *, width: int, least: int, header: Header | None = None) -> Layout:
    return Layout(
        format=NAME,
        role=SourceRole.SWITCH,
        width=width,
        least=least,
        first_line=header.line + 1 if header else 1,
        header=header.cells if header else (),
        values=_values({name: column(index) for name, index in places.items()}),
        titles=TITLES,
        rough=True,
    )


def _values(cell: Mapping[str, str]) -> dict[str, str]:
    number, called = cell["caller_id_number"], cell["destination_number"]
    from_outside = f"{cell['context']} = 'public'"
    account = cell.get("accountcode", "''")
    account = f"CASE WHEN {from_outside} THEN '' ELSE btrim({account}, ' \"') END"
    channel, bridge = _channel(cell.get("channel_name")), _channel(cell.get("bridge_channel"))
    gateway = f"substring({cell['last_arg']} FROM 'sofia/gateway/([^/]+)/')" if "last_arg" in cell else "NULL::text"
    trunk_out = switches.first_known([gateway, *bridge[2:]], switches.LINES)
    answered = f"(left({cell['answer_stamp']}, 4) NOT IN ('', '1970'))"
    legs = [f"nullif({cell[name]}, '')" for name in ("uuid", "bleg_uuid") if name in cell]
    return {
        **switches.parties(
            caller=switches.first_known([*channel[:2], number, account], switches.EXTENSIONS),
            callee=switches.first_known([*bridge[:2], called], switches.EXTENSIONS),
            leaves=f"({trunk_out} IS NOT NULL OR NOT {from_outside})",
            trunk_in=switches.first_known([*channel[2:], "NULL::text"], switches.LINES),
            trunk_out=trunk_out,
            unknown=f"CASE WHEN {from_outside} THEN {called} ELSE {number} END",
            src=number,
            dst=called,
        ),
        "started": cell["start_stamp"],
        "duration": f"CASE WHEN {answered} THEN {cell['billsec']} ELSE '0' END",
        "answered": f"CASE WHEN {answered} THEN 'yes' ELSE 'no' END",
        "failure": cell["hangup_cause"],
        "call": f"least({', '.join(legs)})",
        "uid": f"coalesce(least({', '.join(legs)}), '')",
    }


def _channel(name: str | None) -> Sequence[str]:
    """Return SQL for the names a channel goes by, the surest first, and the profile it belongs to last.

    `sofia/external/1000@10.0.0.1:5060` is `sofia/external/1000`, `1000` and `sofia/external`.
    """
    if name is None:
        return ()
    peer = f"split_part({name}, '@', 1)"
    return peer, f"regexp_replace({peer}, '^.*/', '')", f"regexp_replace({peer}, '/[^/]*$', '')"


FORMAT = Format(name=NAME, label=_("FreeSWITCH cdr_csv"), recognise=recognise)
