"""Carriers' lists of balances and states, with what follows from a stop: alerts, and a case (R29, R34)."""

from datetime import datetime
from typing import BinaryIO

from billing.services import reading_files
from billing.services.readings import ReadingsOutcome
from cardfleet.accounts.models import User
from lifecycle.services.states import record_states


def import_readings(*, file: BinaryIO, name: str, actor: User | None, now: datetime) -> ReadingsOutcome:
    """Record what a file says; raises as `billing.services.reading_files.import_readings`."""
    return reading_files.import_readings(file=file, name=name, actor=actor, now=now, change_states=record_states)


def import_messages(*, text: str, actor: User | None, now: datetime) -> ReadingsOutcome:
    """Record what pasted messages say; raises as `billing.services.reading_files.import_messages`."""
    return reading_files.import_messages(text=text, actor=actor, now=now, change_states=record_states)
