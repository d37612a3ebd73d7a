"""What people may choose to be told of. Apps register their topics in `messages`, beside their wordings."""

from collections.abc import Mapping

from cardfleet.kernel.errors import Text

_topics: dict[str, Text] = {}


def register(code: str, label: Text) -> str:
    """Make a topic known and return its code; the same code twice is a defect."""
    if code in _topics:
        raise ValueError(f"topic {code} is registered twice")
    _topics[code] = label
    return code


def topics() -> Mapping[str, Text]:
    """Return all topics in the order they were registered."""
    return dict(_topics)
