"""What a browser calls itself, in the words of whoever used it. Pure."""

from ua_parser import parse


def device_of(user_agent: str) -> str:
    """Return browser and system, as `Chrome · Windows`; empty for one that says neither."""
    told = parse(user_agent)
    return " · ".join(part.family for part in (told.user_agent, told.os) if part)
