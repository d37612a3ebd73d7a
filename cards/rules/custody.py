"""The custody graph: where the plastic may go next (domain.md section 4; R7, R17, R76, R92)."""

from collections.abc import Mapping

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason
from cards.choices import ChangeSource, CustodyState, ServiceState
from cards.rules.transitions import listed

Place = CustodyState

# Beyond domain.md: a stock-take may find any card missing or faulty, a rested card goes back to its holder, and a lost
# one that its holder finds, or a faulty one that is mended in its holder's hands, stays in use.
CUSTODY_GRAPH: Mapping[Place, tuple[Place, ...]] = {
    Place.IN_STOCK: (Place.ISSUED, Place.SPARE, Place.FAULTY, Place.MISSING, Place.DESTROYED),
    Place.SPARE: (Place.ISSUED, Place.IN_STOCK, Place.FAULTY, Place.MISSING, Place.DESTROYED),
    Place.ISSUED: (Place.RETURN_DUE, Place.RETURNED, Place.RESTING, Place.FAULTY, Place.MISSING),
    Place.RETURN_DUE: (Place.RETURNED, Place.FAULTY, Place.MISSING),
    Place.RETURNED: (Place.IN_STOCK, Place.SPARE, Place.FAULTY, Place.MISSING, Place.DESTROYED),
    Place.RESTING: (Place.ISSUED, Place.RETURN_DUE, Place.RETURNED, Place.FAULTY, Place.MISSING),
    Place.FAULTY: (Place.RETURNED, Place.ISSUED, Place.MISSING, Place.DESTROYED),
    Place.MISSING: (Place.RETURNED, Place.ISSUED),
    Place.DESTROYED: (),
}
# A re-issued SIM is new plastic: it goes to whoever held the old one, else into stock.
WITH_NEW_SIM: Mapping[Place, tuple[Place, ...]] = {
    Place.MISSING: (Place.IN_STOCK,),
    Place.FAULTY: (Place.IN_STOCK,),
}
FIRST_PLACES = (Place.IN_STOCK, Place.SPARE)
ISSUABLE = frozenset({Place.IN_STOCK, Place.SPARE})
DEAD = frozenset({ServiceState.CANCELLED, ServiceState.FROZEN, ServiceState.RELEASED, ServiceState.PORTED_OUT})


def legal_places(from_state: str) -> tuple[Place, ...]:
    """Return where a card may go; a new card, the empty state, arrives in stock or as a spare."""
    return CUSTODY_GRAPH[Place(from_state)] if from_state else FIRST_PLACES


def refusal(
    from_state: str,
    to_state: str,
    *,
    service_state: str,
    sim_reissued: bool = False,
    source: str = ChangeSource.PERSON,
) -> Reason | None:
    """Return why the plastic may not go there, or None when it may.

    A take-over may place a card anywhere. A card is destroyed only when the carrier has ended it, or when its number
    lives on a re-issued SIM (R17, R92); the new SIM goes where the lost or faulty one was held (R52).
    """
    target = Place(to_state)
    if from_state == to_state:
        return Reason(code="state_unchanged", message=_("The card is in this state already."))
    possible = (*legal_places(from_state), *(WITH_NEW_SIM.get(Place(from_state), ()) if sim_reissued else ()))
    if source != ChangeSource.TAKEOVER and target not in possible:
        return _illegal(from_state, target)
    if target == Place.DESTROYED and not (sim_reissued or service_state in DEAD):
        return Reason(
            code="destroy_live_card",
            message=_("The carrier still serves this card, so it may not be destroyed."),
            clears=_("Record its cancellation or the re-issue of its SIM first."),
        )
    return None


def _illegal(from_state: str, target: Place) -> Reason:
    start = Place(from_state).label if from_state else _("a new card")
    places = legal_places(from_state)
    clears = format_lazy(_("Possible now: {states}."), states=listed(place.label for place in places)) if places else ""
    message = format_lazy(_("A card cannot go from {start} to {target}."), start=start, target=target.label)
    return Reason(code="illegal_transition", message=message, clears=clears, field="to", value=target)
