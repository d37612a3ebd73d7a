"""`python -m tests.fuzz [--inputs 1000000] [--seed 1] [--only cards]`: a trial of every parser, and what came of it."""

import argparse
import logging
import os
import sys
import time
import traceback
from collections import Counter

import django
from hypothesis import HealthCheck, Phase, given, seed, settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cardfleet.settings")
django.setup()

from tests.fuzz.mutations import damaged  # noqa: E402
from tests.fuzz.parsers import PARSERS, Parser  # noqa: E402
from tests.fuzz.trial import tried  # noqa: E402

ROUND = 2000  # hypothesis remembers all it drew in a round
BIG = settings(
    deadline=None, database=None, phases=[Phase.generate, Phase.shrink], suppress_health_check=list(HealthCheck)
)


def run(parser: Parser, inputs: int, first_seed: int) -> bool:
    """Try a parser, print a line of it, and return whether all was read or refused."""
    counts: Counter[str] = Counter()
    began, rounds = time.perf_counter(), 0
    while counts["inputs"] < inputs:
        asked = min(ROUND, inputs - counts["inputs"])

        @seed(first_seed + rounds)
        @settings(BIG, max_examples=asked)
        @given(damaged(parser.files))
        def one(data: bytes) -> None:
            tried(parser, data, counts)

        try:
            one()
        except Exception:  # noqa: BLE001 - a defect of a parser is what is looked for
            counts["failed"] += 1
            traceback.print_exc(limit=-6)
        rounds += 1
    seconds = time.perf_counter() - began
    figures = [counts["inputs"], counts["read"], counts["refused"], counts["failed"], round(seconds)]
    say(parser.name, *figures)
    return not counts["failed"]


def say(name: str, *figures: object) -> None:
    """Print a line of the table."""
    sys.stdout.write(f"{name:20}" + "".join(f"{figure:>10}" for figure in figures) + "\n")
    sys.stdout.flush()


def main() -> int:
    """Try the parsers in turn, each with an equal share of the inputs."""
    asked = argparse.ArgumentParser(prog="python -m tests.fuzz")
    asked.add_argument("--inputs", type=int, default=1_000_000, help="in total")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--only", default="", help="names of parsers, joined by commas")
    given_now = asked.parse_args()
    logging.disable()
    wanted = [one for one in PARSERS if not given_now.only or one.name in given_now.only.split(",")]
    say("parser", "inputs", "read", "refused", "failed", "seconds")
    share = -(-given_now.inputs // len(wanted))
    sound = [run(parser, share, given_now.seed) for parser in wanted]
    return 0 if all(sound) else 1


sys.exit(main())
