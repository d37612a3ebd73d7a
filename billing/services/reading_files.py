"""Readings out of a file or a pasted text."""

from datetime import datetime
from typing import BinaryIO

from billing.choices import ReadingSource
from billing.errors import NothingReadable
from billing.importers.messages import read_messages
from billing.importers.reading_lines import Readings
from billing.importers.readings import read_readings
from billing.services.readings import ReadingsOutcome, StateWriter, record_readings
from cardfleet.accounts.models import User
from cards.services.states import change_service_states


def import_readings(
    *,
    file: BinaryIO,
    name: str,
    actor: User | None,
    now: datetime,
    change_states: StateWriter = change_service_states,
) -> ReadingsOutcome:
    """Record what a file says. BadInput when it cannot be read, NothingReadable when not one line of it can."""
    return _record(read_readings(file, name, now=now), change_states, actor=actor, now=now)


def import_messages(
    *, text: str, actor: User | None, now: datetime, change_states: StateWriter = change_service_states
) -> ReadingsOutcome:
    """Record what pasted messages say; raises as `import_readings`."""
    return _record(read_messages(text, now=now), change_states, actor=actor, now=now)


def _record(readings: Readings, change_states: StateWriter, *, actor: User | None, now: datetime) -> ReadingsOutcome:
    if not readings.lines:
        raise NothingReadable(reasons=readings.refused)
    source = ReadingSource.SMS if readings.pasted else ReadingSource.FILE
    return record_readings(readings=readings, source=source, actor=actor, now=now, change_states=change_states)
