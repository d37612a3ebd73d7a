"""A trial: the stage, the load with its faults, the quiet, the proofs, and what is printed of them."""

import argparse
import os
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from django.conf import settings
from django.db import connection

from cardfleet import embedded
from cardfleet.accounts.choices import Role
from cardfleet.journal.models import Seal
from cardfleet.journal.proving import Kept
from chaos import ends, proofs, quiet
from chaos.clients import Client
from chaos.ends import Trouble
from chaos.faults import Fault, inject
from chaos.home import WEB_WORKERS
from chaos.load import Load, follow
from chaos.notes import Notes
from chaos.processes import FAULTS, Installation
from chaos.receivers import receivers
from chaos.stage import Stage, build


def main(arguments: Sequence[str], *, home: Path) -> int:
    """Run it and print the table; 1 where anything was lost, doubled, or is not as it has to be."""
    asked = _asked(arguments)
    # Told to end, it ends what it started, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        hook_port = int(os.environ["CHAOS_HOOK_PORT"])
        with receivers(hook_port=hook_port, mail_port=settings.EMAIL_PORT) as (received, mail, hook):
            _say("the stage ...")
            stage, notes = build(), Notes()
            troubles = [
                Trouble(other, end, seed=asked.seed, say=_say) for other, end in ((ends.MAIL, mail), (ends.HOOK, hook))
            ]
            head = Seal.objects.latest("position")
            installation = Installation(home, web_workers=WEB_WORKERS)
            try:
                installation.start()
                faults = list(
                    _under_load(installation, troubles, stage, notes, seconds=asked.minutes * 60, seed=asked.seed)
                )
                began = time.monotonic()
                _say("quiet ...")
                left = quiet.wait(folder=home / "dropped")
                quiet_s = time.monotonic() - began
                last = notes.events[-1] if notes.events else 0
                follow(Client(settings.SITE_URL, notes, token=stage.tokens[Role.ADMIN]), notes, last)
            finally:
                installation.end()
            kinds = list(proofs.kinds(notes))
            kept = Kept(position=head.position, hash=head.hash)
            wrong = proofs.differences(stage=stage, notes=notes, received=received, head=kept)
            wrong["other ends that failed: what ran into it got through"] = [
                sentence for trouble in troubles for sentence in trouble.unwell
            ]
            wrong["nothing left to do"] = [f"{number} {what}" for what, number in left.items()]
            again = sum(count - 1 for count in received.times.values())
    finally:
        connection.close()
        embedded.stop(home)
    lines = [
        *_of_faults("killed (SIGKILL)", tuple(FAULTS), faults),
        "",
        *_of_faults("other end that failed", ends.NAMES, [fault for trouble in troubles for fault in trouble.faults]),
        "",
        *_of_writes(kinds),
        "",
        *(f"{'ok' if not found else 'NO':<4} {what}" for what, found in wrong.items()),
        *(f"     {sentence}" for found in wrong.values() for sentence in found[:10]),
        "",
        f"answers: {', '.join(f'{name} {count}' for name, count in sorted(notes.answers.items()))}",
        f"refused: {', '.join(f'{name} {count}' for name, count in notes.refusals.most_common()) or 'nothing'}",
        f"ended by themselves and started again: {dict(installation.ended) or 'none'}",
        f"received: mails {len(received.mails)}, events {len(received.events)}, again for want of a record {again}",
        f"quiet after {quiet_s:.0f} s; --minutes {asked.minutes:g} --seed {asked.seed}",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    bad = any(kind.lost or kind.doubled for kind in kinds) or any(wrong.values())
    return int(bad)


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m chaos", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5.0, help="how long processes are killed")
    parser.add_argument("--seed", type=int, default=7, help="the draw of what is killed when")
    return parser.parse_args(arguments)


def _under_load(
    installation: Installation, troubles: Sequence[Trouble], stage: Stage, notes: Notes, *, seconds: float, seed: int
) -> Iterator[Fault]:
    load = Load(stage, notes, address=settings.SITE_URL, folder=installation.home / "dropped", seconds=seconds)
    load.start()
    for trouble in troubles:
        trouble.start()
    try:
        for fault in inject(
            list(FAULTS),
            seed=seed,
            seconds=seconds,
            kill=installation.kill,
            wait_until_well=installation.wait_until_well,
        ):
            _say(f"killed {' and '.join(fault.kinds)}: away {fault.down_s:.1f} s, well after {fault.well_s:.1f} s")
            yield fault
        for trouble in troubles:
            trouble.end()
    finally:
        load.end()


def _of_faults(title: str, kinds: Sequence[str], faults: Sequence[Fault]) -> Iterator[str]:
    """One line a kind: how often it came, and the seconds from then until all was well."""
    times: dict[str, list[float]] = defaultdict(list)
    for fault in faults:
        for kind in fault.kinds:
            times[kind].append(fault.well_s)
    yield f"{title:<30} {'times':>6} {'median':>8} {'longest':>8}  seconds until all was well"
    for kind in kinds:
        if times[kind]:
            yield f"{kind:<30} {len(times[kind]):>6} {median(times[kind]):>8.1f} {max(times[kind]):>8.1f}"
    yield f"{'all':<30} {sum(map(len, times.values())):>6}"


def _of_writes(kinds: Sequence[proofs.Kind]) -> Iterator[str]:
    yield f"{'writes':<14} {'acknowledged':>13} {'unanswered':>11} {'lost':>6} {'doubled':>8}"
    for kind in kinds:
        yield f"{kind.name:<14} {kind.acknowledged:>13} {kind.unknown:>11} {kind.lost:>6} {kind.doubled:>8}"
    sums = [sum(getattr(kind, name) for kind in kinds) for name in ("acknowledged", "unknown", "lost", "doubled")]
    yield "{:<14} {:>13} {:>11} {:>6} {:>8}".format("all", *sums)


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
