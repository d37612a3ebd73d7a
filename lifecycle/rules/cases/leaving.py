"""What has to be so before a card leaves our books for somebody else (R26, R74; bad input of cases)."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason


def still_in_hands(*, is_held: bool, is_in_phone: bool) -> Iterator[Reason]:
    """Yield what binds a card to us yet: an agent who holds it, a phone it is in."""
    if is_held:
        yield Reason(
            code="card_in_hands",
            message=_("An agent holds this card."),
            clears=_("Take it back first."),
        )
    if is_in_phone:
        yield Reason(
            code="card_in_phone",
            message=_("The register of devices has this card in a phone."),
            clears=_("Take it out of the phone and record that."),
        )
