"""What is posted live, as rows of one shape: the generic names, FreeSWITCH's `mod_json_cdr`, or a mapping's.

Each shape is turned into the generic names; from there a posted call goes the way of a file's row.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from billing.choices import SourceRole
from billing.importers import freeswitch_json, mapped_json
from billing.importers.layout import Layout, column
from billing.importers.mapped_json import Mapped
from billing.rules.times import Period
from cardfleet.kernel.tabular import Row

FORMAT = "live"
COLUMNS = (
    "msisdn", "started_at", "direction", "counterpart", "duration_s", "fee", "uid", "iccid", "imsi", "answered",
    "trunk", "failure_code", "failure_text",
)  # fmt: skip
VALUES = {
    "own": "msisdn", "started": "started_at", "direction": "direction", "counterpart": "counterpart",
    "duration": "duration_s", "fee": "fee", "uid": "uid", "iccid": "iccid", "imsi": "imsi", "answered": "answered",
    "trunk": "trunk", "failure": "failure_code", "failure_text": "failure_text",
}  # fmt: skip

Call = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Posted:
    """Calls in the generic names, a text each; None where a posted row is no call of a card."""

    calls: Sequence[Call | None]

    def rows(self) -> Iterator[Row]:
        """Yield the calls as rows of a table, numbered from 1."""
        for number, call in enumerate(self.calls, 1):
            if call is not None:
                yield number, [call.get(name, "") for name in COLUMNS]

    @property
    def has_fees(self) -> bool:
        """Whether any call names a fee; one that does not is of no known fee, rather than free."""
        return any(call and call.get("fee") for call in self.calls)


def read(body: Any, *, mapping: Mapped | None, names: Mapping[str, Collection[str]]) -> Posted:
    """Return what was posted. BadInput where it is no row or list of rows; `names` are the source's names."""
    if mapping is not None:
        return Posted(calls=[mapped_json.call(row, mapping) for row in mapped_json.rows(body, mapping)])
    rows = mapped_json.rows(body, mapped_json.PLAIN)
    return Posted(calls=[_call(row, names) for row in rows])


def layout(posted: Posted, *, role: SourceRole, period: Period) -> Layout:
    """Return where the values of posted calls stand."""
    values = {value: column(COLUMNS.index(name)) for value, name in VALUES.items()}
    if not posted.has_fees:
        del values["fee"]
    return Layout(
        format=FORMAT,
        role=role,
        width=len(COLUMNS),
        least=len(COLUMNS),
        first_line=1,
        values=values,
        titles=VALUES,
        header=COLUMNS,
        period=period,
    )


def _call(row: Mapping[str, Any], names: Mapping[str, Collection[str]]) -> Call | None:
    if freeswitch_json.fits(row):
        return freeswitch_json.call(row, names)
    return {name: mapped_json.text(row.get(name)) for name in COLUMNS}
