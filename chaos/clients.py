"""How the load asks: over HTTP like any client, again with the same key where no answer came."""

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import urllib3

from chaos.notes import Notes

GIVES_UP_AFTER_S = 90
PAUSE_S = 0.4
AGAIN = 500
CREATED = 300
Files = Mapping[str, "str | tuple[str, bytes, str]"]


@dataclass(frozen=True)
class Client:
    """A program with a token, which sends a write with its key until it is answered; or a browser with a session."""

    address: str
    notes: Notes
    token: str = ""
    session: str = ""

    def __post_init__(self) -> None:
        timeout = urllib3.Timeout(connect=3, read=40)
        object.__setattr__(self, "_pool", urllib3.PoolManager(retries=False, timeout=timeout, maxsize=1))

    def write(self, kind: str, mark: str, path: str, *, body: Any = None, files: Files | None = None) -> Any:
        """Send a write and return its answer, None where it was refused or nobody answered in time."""
        given: dict[str, Any] = {"fields": files} if files else {"body": json.dumps(body)}
        headers = {"Authorization": f"Token {self.token}", "Idempotency-Key": f"{kind}:{mark}"}
        if not files:
            headers["Content-Type"] = "application/json"
        give_up = time.monotonic() + GIVES_UP_AFTER_S
        while time.monotonic() < give_up:
            status, said = self._ask("POST", path, headers=headers, **given)
            if status is not None and status < AGAIN:
                if status < CREATED:
                    self.notes.tried(kind, mark, acknowledged=True)
                    return json.loads(said)
                return None
            time.sleep(PAUSE_S)
        self.notes.tried(kind, mark, acknowledged=False)
        return None

    def send_form(self, kind: str, mark: str, path: str, *, files: Files) -> None:
        """Send a form as a browser does, once: who gets no answer does not know."""
        token = secrets.token_hex(16)
        headers = {"Cookie": f"sessionid={self.session}; csrftoken={token}", "Accept": "text/html"}
        fields = {**files, "csrfmiddlewaretoken": token}
        status, _said = self._ask("POST", path, headers=headers, fields=fields)
        if status is None or status >= AGAIN:
            self.notes.tried(kind, mark, acknowledged=False)
        elif status == 302:
            self.notes.tried(kind, mark, acknowledged=True)

    def read(self, path: str) -> Any:
        """Return an answer of the API; None where there was none."""
        status, said = self._ask("GET", path, headers={"Authorization": f"Token {self.token}"})
        return json.loads(said) if status == 200 else None

    def look(self, path: str) -> None:
        """Look at a page as a browser does."""
        self._ask("GET", path, headers={"Cookie": f"sessionid={self.session}", "Accept": "text/html"})

    def _ask(self, method: str, path: str, **given: Any) -> tuple[int | None, bytes]:
        pool: urllib3.PoolManager = vars(self)["_pool"]
        where = f"{method} {'/'.join(part for part in path.partition('?')[0].split('/') if not part.isdecimal())}"
        try:
            answer = pool.request(method, f"{self.address}{path}", redirect=False, **given)
        except urllib3.exceptions.HTTPError:
            self.notes.answered(None, where=where)
            return None, b""
        self.notes.answered(answer.status, where=where, said=answer.data)
        return answer.status, answer.data
