"""A carrier's server on loopback, that answers as it is told, also badly."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Asked:
    """One request: its query and its JSON body as one mapping of texts, and its headers."""

    values: dict[str, Any]
    headers: dict[str, str]


@dataclass
class Carrier:
    """What the server answers: `answer` is given what was asked and returns data, or a status and bytes."""

    url: str = ""
    answer: Callable[[Asked], Any] = lambda _asked: {}
    asked: list[Asked] = field(default_factory=list)
    stall_s: float = 0
    promises: int = 0
    """So many bytes more than come are declared."""


@contextmanager
def carrier_server() -> Iterator[Carrier]:
    """Serve a carrier."""
    known = Carrier()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = Asked({**query, **(json.loads(body) if body else {})}, dict(self.headers))
            known.asked.append(asked)
            said = known.answer(asked)
            time.sleep(known.stall_s)
            status, content = said if isinstance(said, tuple) else (200, json.dumps(said).encode())
            self.send_response(status)
            self.send_header("Content-Length", str(len(content) + known.promises))
            if 300 <= status < 400:
                self.send_header("Location", f"{known.url}/elsewhere")
            self.end_headers()
            self.wfile.write(content)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    known.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield known
    finally:
        server.shutdown()
        server.server_close()


def paged(
    rows: list[dict[str, Any]], *, size: int = 2, total: int | None = None, **more: Any
) -> Callable[[Asked], Any]:
    """Answer rows page by page, as `page` asks, with how many there are."""

    def answer(asked: Asked) -> Any:
        first = (int(asked.values.get("page", 1)) - 1) * size
        return {"data": {"items": rows[first : first + size], "total": len(rows) if total is None else total, **more}}

    return answer
