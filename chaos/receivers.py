"""Who is told from outside, on loopback and never killed: a receiver of webhooks and a mail server."""

import json
import socketserver
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any


@dataclass
class Received:
    """What came: events in the order of their first coming, how often each came, and the text of every mail."""

    events: list[dict[str, Any]] = field(default_factory=list)
    times: Counter[int] = field(default_factory=Counter)
    mails: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take_event(self, event: dict[str, Any]) -> None:
        """Keep an event."""
        with self.lock:
            self.times[event["id"]] += 1
            if self.times[event["id"]] == 1:
                self.events.append(event)


class Server(socketserver.ThreadingTCPServer):
    """A server that says nothing of callers who were killed in the middle of a sentence."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int, handler: type[socketserver.StreamRequestHandler], received: Received) -> None:
        self.received = received
        super().__init__(("127.0.0.1", port), handler)

    def handle_error(self, _request: Any, _client: Any) -> None:
        """Stay silent."""


class Hook(BaseHTTPRequestHandler):
    """A call of the webhook."""

    server: Server

    def do_POST(self) -> None:
        """Keep the event and say so."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.take_event(json.loads(body)["data"])
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_facts: object) -> None:
        """Stay silent."""


class Mail(socketserver.StreamRequestHandler):
    """A conversation by SMTP."""

    server: Server

    def handle(self) -> None:
        """Accept every mail."""
        self._say("220 loopback")
        for line in self.rfile:
            command = line[:4].upper()
            if command == b"QUIT":
                self._say("221 bye")
                return
            if command == b"DATA":
                self._say("354 go on")
                self.server.received.mails.append(self._read_mail())
            self._say("250 OK")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def _read_mail(self) -> str:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        return b"".join(lines).decode("utf-8", "replace")


@contextmanager
def receivers(*, hook_port: int, mail_port: int) -> Iterator[Received]:
    """Receive while the block lasts."""
    received = Received()
    with ExitStack() as stack:
        for server in (Server(mail_port, Mail, received), Server(hook_port, Hook, received)):
            stack.enter_context(server)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            stack.callback(server.shutdown)
        yield received
