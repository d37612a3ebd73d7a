"""`manage.py seed_demo`: an invented fleet, the same for the same seed and day."""

import os
from argparse import ArgumentParser
from datetime import date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cardfleet.jobs.scheduling import run_now
from cardfleet.kernel.clock import SHANGHAI, business_day
from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.reference import load
from lifecycle.demo.fleet import Size, is_seeded, seed_fleet

PASSWORD = "cardfleet-demo"  # noqa: S105 - printed at the start of every demo, which listens on loopback only
AFTERNOON = time(14, 0)
JOBS = (
    *("remind_expiries", "look_ahead", "check_arrears", "gather_callees", "assess_suspension_risk"),
    *("watch_leavers", "watch_desk"),
)


class Command(BaseCommand):
    """Fill an empty database; a demo fleet that is there already is left as it is."""

    help = "Makes an invented fleet to try CardFleet with; refuses a database that holds real cards."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe what may be asked."""
        parser.add_argument("--cards", type=int, default=Size.cards)
        parser.add_argument("--agents", type=int, default=Size.agents)
        parser.add_argument("--days", type=int, default=Size.days, help="how far back calls go")
        parser.add_argument("--seed", type=int, default=Size.seed)
        parser.add_argument("--on", type=date.fromisoformat, help="the reference day, today if not given")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the fleet, then let the jobs look at it."""
        if is_seeded():
            self.stdout.write("A demo fleet is there already; nothing was changed.")
            return
        now = timezone.now()
        on: date = options["on"] or business_day(now)
        moment = min(now, datetime.combine(on, AFTERNOON, tzinfo=SHANGHAI)) if options["on"] else now
        size = Size(cards=options["cards"], agents=options["agents"], days=options["days"], seed=options["seed"])
        load(now=moment)
        try:
            seeded = seed_fleet(
                size=size,
                on=on,
                moment=moment,
                password=os.environ.get("CARDFLEET_DEMO_PASSWORD", PASSWORD),
                tell=lambda text: self.stdout.write(f"  {text} ..."),
            )
        except Refusal as refusal:
            raise CommandError(str(refusal)) from None
        for name in JOBS:
            run_now(name, on=on, now=moment)
        self.stdout.write(
            f"{seeded.cards} cards, {seeded.agents} agents, {seeded.calls} calls up to {moment:%Y-%m-%d %H:%M}."
        )
