"""Why something about claims is refused."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import BadInput, NotAllowed, Refusal


class InvoiceNotUsable(BadInput):
    """An invoice that does not fit, or a card that cannot be claimed for; `reasons` name the fields."""

    code = "invoice_not_usable"
    sentence = _("This cannot be claimed as it is. Look at the places named.")


class ClaimNotUsable(Refusal):
    """A claim that cannot be sent or approved as it is; `reasons` say what does not fit."""

    code = "claim_not_usable"
    sentence = _("This claim does not fit in all. See the reasons for what would allow it.")


class ClaimMoved(Refusal):
    """The claim is not where the person saw it."""

    code = "claim_moved"
    sentence = _("Somebody was faster: this claim is in another state. Reload and look before you try again.")


class DraftThere(Refusal):
    """A draft for the month is there already."""

    code = "draft_there"
    sentence = _("You have a draft for this month already. Send it or take it back first.")


class NoClaimant(NotAllowed):
    """Only those who hold cards claim for them."""

    code = "no_claimant"
    sentence = _("Only agents claim, for cards in their own hands.")


class OwnClaim(NotAllowed):
    """Nobody approves or pays a claim of their own."""

    code = "own_claim"
    sentence = _("Nobody decides on a claim of their own. Ask a colleague.")


class PayerDecided(NotAllowed):
    """Who approved a claim does not pay it."""

    code = "payer_decided"
    sentence = _("Who filed or approved a claim does not pay it. Ask a colleague to pay these.")


class NothingToPay(BadInput):
    """No claim was chosen."""

    code = "nothing_to_pay"
    sentence = _("Choose the claims that were paid, and enter the reference of the payment.")
