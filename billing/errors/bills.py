"""Why something about bills and disputes is refused."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import BadInput, Conflict, Refusal


class StatementKnown(Conflict):
    """The very file was sent before."""

    code = "statement_known"
    sentence = _("This very file was sent before. Open the first one; put it away there if it was wrong.")


class BillKnown(Conflict):
    """The account has a bill of the month."""

    code = "bill_known"
    sentence = _("The bills of this month are there already. Open the first one; take it back there if it was wrong.")


class WrongMonth(BadInput):
    """A statement of another month than was said."""

    code = "wrong_month"
    sentence = _("The statement is of another month than the one given. Correct the month, or choose the right file.")


class MonthMissing(BadInput):
    """Neither the file nor the person says of which month a statement is."""

    code = "month_missing"
    sentence = _("The statement does not say of which month it is. Give the month.")


class ColumnsUnknown(BadInput):
    """The columns of a statement are in no known form and not mapped."""

    code = "columns_unknown"
    sentence = _("The columns of this statement are not known. Say below what each of them holds.")


class NothingBilled(BadInput):
    """A statement without one amount that can be read and resolved."""

    code = "nothing_billed"
    sentence = _("No row of this statement could be taken over. See the reasons, correct the file and send it again.")


class StatementNotWaiting(Refusal):
    """A statement that is imported or put away."""

    code = "statement_not_waiting"
    sentence = _("This file waits for nothing: it is imported or was put away. Reload the page.")


class BillSettled(Refusal):
    """A bill that was accepted or taken back stays as it is."""

    code = "bill_settled"
    sentence = _("This bill was accepted or taken back already. Reload the page to see it as it is.")


class BillDisputed(Refusal):
    """A bill under dispute cannot be taken back."""

    code = "bill_disputed"
    sentence = _("Something of this bill is in dispute. Close the dispute first.")


class BillPaid(Refusal):
    """A bill whose payment is recorded stays accepted."""

    code = "bill_paid"
    sentence = _("The payment of this bill is recorded. Dispute what is wrong instead of reopening it.")


class NotAcceptedYet(Refusal):
    """Only what was accepted is paid."""

    code = "bill_not_accepted"
    sentence = _("Accept the bill first; then record its payment.")


class NothingChosen(BadInput):
    """A dispute needs differences that are open, of one bill, and too high."""

    code = "nothing_chosen"
    sentence = _("Choose at least one open difference with an amount above zero.")


class DisputeClosed(Refusal):
    """A dispute is closed once."""

    code = "dispute_closed"
    sentence = _("This dispute is closed already. Reload the page to see its outcome.")


class CreditWrong(BadInput):
    """A credit above the claim, or none where one is said."""

    code = "credit_wrong"
    sentence = _("The credit lies above zero and is not more than what was claimed. Correct it.")
