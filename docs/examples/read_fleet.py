#!/usr/bin/env python3
"""The API from Python's own library: every card, and a note on one of them.

CARDFLEET_URL and CARDFLEET_TOKEN say where and as whom. `read_fleet.py` prints a line a card; `read_fleet.py ID TEXT`
writes a note on a card.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from typing import Any

API = os.environ["CARDFLEET_URL"].rstrip("/") + "/api/v1/"
TRIES = 5


def ask(address: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the answer. A write keeps its key over all tries, so that it is done once whichever of them arrived."""
    headers = {"Authorization": f"Token {os.environ['CARDFLEET_TOKEN']}", "Accept-Language": "en"}
    if body is not None:
        headers |= {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
    data = None if body is None else json.dumps(body).encode()
    for wait in range(1, TRIES + 1):
        try:
            request = urllib.request.Request(address, data, headers)  # noqa: S310 - an address of your own
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                return dict(json.load(answer))
        except urllib.error.HTTPError as error:
            if error.code != 429 and error.code < 500:
                refused(json.load(error))
            time.sleep(float(error.headers.get("Retry-After") or wait))
        except urllib.error.URLError:
            time.sleep(wait)
    raise SystemExit("CardFleet does not answer.")


def refused(error: dict[str, Any]) -> None:
    """End with what stands against it: `code` is for programs, the sentences are for people."""
    reasons = [f"  {one.get('field', '')} {one['message']} {one.get('clears', '')}" for one in error["details"]]
    raise SystemExit("\n".join([f"{error['code']}: {error['message']}", *reasons]))


def every(resource: str) -> Iterator[dict[str, Any]]:
    """Yield the things of a list, page by page: `next` is followed as it is."""
    address: str | None = f"{API}{resource}/?page_size=500"
    while address:
        page = ask(address)
        yield from page["results"]
        address = page["next"]


def main(arguments: list[str]) -> None:
    """Print the cards, or write a note."""
    if arguments:
        pk, text = arguments
        note = ask(f"{API}notes/", {"card": int(pk), "text": text})
        sys.stdout.write(f"note {note['id']}\n")
        return
    for card in every("cards"):
        sys.stdout.write(f"{card['id']}\t{card['msisdn']}\t{card['service_state']}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
