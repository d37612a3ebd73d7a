#!/usr/bin/env python3
"""A dialler asks before each call: may this card call this number now?

CARDFLEET_URL and CARDFLEET_TOKEN say where and as whom; each line of standard input is `CARD CALLEE`, each line of
output `yes` or `no` and why. The connection stays open: a new one costs more than the answer. Without an answer in time
nothing is called: a stopped card or a number on the do-not-call list costs more than a call that waits.
"""

import http.client
import json
import os
import sys
import urllib.parse
from typing import Any

# A dialler waits no longer; CardFleet answers within some milliseconds.
SECONDS = 0.5
NO_ANSWER = {"allowed": False, "reasons": [{"code": "no_answer", "message": "CardFleet does not answer; try later."}]}


class CardFleet:
    """One open connection, asked one question after the other. A dialler of many lines keeps one for each thread."""

    def __init__(self, url: str, token: str, *, seconds: float = SECONDS) -> None:
        address = urllib.parse.urlsplit(url)
        kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
        self.connection = kind(address.netloc, timeout=seconds)
        self.headers = {"Authorization": f"Token {token}", "Accept": "application/json", "Accept-Language": "en"}

    def may_call(self, card: str, callee: str) -> dict[str, Any]:
        """Return `allowed` and `reasons`; no to everything that is no answer."""
        path = f"/api/v1/cards/{card}/can-call/?{urllib.parse.urlencode({'callee': callee})}"
        # A server may close a connection that was quiet for long: the second try is over a new one.
        for _try in range(2):
            try:
                self.connection.request("GET", path, headers=self.headers)
                answer = self.connection.getresponse()
                told = json.load(answer)
            except (OSError, http.client.HTTPException, ValueError):
                self.connection.close()
                continue
            if answer.status == http.HTTPStatus.OK:
                return dict(told)
            return {"allowed": False, "reasons": [{"code": told["code"], "message": told["message"]}]}
        return NO_ANSWER


def main() -> None:
    """Answer line by line."""
    fleet = CardFleet(os.environ["CARDFLEET_URL"], os.environ["CARDFLEET_TOKEN"])
    for line in sys.stdin:
        card, callee = line.split()
        told = fleet.may_call(card, callee)
        why = "; ".join(f"{reason['code']}: {reason['message']}" for reason in told["reasons"])
        sys.stdout.write(f"{'yes' if told['allowed'] else 'no'}\t{why}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
