"""What is going on while processes die: hand-outs, money, stops, files, pages and the feed, each in a thread."""

import csv
import io
import random
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import count, cycle
from pathlib import Path

from django.utils import timezone

from cardfleet.accounts.choices import Role
from cardfleet.kernel.clock import business_day
from chaos.clients import Client
from chaos.notes import Notes
from chaos.stage import FOLDER, Stage

CALLS, NEW_CARDS = 200, 20
CALLS_HEADER = ("msisdn", "started_at", "direction", "counterpart", "duration_s", "fee", "uid")
CARDS_HEADER = ("ICCID", "手机号", "运营商", "批次")
CARRIER = "中国移动"
BACK = "back "
PAGES = ("/", "/cards/", "/inbox/", "/imports/cards/", "/costs/", "/readyz")
PAUSE_S = {
    "hands": 0.1,
    "money": 0.1,
    "stops": 0.3,
    "top-ups": 0.3,
    "calls": 1.5,
    "cards": 2,
    "folder": 4,
    "pages": 0.5,
}
# A file in a folder is left alone for a minute: those laid later would only be waited for.
LAST_FILE_S = 75


class Load:
    """Threads that ask until they are told to end; each finishes the write that it is at."""

    def __init__(self, stage: Stage, notes: Notes, *, address: str, folder: Path, seconds: float) -> None:
        self.stage = stage
        self.notes = notes
        self.address = address
        self.folder = folder
        self.folder_until = time.monotonic() + seconds - LAST_FILE_S
        self._over = threading.Event()
        works = (
            self._hands,
            self._money,
            self._stops,
            self._top_ups,
            self._calls,
            self._cards,
            self._folder,
            self._pages,
        )
        self._threads = [
            threading.Thread(target=work, name=work.__name__, daemon=True) for work in (*works, self._feed)
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Ask nothing new, and wait for the answers."""
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _client(self, role: Role) -> Client:
        return Client(self.address, self.notes, token=self.stage.tokens[role], session=self.stage.session)

    def _turns(self, name: str) -> Iterator[str]:
        """Yield a new mark each turn, until the end."""
        for number in count():
            if self._over.wait(PAUSE_S[name]):
                return
            yield f"{name}-{number:06}"

    def _hands(self) -> None:
        ask, agents = self._client(Role.SUPERVISOR), cycle(self.stage.agents)
        for mark, card, agent in zip(self._turns("hands"), cycle(self.stage.free), agents, strict=False):
            path = f"/api/v1/cards/{card}"
            if ask.write("issue", mark, f"{path}/issue/", body={"agent": agent, "note": mark}):
                ask.write("return", mark, f"{path}/return/", body={"note": f"{BACK}{mark}"})

    def _money(self) -> None:
        ask = self._client(Role.FINANCE)
        for mark, card in zip(self._turns("money"), cycle(self.stage.held), strict=False):
            body = {"card": card, "kind": "other_charge", "amount": "1.23", "note": mark}
            ask.write("ledger", mark, "/api/v1/ledger/", body=body)

    def _stops(self) -> None:
        ask, stopped = self._client(Role.SUPERVISOR), set[int]()
        for mark, card in zip(self._turns("stops"), cycle(self.stage.stopping), strict=False):
            body = {"to": "active"} if card in stopped else {"to": "half_stop", "reason": "arrears"}
            if ask.write("state", mark, f"/api/v1/cards/{card}/transitions/", body={**body, "note": mark}):
                stopped ^= {card}

    def _top_ups(self) -> None:
        ask = self._client(Role.FINANCE)
        for mark, card in zip(self._turns("top-ups"), cycle(self.stage.held), strict=False):
            asked = ask.write("top-up", mark, "/api/v1/top-ups/", body={"card": card, "amount": "50", "reason": mark})
            if asked:
                path = f"/api/v1/top-ups/{asked['id']}/withdraw/"
                ask.write("withdrawal", mark, path, body={"reason": mark})

    def _calls(self) -> None:
        ask = self._client(Role.FINANCE)
        for number, mark in enumerate(self._turns("calls")):
            file = (f"{mark}.csv", _calls(self.stage.numbers, mark, number), "text/csv")
            ask.write("calls", mark, "/api/v1/usage/imports/", files={"file": file, "source": "bench"})

    def _cards(self) -> None:
        ask = self._client(Role.ADMIN)
        for number, mark in enumerate(self._turns("cards")):
            file = (f"{mark}.csv", _cards(mark, number), "text/csv")
            ask.send_form("cards", mark, "/imports/cards/", files={"file": file, "reason": mark})

    def _folder(self) -> None:
        for number, mark in enumerate(self._turns("folder")):
            if time.monotonic() > self.folder_until:
                return
            draft = self.folder / FOLDER / f"{mark}.csv.part"
            draft.write_bytes(_calls(self.stage.numbers, mark, number))
            draft.rename(draft.with_suffix(""))
            self.notes.tried("folder", mark, acknowledged=True)

    def _pages(self) -> None:
        ask = self._client(Role.ADMIN)
        for _mark, path in zip(self._turns("pages"), cycle(PAGES), strict=False):
            ask.look(path)

    def _feed(self) -> None:
        """Follow the events as a program does: from the last one that was read."""
        ask, last = self._client(Role.ADMIN), 0
        while not self._over.wait(1):
            last = follow(ask, self.notes, last)


def follow(ask: Client, notes: Notes, last: int) -> int:
    """Read the events after a position and return the last position read."""
    while (page := ask.read(f"/api/v1/events/?after={last}&page_size=500")) and page["results"]:
        notes.events += [event["id"] for event in page["results"]]
        last = notes.events[-1]
    return last


def _calls(numbers: list[str], mark: str, number: int) -> bytes:
    """Return a file of calls of yesterday, each with an id of its own."""
    day = business_day(timezone.now()) - timedelta(days=1)
    chance = random.Random(mark)  # noqa: S311 - the same draw each time, nothing secret
    rows = []
    for call in range(CALLS):
        second = 9 * 3600 + (number * CALLS + call) * 7 % 36_000
        at = f"{day} {second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
        own = chance.choice(numbers).removeprefix("+86")
        rows.append(
            (own, at, "out", f"139{chance.randrange(10**8):08}", chance.randrange(90), "0.10", f"{mark}-{call}")
        )
    return _csv(CALLS_HEADER, rows)


def _cards(mark: str, number: int) -> bytes:
    """Return a file of new cards whose batch is the mark."""
    first = number * NEW_CARDS
    rows = [(f"8986001{first + one:013}", f"137{first + one:08}", CARRIER, mark) for one in range(NEW_CARDS)]
    return _csv(CARDS_HEADER, rows)


def _csv(header: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode()
