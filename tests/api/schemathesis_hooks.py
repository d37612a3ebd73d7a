"""What schemathesis is told beside the schema: ids of things there are; and a tally of the writes it meant well."""

import atexit
import json
from collections import Counter
from pathlib import Path
from typing import Any

import schemathesis

# Both are in the directory in which it runs.
THINGS, TALLY = Path("things.json"), Path("tally.json")
KNOWN = json.loads(THINGS.read_text())
JSON = "application/json"
READS = ("GET", "HEAD", "OPTIONS")
# At their bounds ids stay as they are, so that things that there are not are asked for, too.
BOUNDS = (1, 2**63 - 1)
asked: Counter[str] = Counter()
done: Counter[str] = Counter()


def is_meant_well(case: Any) -> bool:
    """Tell whether it is a write as the schema has it."""
    return case.method.upper() not in READS and case.meta is not None and case.meta.generation.mode.is_positive


def with_things(name: str, value: Any) -> Any:
    """Return what a field is given, with things that there are."""
    if isinstance(value, dict):
        return {each: with_things(each, inner) for each, inner in value.items()}
    if isinstance(value, list):
        return [with_things(name.removesuffix("s"), inner) for inner in value]
    is_id = isinstance(value, int) and not isinstance(value, bool) and value not in BOUNDS
    return KNOWN.get(name, value) if is_id else value


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: dict[str, Any]) -> None:
    """Let a write that is meant well name things there are, and neither a made-up state nor a key of another's.

    What a stale tag and a key that comes twice are answered is told of every write by test_repeats.
    """
    if is_meant_well(case):
        if case.media_type == JSON:
            case.body = with_things("", case.body)
        for header in ("If-Match", "Idempotency-Key"):
            case.headers.pop(header, None)


@schemathesis.hook
def after_call(_context: Any, case: Any, response: Any) -> None:
    """Count it."""
    if is_meant_well(case):
        asked[case.operation.label] += 1
        done[case.operation.label] += response.status_code < 400


atexit.register(lambda: TALLY.write_text(json.dumps([asked, done])))
