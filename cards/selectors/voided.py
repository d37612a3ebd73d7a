"""SIMs that were replaced: what is void, and what of it is to be destroyed."""

from collections.abc import Iterable, Sequence

from cards.models import Card, VoidedSim


def voided_iccids(card_id: int) -> Sequence[VoidedSim]:
    """Return the replaced SIMs of a card, the latest first; those `in_hand` are to be destroyed."""
    return list(VoidedSim.objects.filter(card_id=card_id).select_related("by"))


def void_among(iccids: Iterable[str]) -> frozenset[str]:
    """Return those of some ICCIDs that are void."""
    return frozenset(VoidedSim.objects.filter(iccid__in=set(iccids)).values_list("iccid", flat=True))


def is_in_use(iccid: str) -> bool:
    """Whether a card of the register has this ICCID."""
    return Card.objects.filter(iccid=iccid).exists()
