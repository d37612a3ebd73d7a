"""Who is told from outside, on loopback: a receiver of webhooks and a mail server. Both can fail for a while."""

import json
import socketserver
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any

HANGS, AWAY = "hangs", "away"
ANSWERS_451, GREETS_554 = "answers 451", "greets with 554"
HOOK_FAILS = {
    "answers 500": HTTPStatus.INTERNAL_SERVER_ERROR,
    "answers 429": HTTPStatus.TOO_MANY_REQUESTS,
}
MAIL_WAYS = (ANSWERS_451, GREETS_554, HANGS, AWAY)
HOOK_WAYS = (*HOOK_FAILS, HANGS, AWAY)


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


class End:
    """A server that keeps its port, and either takes what comes, or fails in a way that it was told."""

    def __init__(self, port: int, handler: type[socketserver.StreamRequestHandler], received: Received) -> None:
        self.port = port
        self.received = received
        self.way = ""
        self.over = threading.Event()
        self._handler = handler
        self._server: Server | None = None
        self._listen()

    def fail(self, way: str) -> None:
        """Fail in this way from now on."""
        self.over.clear()
        self.way = way
        if way == AWAY:
            self.close()

    def mend(self) -> None:
        """Take what comes again; whoever hangs is let go without an answer."""
        self.way = ""
        self.over.set()
        if self._server is None:
            self._listen()

    def close(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
        self._server = None

    def _listen(self) -> None:
        self._server = Server(self, self._handler)
        threading.Thread(target=self._server.serve_forever, args=[0.1], daemon=True).start()


class Server(socketserver.ThreadingTCPServer):
    """A server that says nothing of callers who were killed in the middle of a sentence."""

    daemon_threads = True
    # Whoever hangs is not waited for.
    block_on_close = False
    allow_reuse_address = True

    def __init__(self, end: End, handler: type[socketserver.StreamRequestHandler]) -> None:
        self.end = end
        super().__init__(("127.0.0.1", end.port), handler)

    def handle_error(self, _request: Any, _client: Any) -> None:
        """Stay silent."""


class Hook(BaseHTTPRequestHandler):
    """A call of the webhook."""

    server: Server

    def do_POST(self) -> None:
        """Keep the event and say so, or fail as told."""
        end, body = self.server.end, self.rfile.read(int(self.headers["Content-Length"]))
        way = end.way
        if way == HANGS:
            end.over.wait()
            return
        if way not in HOOK_FAILS:
            end.received.take_event(json.loads(body)["data"])
        self.send_response(HOOK_FAILS.get(way, HTTPStatus.OK))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_facts: object) -> None:
        """Stay silent."""


class Mail(socketserver.StreamRequestHandler):
    """A conversation by SMTP."""

    server: Server

    def handle(self) -> None:
        """Accept every mail, or fail as told: the recipient for the moment, or everybody by the greeting."""
        end = self.server.end
        if end.way == HANGS:
            end.over.wait()
            return
        self._say("554 no service" if end.way == GREETS_554 else "220 loopback")
        for line in self.rfile:
            command = line[:4].upper()
            if command == b"RCPT" and end.way == ANSWERS_451:
                self._say("451 later")
                continue
            if command == b"QUIT":
                self._say("221 bye")
                return
            if command == b"DATA":
                self._say("354 go on")
                end.received.mails.append(self._read_mail())
            self._say("250 OK")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def _read_mail(self) -> str:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        return b"".join(lines).decode("utf-8", "replace")


@contextmanager
def receivers(*, hook_port: int, mail_port: int) -> Iterator[tuple[Received, End, End]]:
    """Receive while the block lasts; yield what came, the mail server and the receiver of webhooks."""
    received = Received()
    mail, hook = End(mail_port, Mail, received), End(hook_port, Hook, received)
    try:
        yield received, mail, hook
    finally:
        for end in (mail, hook):
            end.over.set()
            end.close()
