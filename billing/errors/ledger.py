"""Why something about accounts and the ledger is refused."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import BadInput, Refusal


class KeyReused(Refusal):
    """The key of a posting names another posting already."""

    code = "key_reused"
    sentence = _("This key was used for another posting. Look at the ledger, then send it with a new key.")


class AlreadyReversed(Refusal):
    """An entry is reversed once."""

    code = "already_reversed"
    sentence = _("This entry was reversed already. Reload the ledger to see the reversal.")


class NotReversible(Refusal):
    """A reversal, an entry reckoned from call records, or one leg of a transfer."""

    code = "not_reversible"
    sentence = _(
        "Reversals, call charges and transfers cannot be reversed by hand. "
        "Post an adjustment, correct the call records, or transfer the balance back."
    )


class WrongAmount(BadInput):
    """An amount whose sign or size does not fit its kind."""

    code = "wrong_amount"
    sentence = _("The amount does not fit: top-ups are above zero, charges below, and none is zero. Correct it.")


class CardPaidByAnother(Refusal):
    """The card is not among those the account pays for."""

    code = "card_paid_by_another_account"
    sentence = _("This account does not pay for that card. Choose the account of the card.")


class MonthClosed(Refusal):
    """Costs of a closed month stay as they are."""

    code = "month_closed"
    sentence = _("That month is closed: its costs stay as they are. Choose a time in a month that is open.")


class MonthNotReady(Refusal):
    """Something stands against closing a month; the reasons say what."""

    code = "month_not_ready"
    sentence = _("The month cannot be closed yet. Settle what is listed, then close it.")


class WarningsNotSeen(Refusal):
    """A month with open matters is closed only by who says that they were seen."""

    code = "warnings_not_seen"
    sentence = _("Something of this month is still open. Look at it, tick that you saw it, then close the month.")


class TransferRefused(Refusal):
    """Balance does not go that way; the reasons say why."""

    code = "transfer_refused"
    sentence = _("This balance cannot be transferred. Settle what is listed, or ask the carrier.")


class AlreadyOpened(Refusal):
    """A carrier has an account of that number."""

    code = "account_exists"
    sentence = _("The carrier has an account of that number already. Enter another number.")
