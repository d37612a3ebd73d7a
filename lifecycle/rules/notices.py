"""What a carrier's notice explains, and when many alerts are one matter. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cards.choices import StopReason
from lifecycle.choices import AlertKind, NoticeKind

# So many alerts of one cause within an hour are one matter with a list.
STORM_AT = 20
STORM_WITHIN = timedelta(hours=1)
# A group is told again when it has grown to twice what was told.
TOLD_AGAIN_AT = 2
# Cards come back some time after the works end; what is still stopped then is no longer explained.
GRACE = timedelta(hours=2)
EXPLAINING = frozenset({NoticeKind.MAINTENANCE, NoticeKind.FAULT})
EXPLAINED_REASONS = frozenset({"", StopReason.MAINTENANCE, StopReason.OTHER})
EXPLAINED_KINDS = frozenset({AlertKind.STOPPED, AlertKind.CARRIER_SIGNAL})


@dataclass(frozen=True, kw_only=True)
class Announced:
    """What a carrier announced, for itself and the carriers on its network; no regions means everywhere."""

    carriers: frozenset[int]
    kind: NoticeKind
    regions: Sequence[str]
    starts_at: datetime
    ends_at: datetime

    @property
    def explained_until(self) -> datetime:
        """Until when what opens, or is still open, counts as explained."""
        return self.ends_at + GRACE


def concerns(notice: Announced, *, carrier_id: int, region: str) -> bool:
    """Whether a notice concerns a card of a carrier at home in a region; a province concerns its cities."""
    if carrier_id not in notice.carriers:
        return False
    return not notice.regions or any(region.startswith(named) for named in notice.regions)


def explains(notice: Announced, *, carrier_id: int, region: str, kind: str, reason: str, opened_at: datetime) -> bool:
    """Whether a notice explains an alert: works or a fault there and then, and no other reason for the stop."""
    if notice.kind not in EXPLAINING or kind not in EXPLAINED_KINDS or reason not in EXPLAINED_REASONS:
        return False
    in_time = notice.starts_at <= opened_at <= notice.explained_until
    return in_time and concerns(notice, carrier_id=carrier_id, region=region)


def is_told_again(size: int, *, told: int) -> bool:
    """Whether a group is worth telling of: the first time, and when it has doubled since."""
    return told == 0 or size >= TOLD_AGAIN_AT * told
