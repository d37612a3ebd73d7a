"""What the services of cards refuse."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import BadInput, Conflict, Refusal


class ChangeRefused(Refusal):
    """A state may not become another; `context["legal"]` lists what it may become."""

    code = "illegal_transition"
    sentence = _("The card cannot change like this.")


class NothingToCorrect(Refusal):
    """The row by which a card entered our books is not taken back."""

    code = "nothing_to_correct"
    sentence = _("No state was recorded after the card entered the register. Record the state it is in instead.")


class NumberLivesElsewhere(Refusal):
    """A number lives on one card at a time."""

    code = "number_lives_elsewhere"
    sentence = _("Another live card has this number by now. Correct that card first.")


class ReissueRefused(Refusal):
    """A number may not go to a new SIM like this; each reason names what clears it."""

    code = "reissue_refused"
    sentence = _("This SIM cannot be re-issued. Nothing was changed.")


class CorrectionMissesReason(BadInput):
    """A correction is explained."""

    code = "reason_missing"
    sentence = _("Say what was wrong. The reason is kept in the journal.")


class PeriodRefused(Refusal):
    """A price or rule would begin where it cannot."""

    code = "period_refused"
    sentence = _("It cannot begin on this day.")


class DayAhead(BadInput):
    """A plan is recorded when the card has it."""

    code = "day_ahead"
    sentence = _("A plan counts from a day that has come. Choose today or an earlier day.")


class NothingToRestore(Refusal):
    """The latest version is what holds."""

    code = "nothing_to_restore"
    sentence = _("This is the latest version of the rule. Choose a former one to restore.")


class DeviceRefused(Refusal):
    """Something may not be a device here, or not hold this card, or not become what was asked."""

    code = "device_refused"
    sentence = _("This device cannot be used so.")


class FileRefused(BadInput):
    """A whole file cannot be used; nothing of it was stored."""

    code = "file_refused"
    sentence = _("This file cannot be used. Nothing was stored.")


class NoRoom(Refusal):
    """A place holds as many cards as it has room for."""

    code = "no_room"
    sentence = _("The cards do not fit there. Nothing was moved.")


class SupplierDoubtful(Refusal):
    """Something speaks against a supplier; a reason given places the order all the same (R22)."""

    code = "supplier_doubtful"
    sentence = _("Something speaks against this supplier. Settle it, or say why you order all the same.")


class OrderClosed(Conflict):
    """The order has ended."""

    code = "order_closed"
    sentence = _("This order is closed. Place another one for what still comes.")


class SecretHidden(Refusal):
    """A secret may be looked at for a minute after it was revealed."""

    code = "secret_hidden"
    sentence = _("The minute for looking is over. Say again why you need it.")
