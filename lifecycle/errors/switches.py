"""What is refused of switches to a spare, notices of changed numbers and forwardings."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import BadInput, Conflict, Refusal


class SwitchRefused(Refusal):
    """No spare, or not this one, may take the card's place; the reasons say what would clear it."""

    code = "switch_refused"
    sentence = _("This spare may not take the place of the card. See the reasons for what would allow it.")


class AlreadySwitched(Conflict):
    """Somebody gave the agent another spare before."""

    code = "already_switched"
    sentence = _("Another spare has taken the place of this card already. Reload and look before you try again.")


class NoticeForgotten(Conflict):
    """The people of the notice were deleted."""

    code = "notice_forgotten"
    sentence = _("The people of this notice were deleted after their time. Draft a new one if they are to be told.")


class NewNumberMissing(Conflict):
    """The texts of the notice would not name the new number."""

    code = "new_number_missing"
    sentence = _("The new number is not named yet. Name its card in the case, then take the texts.")


class TextRefused(BadInput):
    """A text of a notice lacks what it must say."""

    code = "text_refused"
    sentence = _("The text lacks what every notice must say. See the reasons and correct it.")


class ForwardingEnded(Conflict):
    """The forwarding was ended before."""

    code = "forwarding_ended"
    sentence = _("This forwarding has ended already. Nothing was changed.")
