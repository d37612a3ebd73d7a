"""A receiver of CardFleet's webhooks, in the standard library alone.

    WEBHOOK_SECRET=whsec_... python webhook_receiver.py --port 8090 --events events.jsonl

It checks signature and time of every call (Standard Webhooks), takes each event once however often it comes, and
answers 200 only when the event is on the disk: until then CardFleet sends it again.
"""

import argparse
import base64
import hmac
import json
import os
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock

TOLERANCE_S = 300
LARGEST_BYTES = 1_000_000


def is_genuine(headers: Mapping[str, str], body: bytes, *, secret: str, now: float) -> bool:
    """Tell whether a call comes from who has the secret, was not changed, and is no old one sent again."""
    sent_at = headers.get("webhook-timestamp", "")
    if not sent_at.isdigit() or abs(now - int(sent_at)) > TOLERANCE_S:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    message = f"{headers.get('webhook-id', '')}.{sent_at}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.digest(key, message, "sha256")).decode()
    # While a secret is changed there are two signatures, by the new one and by the old one.
    signatures = headers.get("webhook-signature", "").split()
    return any(hmac.compare_digest(one.encode(), expected.encode()) for one in signatures)


class Events:
    """The events taken, one a line of a file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock = Lock()
        path.touch()
        self.taken = {line.partition(" ")[0] for line in path.read_text("utf-8").splitlines()}

    def take(self, event_id: str, event: object) -> None:
        """Keep an event, unless it was kept already."""
        with self.lock:
            if event_id in self.taken:
                return
            with self.path.open("a", encoding="utf-8") as file:
                file.write(f"{event_id} {json.dumps(event)}\n")
                file.flush()
                os.fsync(file.fileno())
            self.taken.add(event_id)


class Receiver(BaseHTTPRequestHandler):
    """One call."""

    secret: str
    events: Events

    def do_POST(self) -> None:
        """Check the call, keep the event, answer."""
        body = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), LARGEST_BYTES))
        headers = {name.lower(): value for name, value in self.headers.items()}
        if not is_genuine(headers, body, secret=self.secret, now=time.time()):
            self.send_error(401)
            return
        self.events.take(headers["webhook-id"], json.loads(body)["data"])
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_facts: object) -> None:
        """Stay silent."""


def main() -> None:
    """Receive until somebody ends it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, default=8090)
    options.add_argument("--events", type=Path, default=Path("events.jsonl"))
    given = options.parse_args()
    Receiver.secret, Receiver.events = os.environ["WEBHOOK_SECRET"], Events(given.events)
    ThreadingHTTPServer(("127.0.0.1", given.port), Receiver).serve_forever()


if __name__ == "__main__":
    main()
