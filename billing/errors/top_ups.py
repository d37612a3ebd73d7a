"""Why something about a top-up is refused."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import BadInput, Conflict, Refusal


class TopUpOpen(Conflict):
    """One top-up of a card is asked for at a time."""

    code = "top_up_open"
    sentence = _("A top-up of this card waits already. Have it decided or take it back before asking again.")


class TopUpUnusual(Refusal):
    """An amount that may be a slipped dot."""

    code = "top_up_unusual"
    sentence = _("Is this a slipped dot? Look at the amount again, and confirm it if it is meant so.")


class TopUpMoved(Conflict):
    """A top-up that is further than the person saw."""

    code = "top_up_moved"
    sentence = _("This top-up is in another state by now. Reload the page to see it.")


class OwnTopUp(Refusal):
    """Nobody approves what they asked for, or twice."""

    code = "own_top_up"
    status = 403
    sentence = _("You asked for this top-up, or have decided on it already. Somebody else has to approve it.")


class TopUpReasonMissing(BadInput):
    """A no without a reason."""

    code = "top_up_reason_missing"
    sentence = _("Say why, so that the one who asked can do better.")


class RiskReasonMissing(BadInput):
    """A discounted or slow top-up without a reason."""

    code = "risk_reason_missing"
    sentence = _(
        "Discounted slow top-ups are a known way of laundering money: the money may be stolen, and carriers stop the "
        "cards that got it. Say why it was paid so; compliance is told."
    )


class TopUpNotUsable(BadInput):
    """Amounts or times that do not fit together."""

    code = "top_up_not_usable"
    sentence = _("These facts of the top-up do not fit together. Correct the places named.")
