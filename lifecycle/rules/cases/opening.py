"""Whether a case may be opened on a card, and which playbook it follows (contradictions: one track, one case)."""

from collections.abc import Collection, Iterable, Iterator
from typing import Protocol, TypeVar

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason
from lifecycle.choices import CaseKind
from lifecycle.rules.cases.facts import OpeningFacts


class Scoped(Protocol):
    """A playbook: the reason and the carrier it is for; empty and None mean any."""

    @property
    def reason(self) -> str: ...

    @property
    def carrier_id(self) -> int | None: ...


S = TypeVar("S", bound=Scoped)


def unmet_to_open(facts: OpeningFacts, *, reasons: Collection[str]) -> Iterator[Reason]:
    """Yield why a case cannot be opened: a reason that is none of its kind's, or what is open on the card already."""
    if facts.reason not in reasons and (reasons or facts.reason):
        yield Reason(
            code="case_reason_unfit",
            message=_("This reason does not fit a case of this kind."),
            field="reason",
            value=facts.reason,
        )
    if facts.kind in facts.open_kinds:
        yield Reason(
            code="case_open_already",
            message=_("A case of this kind is open on this card. Go on with that one."),
            field="kind",
        )
    elif facts.track and facts.track in facts.open_tracks:
        other = CaseKind(facts.open_tracks[facts.track]).label
        yield Reason(
            code="cases_contradict",
            message=format_lazy(_("A case that contradicts this one is open on this card: {kind}."), kind=other),
            clears=_("End that case first, as withdrawn if it is not wanted any more."),
            field="kind",
            value=facts.open_tracks[facts.track],
        )


def most_specific(playbooks: Iterable[S], *, reason: str, carrier_id: int) -> S | None:
    """Return the playbook for a reason and carrier: both fit, else the reason, else the carrier, else neither.

    Of equals the first, so that the caller's order (the latest first) decides.
    """
    fitting = [one for one in playbooks if one.reason in ("", reason) and one.carrier_id in (None, carrier_id)]
    return max(fitting, key=lambda one: (bool(one.reason), one.carrier_id is not None), default=None)
