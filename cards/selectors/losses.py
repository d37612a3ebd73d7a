"""What a lost card was before its loss."""

from cards.choices import Axis, ServiceState
from cards.models import CardChange


def before_loss(card_id: int) -> tuple[str, str]:
    """Return the service state and reason in which a card was reported lost; empty where it never was another."""
    history = CardChange.objects.standing().filter(card=card_id, axis=Axis.SERVICE)
    earlier = history.exclude(to_state=ServiceState.LOST_STOP).order_by("-id")
    return earlier.values_list("to_state", "reason").first() or ("", "")
