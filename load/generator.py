"""`python -m load.generator`: everybody at once, by locust, in a process and on a core of its own.

Told by a file who there is, it says by another how long each request took. It imports nothing of CardFleet, and
nothing of CardFleet imports it: locust replaces Python's waiting by its own.
"""

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gevent
import gevent.pool
from geventhttpclient.client import HTTPClientPool
from locust import FastHttpUser, constant_pacing, task
from locust.contrib.fasthttp import LocustUserAgent
from locust.env import Environment

from load.actions import EVERY_S, Answer, Person, Request, drawn

PARTS_AT_ONCE = 6
# As a proxy in front keeps them: people's own connections end there.
CONNECTIONS = 64
BEGIN_A_SECOND = 100
CSRF = "c" * 32
# Where an answer leads is asked for, and counted, by itself.
LocustUserAgent.redirect_response_codes = frozenset()


class Somebody(FastHttpUser):
    """A person who looks and does now and then; begins at a moment of their own."""

    abstract = True
    client_pool = HTTPClientPool(concurrency=CONNECTIONS)
    network_timeout = connection_timeout = 60.0
    role = ""
    waiting: list[Person] = []

    def on_start(self) -> None:
        """Become the next of those who wait."""
        self.person = self.waiting.pop()
        self.chance = random.Random(self.person.session)  # noqa: S311 - the same draw each time, nothing secret
        gevent.sleep(self.chance.uniform(0, EVERY_S[self.role]))

    @task
    def act(self) -> None:
        """Do one thing."""
        action, answers = drawn(self.person, self.chance), None
        while True:
            try:
                asked = action.send(answers)  # type: ignore[arg-type]
            except StopIteration:
                return
            pool = gevent.pool.Pool(PARTS_AT_ONCE)
            answers = list(pool.map(self.ask, asked))

    def ask(self, request: Request) -> Answer:
        """Send a request; an answer of another kind than expected is an error."""
        headers = {"Cookie": f"sessionid={self.person.session}; csrftoken={CSRF}", "Accept": "text/html"}
        if request.part:
            headers["HX-Request"] = "true"
        method = "GET" if request.form is None else "POST"
        given: dict[str, Any] = {"name": request.name, "headers": headers, "catch_response": True}
        if request.form is not None:
            given["data"] = dict(request.form)
        with self.client.request(method, request.path, **given) as answer:
            if answer.status_code != request.due:
                answer.failure(f"{answer.status_code} instead of {request.due}")
                return Answer()
            answer.success()
            return Answer(text=answer.text or "", location=(answer.headers or {}).get("Location", ""))


class Supervisor(Somebody):
    """An action every 20 seconds."""

    role = "supervisor"
    wait_time = constant_pacing(EVERY_S["supervisor"])


class Agent(Somebody):
    """A page every two minutes."""

    role = "agent"
    wait_time = constant_pacing(EVERY_S["agent"])


def main(arguments: Sequence[str]) -> int:
    """Let everybody begin, forget the warm-up, and write down what the rest took."""
    parser = argparse.ArgumentParser(prog="python -m load.generator")
    parser.add_argument("people", type=Path)
    parser.add_argument("told", type=Path)
    parser.add_argument("--address", required=True)
    parser.add_argument("--warm-up", type=float, required=True, help="seconds")
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--core", type=int, help="the processor to stay on")
    asked = parser.parse_args(arguments)
    if asked.core is not None:
        os.sched_setaffinity(0, {asked.core})
    people = [Person(**person) for person in json.loads(asked.people.read_text())]
    kinds: list[type[Somebody]] = [Supervisor, Agent]
    for kind in kinds:
        kind.waiting = [person for person in people if person.role == kind.role]
        kind.fixed_count = len(kind.waiting)
    environment = Environment(user_classes=[*kinds], host=asked.address, stop_timeout=30)
    runner = environment.create_local_runner()
    runner.start(len(people), spawn_rate=BEGIN_A_SECOND)
    gevent.sleep(asked.warm_up)
    warm_up = _told(environment)
    environment.stats.reset_all()
    began = time.monotonic()
    gevent.sleep(asked.seconds)
    took = time.monotonic() - began
    told = _told(environment)
    errors = [*warm_up["errors"], *told["errors"]]
    before = warm_up["pages"][-1]["asked"]
    asked.told.write_text(json.dumps({**told, "errors": errors, "seconds": took, "before": before}))
    runner.quit()
    return 0


def _told(environment: Environment) -> dict[str, Any]:
    rows = [*environment.stats.entries.values(), environment.stats.total]
    errors = [f"{error.occurrences} {error.name}: {error.error}" for error in environment.stats.errors.values()]
    return {
        "errors": errors,
        "pages": [
            {
                "name": row.name if row.method else "all",
                "asked": row.num_requests,
                "failed": row.num_failures,
                "p50": row.get_response_time_percentile(0.5),
                "p95": row.get_response_time_percentile(0.95),
                "p99": row.get_response_time_percentile(0.99),
                "most": row.max_response_time,
            }
            for row in rows
        ],
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
