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
    """A reversal, or an entry reckoned from call records."""

    code = "not_reversible"
    sentence = _(
        "Reversals and call charges cannot be reversed by hand. Post an adjustment, or correct the call records."
    )


class WrongAmount(BadInput):
    """An amount whose sign or size does not fit its kind."""

    code = "wrong_amount"
    sentence = _("The amount does not fit: top-ups are above zero, charges below, and none is zero. Correct it.")


class CardPaidByAnother(Refusal):
    """The card is not among those the account pays for."""

    code = "card_paid_by_another_account"
    sentence = _("This account does not pay for that card. Choose the account of the card.")
