"""`manage.py backtest_risk --seed N`: how well the risk score foresees the stops of a simulated fleet."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from backtest.simulator.fleet import Size
from backtest.trial.measures import Tally
from backtest.trial.run import TUNED_ON, BackTest, Outcome

SEED = 11
COLUMNS = "{:<22}{:>7}{:>11}{:>8}{:>10}{:>10}{:>8}{:>14}"
HEADS = ("", "AUC", "precision", "recall", "gradual", "same day", "lead h", "alerts/month")


class Command(BaseCommand):
    """Plays a fleet whose carriers stop cards by hidden rules, and prints what the score made of it."""

    help = "Tries the risk score on a simulated fleet beside two baselines and an oracle."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the seed and the size."""
        parser.add_argument("--seed", type=int, default=SEED, help="which fleet; 1 to 3 served to set the score")
        parser.add_argument("--tuning", action="store_true", help="also print the fleets on which the score was set")
        parser.add_argument("--cards", type=int, default=Size.cards_each, help="cards of each of the carriers")
        parser.add_argument("--days", type=int, default=Size.days, help="days judged, after those that only teach")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Play and print."""
        size = Size(cards_each=options["cards"], days=options["days"])
        seeds = [*TUNED_ON, options["seed"]] if options["tuning"] else [options["seed"]]
        for seed in dict.fromkeys(seeds):
            self._report(seed, BackTest(seed=seed, size=size).run(), size)

    def _report(self, seed: int, found: Outcome, size: Size) -> None:
        role = _("set on it") if seed in TUNED_ON else _("not seen before")
        cards = size.carriers * size.cards_each
        self.stdout.write(f"seed {seed} ({role}): {cards} cards, {size.carriers} carriers, {size.days} days")
        self.stdout.write(f"AUC {found.score.auc:.3f}")
        self.stdout.write(f"oracle {found.oracle:.3f}")
        self.stdout.write(f"of the oracle's {found.score.auc / found.oracle:.2f}")
        self.stdout.write(COLUMNS.format(*HEADS))
        for name, tally in {"score": found.score, **found.baselines}.items():
            self.stdout.write(_row(name, tally))
        hidden = found.hidden
        self.stdout.write(
            f"hidden: {1 - hidden.calls_seen / hidden.calls:.0%} of calls, "
            f"{1 - hidden.complaints_seen / max(hidden.complaints, 1):.0%} of complaints; "
            f"{hidden.stops_unexplained / max(hidden.stops, 1):.0%} of {hidden.stops} stops without a cause in the data"
        )
        self.stdout.write("")


def _row(name: str, tally: Tally) -> str:
    return COLUMNS.format(
        name,
        f"{tally.auc:.3f}",
        f"{tally.precision:.2f}",
        f"{tally.recall:.2f}",
        f"{tally.gradual:.2f}",
        f"{tally.sudden:.2f}",
        f"{tally.lead_hours:.0f}",
        f"{tally.alerts_a_month:.2f}",
    )
