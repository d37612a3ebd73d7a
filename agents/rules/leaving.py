"""What is to be wound up when an agent leaves, by which day, what stands against finishing (R76; 反诈法 art. 31)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from agents.choices import LeavingTaskKind
from cardfleet.kernel.errors import Reason, Text

Kind = LeavingTaskKind
OF_A_CARD = frozenset({Kind.RETURN, Kind.SECRETS, Kind.USER})
# All others are done by what CardFleet sees: the sign-in, the card's hand-over, its registered user.
BY_HAND = frozenset({Kind.SECRETS, Kind.CLAIMS})
CLEARED_BY: Mapping[str, Text] = {
    Kind.ACCESS: _("End the person's access on the page of people."),
    Kind.RETURN: _("Take the card back, or have it written off as lost."),
    Kind.SECRETS: _("Change the codes and passwords and record the new ones, or say how it was done."),
    Kind.USER: _("Open a change of user, a transfer or a cancellation on the card and see it through."),
    Kind.CLAIMS: _("Ask finance, and say what was settled."),
}


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Days after the last day by which each thing has to be wound up."""

    return_days: int = 0
    secrets_days: int = 3
    user_days: int = 30
    claims_days: int = 30


@dataclass(frozen=True, kw_only=True)
class Leaver:
    """The last day of an agent, and ids of cards: in their hands, of these with secrets stored, registered to them."""

    leaves_on: date
    held: Collection[int] = ()
    with_secrets: Collection[int] = ()
    registered: Collection[int] = ()


@dataclass(frozen=True)
class Wanted:
    """A task: its kind, its card where it is about one, and the last day for it."""

    kind: str
    card_id: int | None
    due_on: date


def tasks_of(leaver: Leaver, terms: Terms) -> Iterator[Wanted]:
    """Yield what is to be wound up, each once."""
    yield Wanted(Kind.ACCESS, None, leaver.leaves_on)
    for card_id in sorted(leaver.held):
        yield Wanted(Kind.RETURN, card_id, leaver.leaves_on + timedelta(days=terms.return_days))
    for card_id in sorted(set(leaver.with_secrets) & set(leaver.held)):
        yield Wanted(Kind.SECRETS, card_id, leaver.leaves_on + timedelta(days=terms.secrets_days))
    for card_id in sorted(leaver.registered):
        yield Wanted(Kind.USER, card_id, leaver.leaves_on + timedelta(days=terms.user_days))
    yield Wanted(Kind.CLAIMS, None, leaver.leaves_on + timedelta(days=terms.claims_days))


def left_undone(kind: str, *, card: str = "") -> Reason:
    """Return why a leaving cannot be finished yet: an open task, with the masked number of its card."""
    label = LeavingTaskKind(kind).label
    return Reason(
        code=f"undone_{kind}", message=f"{label}: {card}" if card else label, clears=CLEARED_BY[kind], field="tasks"
    )
