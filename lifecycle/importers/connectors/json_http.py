"""Data from a server that answers JSON: asked page by page, by settings that are data."""

import hashlib
import json
import re
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from django.conf import settings as house

from agents.importers.agents import AgentSheet
from billing.importers.mapped_json import at, text
from billing.importers.reading_lines import Readings
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.outgoing import Answer, Call, Limits, NoAnswer, send
from lifecycle.errors import (
    AnswerCut,
    AnswerMoved,
    AnswerNotData,
    AnswerRepeats,
    AnswerShapeless,
    AnswerShort,
    AnswerUnusable,
    SignInRefused,
)
from lifecycle.importers.connectors.filling import fill
from lifecycle.importers.connectors.interface import Ask, CallFile
from lifecycle.importers.connectors.json_calls import as_table
from lifecycle.importers.connectors.json_rows import Page, read_balance, read_rows, read_state
from lifecycle.rules.connections.http import HttpSettings

LIMITS = Limits()
COUNT = re.compile(r"[0-9]{1,18}")
MOST_PAGES = 2000
MOST_SECONDS = 300
HIDDEN = b"***"


class HttpConnector:
    """One run over one server."""

    def __init__(self, ask: Ask) -> None:
        self.ask = ask
        self.settings: HttpSettings = ask.settings
        self.asked = 0
        self.ends = time.monotonic() + MOST_SECONDS

    def fetch_balances(self) -> Readings:
        """Return the balances of all pages."""
        return read_rows(list(self._pages()), read_balance, self.settings, now=self.ask.now)

    def fetch_states(self) -> Readings:
        """Return the states of all pages."""
        return read_rows(list(self._pages()), read_state, self.settings, now=self.ask.now)

    def fetch_usage(self) -> CallFile:
        """Return the calls of all pages."""
        return as_table([row for page in self._pages() for row in page.rows], self.settings)

    def fetch_agents(self) -> AgentSheet | None:
        """Return none: agents come by files."""
        return None

    def settle(self, refusal: Refusal | None) -> None:
        """Leave the server as it is."""

    def _pages(self) -> Iterator[Page]:
        if "numbers" not in self.settings.asks_for:
            yield from self._listed({})
            return
        some = self.settings.numbers_per_call
        for first in range(0, len(self.ask.numbers), some):
            yield from self._listed({"numbers": list(self.ask.numbers[first : first + some])})
            if self.ask.is_trial:
                return

    def _listed(self, values: Mapping[str, Any]) -> Iterator[Page]:
        """Yield the pages of one list. AnswerRepeats where they do not end, AnswerShort where rows are missing."""
        number, cursor, read = self.settings.first_page, "", 0
        seen: set[str] = set()
        while True:
            page = self._page({**values, "page": number, "cursor": cursor})
            yield page
            read += len(page.rows)
            following = text(at(page.body, self.settings.next)) if self.settings.next else ""
            if self.ask.is_trial:
                return
            if self._is_last(page, read, following):
                break
            if page.hash in seen or following in seen:
                raise AnswerRepeats
            seen |= {page.hash, following} - {""}
            number, cursor = number + 1, following
        declared = self._declared(page.body)
        if declared is not None and declared != read:
            raise AnswerShort

    def _is_last(self, page: Page, read: int, following: str) -> bool:
        if "cursor" in self.settings.asks_for:
            return not following
        if "page" not in self.settings.asks_for or not page.rows:
            return True
        if 0 < len(page.rows) < self.settings.page_size:
            return True
        declared = self._declared(page.body)
        return declared is not None and read >= declared

    def _declared(self, body: Any) -> int | None:
        """Return how many rows the answer says there are."""
        said = text(at(body, self.settings.total)) if self.settings.total else ""
        return int(said) if COUNT.fullmatch(said) else None

    def _page(self, values: Mapping[str, Any]) -> Page:
        self.asked += 1
        if self.asked > MOST_PAGES or time.monotonic() > self.ends:
            raise AnswerRepeats
        answer = send(self._call(values), allowed=house.OUTGOING_ALLOWED_HOSTS, limits=LIMITS)
        self.ask.keep(f"{self.asked:04}.json", self._without_secret(answer.body))
        _refuse_status(answer)
        body = parse(answer)
        if self.settings.ok and text(at(body, self.settings.ok)) not in self.settings.ok_values:
            raise AnswerUnusable
        rows = at(body, self.settings.rows) if self.settings.rows else body
        if not isinstance(rows, list):
            raise AnswerShapeless
        return Page(rows, body, hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest() if rows else "")

    def _call(self, values: Mapping[str, Any]) -> Call:
        known = {"secret": self.ask.secret, "since": self.ask.since, "until": self.ask.now, **values}
        filled = {
            part: fill(getattr(self.settings, part), known, writes=self.settings.writes)
            for part in ("url", "headers", "params", "body")
        }
        query = urlencode({name: _joined(value) for name, value in filled["params"].items()})
        url = filled["url"] + (("&" if "?" in filled["url"] else "?") + query if query else "")
        headers = {"Accept": "application/json", **filled["headers"]}
        if self.settings.method != "POST":
            return Call(url=url, headers=headers)
        body = json.dumps(filled["body"], ensure_ascii=False).encode()
        return Call(url=url, method="POST", headers={"Content-Type": "application/json", **headers}, body=body)

    def _without_secret(self, body: bytes) -> bytes:
        """Return an answer without our secret, which some servers repeat."""
        return body.replace(self.ask.secret.encode(), HIDDEN) if self.ask.secret else body


def parse(answer: Answer) -> Any:
    """Return the data of an answer. AnswerNotData for a web page, AnswerCut for what is no whole JSON."""
    plain = _decoded(answer.body).strip()
    if plain.startswith("<"):
        raise AnswerNotData
    try:
        return json.loads(plain, parse_float=str, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise AnswerCut from error


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("gb18030", "replace")


def _no_number(text: str) -> None:
    raise ValueError(text)


def _refuse_status(answer: Answer) -> None:
    if answer.status in (401, 403):
        raise SignInRefused
    if 300 <= answer.status < 400:
        raise AnswerMoved
    if answer.status == 429 or answer.status >= 500:
        raise NoAnswer
    if answer.status != 200:
        raise AnswerUnusable


def _joined(value: Any) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)
