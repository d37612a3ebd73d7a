"""Everything else apprise knows: an https:// hook that takes JSON, or any of its own addresses."""

import logging
import re

import apprise

from cardfleet.notify.channels.letter import Letter
from cardfleet.notify.errors import Undelivered

HOOK = re.compile(r"^http(s?)://")
STATUS = re.compile(r"\berror=(\d{3})\b")
FINAL_STATUS = frozenset({400, 401, 403, 404, 405, 410})
TIMEOUTS = "cto=5&rto=10"


def send(letter: Letter) -> str:
    """Send a letter and return what to log. Undelivered: for good when the hook is gone or refuses us."""
    with apprise.LogCapture(level=logging.WARNING, fmt="%(message)s") as captured:  # type: ignore[no-untyped-call]
        target = apprise.Apprise.instantiate(apprise_address(letter.address))
        sent = target is not None and target.notify(title=letter.subject, body=letter.body)
        said = captured.getvalue()
    if target is None:
        raise Undelivered("no address that apprise knows", permanent=True)
    if not sent:
        status = STATUS.search(said)
        final = status is not None and int(status[1]) in FINAL_STATUS
        raise Undelivered(f"HTTP {status[1]}" if status else "no answer", permanent=final)
    return "accepted"


def apprise_address(address: str) -> str:
    """Return apprise's own form of an address: a plain hook becomes `json://` or `jsons://`."""
    hook = HOOK.sub(r"json\1://", address)
    if hook == address:
        return address
    return f"{hook}{'&' if '?' in hook else '?'}{TIMEOUTS}"
