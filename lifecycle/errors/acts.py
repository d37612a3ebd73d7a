"""What is refused of acts on one card or many."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import BadInput, Conflict, Refusal


class RebindingRefused(Refusal):
    """A rule on changes of phone forbids putting the card into another one (R33, R88)."""

    code = "rebinding_refused"
    sentence = _("The card was changed from phone to phone too often. Carriers stop cards for that.")


class NotADemo(Refusal):
    """The demo fleet goes into an empty database only."""

    code = "not_a_demo"
    sentence = _("There are cards or agents here that the demo did not make. Use another database for the demo.")


class NothingSelected(BadInput):
    """A bulk action without cards."""

    code = "nothing_selected"
    sentence = _("No card was chosen. Tick the cards first, or choose all that match the filters.")


class UnknownAction(BadInput):
    """No bulk action has this name."""

    code = "unknown_action"


class SelectionChanged(Conflict):
    """The filters match another number of cards than the person saw."""

    code = "selection_changed"


class TooManyCards(BadInput):
    """More cards than one job takes."""

    code = "too_many_cards"


class ChangedSince(Conflict):
    """Somebody changed the card after the job that is undone."""

    code = "changed_since"
    sentence = _("This was changed after the job. It stays as it is now.")
