"""`manage.py explain_charge UID [--card MSISDN]`: why a call cost what it did, step by step."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from billing.models import UsageRecord
from billing.selectors.charge_steps import steps_of
from billing.selectors.explaining import explain, find_call
from cardfleet.kernel.errors import NotVisible
from cards.models import Card
from cards.rules.identifiers import normalise_msisdn


class Command(BaseCommand):
    """Print each step, from the price in force to the entries of the ledger."""

    help = "Explains what a call cost, by its id here or in its source."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the id, and the number, by which a call is found at once."""
        parser.add_argument("uid")
        parser.add_argument("--card", default="", help="the card's number; without it all calls are looked through")

    def handle(self, *_args: Any, uid: str, card: str, **_options: Any) -> None:
        """Find the call and print its steps; exit 1 where there is none."""
        calls = UsageRecord.objects.all()
        if card:
            calls = calls.filter(card__in=Card.objects.filter(msisdn=normalise_msisdn(card)).values("pk"))
        try:
            record = find_call(uid, calls)
        except NotVisible as error:
            raise CommandError("No call has this id.") from error
        for step in steps_of(explain(record)):
            self.stdout.write(f"{step.title}: {step.text}")
