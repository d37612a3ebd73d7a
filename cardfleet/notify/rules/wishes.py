"""What a person wants to be told of, and how. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time

from cardfleet.notify.choices import Mode, Urgency
from cardfleet.notify.rules.quiet import Quiet

# Who chose nothing is left alone at night, unless something is critical.
USUAL_QUIET = Quiet(start=time(21), end=time(8))
USUAL_DIGEST = time(8, 30)


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """How a person is told: by mail or not, when not, and each topic in which mode; of others when it is grave."""

    email: bool = True
    quiet: Quiet = USUAL_QUIET
    digest_at: time | None = None
    modes: Mapping[str, str] = field(default_factory=dict)

    def mode(self, topic: str) -> Mode:
        """Return how a topic is told."""
        return Mode(self.modes.get(topic, Mode.GRAVE))

    def is_told(self, topic: str) -> bool:
        """Whether a topic is told at once, in the inbox at least."""
        return self.mode(topic) in (Mode.NOW, Mode.GRAVE)

    def is_sent(self, topic: str, urgency: int) -> bool:
        """Whether a topic is also sent at once, by mail and the person's own channels."""
        mode = self.mode(topic)
        return mode == Mode.NOW or (mode == Mode.GRAVE and urgency >= Urgency.GRAVE)

    def is_in_digest(self, topic: str) -> bool:
        """Whether a topic is part of the daily digest."""
        return self.mode(topic) != Mode.NEVER


USUAL = Wishes()
