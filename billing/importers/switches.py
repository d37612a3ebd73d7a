"""What the records of all telephone exchanges share: whose a call is, by the source's names for people and trunks."""

import re
from collections.abc import Sequence

# As the exchange writes it, or as a spreadsheet saves it again.
TIME = re.compile(r"^\d{4}[-/]\d{1,2}[-/]\d{1,2} \d{1,2}:\d\d(?::\d\d)?$")

# The source's names for people or cards, and those for trunks, as parameters of a statement.
EXTENSIONS = "%(extensions)s"
LINES = "%(lines)s"


def first_known(texts: Sequence[str], names: str) -> str:
    """Return SQL for the first of the texts that is one of the names, else NULL."""
    return f"CASE {' '.join(f'WHEN {text} = ANY({names}::text[]) THEN {text}' for text in texts)} END"


def parties(
    *, caller: str, callee: str, leaves: str, trunk_in: str, trunk_out: str, unknown: str, src: str, dst: str
) -> dict[str, str]:
    """Return SQL for own, trunk, internal, direction and counterpart of a call from `src` to `dst`.

    `caller` and `callee` are the known names of the two sides, NULL where a side is none of ours; `leaves` tells
    whether a call of which neither is known goes out, `unknown` is whose it is then.
    """
    outgoing = f"({caller} IS NOT NULL OR ({callee} IS NULL AND {leaves}))"
    return {
        "own": f"coalesce({caller}, {callee}, {unknown})",
        "trunk": f"coalesce(CASE WHEN {outgoing} THEN {trunk_out} ELSE {trunk_in} END, '')",
        "internal": f"({caller} IS NOT NULL AND {callee} IS NOT NULL)",
        "direction": f"CASE WHEN {outgoing} THEN 'out' ELSE 'in' END",
        "counterpart": f"CASE WHEN {outgoing} THEN {dst} ELSE {src} END",
    }
