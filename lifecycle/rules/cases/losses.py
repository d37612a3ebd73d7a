"""What a loss asks for: how fast it was reported, what is done by what lay on the card (R50, R52; PIPL art. 57)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason
from cards.choices import StopReason
from lifecycle.choices import LossMeasure, LostWith

PERSONAL = frozenset({LostWith.CONTACTS, LostWith.MESSAGES, LostWith.CUSTOMERS})
# What is done in any case, and what each thing that was lost asks for besides.
ALWAYS = (LossMeasure.CALLS, LossMeasure.CODES)
BY_THING = {
    LostWith.ACCOUNTS: (LossMeasure.UNBIND,),
    LostWith.PHONE: (LossMeasure.LOCK, LossMeasure.UNBIND),
    LostWith.CONTACTS: (LossMeasure.WARN, LossMeasure.BACKUP, LossMeasure.BREACH),
    LostWith.MESSAGES: (LossMeasure.BREACH,),
    LostWith.CUSTOMERS: (LossMeasure.LOCK, LossMeasure.BREACH),
}


@dataclass(frozen=True, kw_only=True)
class LossTimes:
    """When a loss was noticed, reported to us, and the card stopped at the carrier; None: not yet."""

    noticed_at: datetime
    reported_at: datetime
    stopped_at: datetime | None = None

    @property
    def minutes_to_report(self) -> int:
        """Whole minutes from noticing to the report: the measure of R52."""
        return _minutes(self.reported_at - self.noticed_at)

    @property
    def minutes_to_stop(self) -> int | None:
        """Whole minutes from the report until the carrier had stopped the card."""
        return None if self.stopped_at is None else max(0, _minutes(self.stopped_at - self.reported_at))


def measures(lost: Collection[str], *, reason: str) -> tuple[LossMeasure, ...]:
    """Return what is done, in the order in which it presses, each once."""
    wanted = {*ALWAYS, *(measure for thing in lost for measure in BY_THING[LostWith(thing)])}
    if reason == StopReason.STOLEN:
        wanted.add(LossMeasure.POLICE)
    return tuple(measure for measure in LossMeasure if measure in wanted)


def unmet(done: Collection[str], *, lost: Collection[str], reason: str, is_explained: bool) -> Iterator[Reason]:
    """Yield the measures neither taken nor explained: what could not be done is said in a note."""
    missing = [measure for measure in measures(lost, reason=reason) if measure not in done]
    if missing and not is_explained:
        yield Reason(
            code="measure_missing",
            message=_("Tick what was done, and say in the note why the rest was not."),
            field="measures",
            value=", ".join(missing),
        )


def noticed_unmet(noticed_at: datetime, *, now: datetime) -> Iterator[Reason]:
    """Yield why a loss cannot have been noticed then."""
    if noticed_at > now:
        message = _("This has not happened yet. Correct the time.")
        yield Reason(code="in_the_future", field="noticed_at", message=message)


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
