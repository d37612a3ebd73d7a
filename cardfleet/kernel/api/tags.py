"""Entity tags: a strong one of what a resource answers, so that what somebody else changed is never written over."""

from hashlib import sha256
from typing import Any

from django.utils.http import parse_etags
from drf_orjson_renderer.renderers import ORJSONRenderer


def tag_of(data: Any) -> str:
    """Return the tag of an answer: the same bytes have the same, in any process."""
    return f'"{sha256(ORJSONRenderer().render(data)).hexdigest()[:32]}"'


def is_known(header: str, tag: str) -> bool:
    """Tell whether If-None-Match names what would be answered; `*` does, and there a weak tag is as good."""
    known = parse_etags(header)
    return "*" in known or tag in {one.removeprefix("W/") for one in known}


def is_still(header: str, tag: str) -> bool:
    """Tell whether If-Match names what is stored; `*` does, a weak tag never."""
    known = parse_etags(header)
    return "*" in known or tag in known
