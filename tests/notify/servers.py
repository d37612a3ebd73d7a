"""Real servers on loopback, at the outer edge: a mail server and an HTTP hook with scripted answers."""

import json
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Hook:
    """An HTTP hook: answers in turn with (status, body), the last one again and again; keeps what came."""

    url: str = ""
    answers: list[tuple[int, str]] = field(default_factory=lambda: [(200, '{"errcode":0,"errmsg":"ok"}')])
    stall_s: float = 0
    came: list[dict] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)


@contextmanager
def hook() -> Iterator[Hook]:
    """Serve a hook."""
    known = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            known.came.append(json.loads(body))
            known.paths.append(self.path)
            time.sleep(known.stall_s)
            status, answer = known.answers.pop(0) if len(known.answers) > 1 else known.answers[0]
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer.encode())))
            self.end_headers()
            self.wfile.write(answer.encode())

        def log_message(self, *_arguments: object) -> None:
            pass

    with _serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        known.url = f"http://127.0.0.1:{port}/cgi-bin/webhook/send?key=very-secret"
        yield known


@dataclass
class MailServer:
    """An SMTP server: answers as told and keeps what it accepted."""

    port: int = 0
    greeting: str = "220 loopback"
    sender: str = "250 OK"
    rcpt: str = "250 OK"
    stall_s: float = 0
    accepted: list[EmailMessage] = field(default_factory=list)


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Serve SMTP."""
    known = MailServer()

    class Handler(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

        def handle(self) -> None:
            time.sleep(known.stall_s)
            self.say(known.greeting)
            for line in self.rfile:
                command = line[:4].upper()
                if command == b"QUIT":
                    self.say("221 bye")
                    return
                if command == b"DATA":
                    self.say("354 go on")
                    known.accepted.append(message_from_bytes(self.read_mail(), policy=policy.default))
                self.say({b"MAIL": known.sender, b"RCPT": known.rcpt}.get(command, "250 OK"))

        def read_mail(self) -> bytes:
            lines = []
            while (line := self.rfile.readline()) != b".\r\n":
                lines.append(line.removeprefix(b"."))
            return b"".join(lines)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with _serving(Server(("127.0.0.1", 0), Handler)) as known.port:
        yield known


@contextmanager
def _serving(server: socketserver.TCPServer) -> Iterator[int]:
    with server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
