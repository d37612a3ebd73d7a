"""Why something about reports and the accounting export is refused."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import BadInput, Refusal


class RateInForce(Refusal):
    """A VAT rate that reports were made with."""

    code = "vat_rate_in_force"
    sentence = _("This rate is in force. Record a new one with the day it begins on.")


class TextUnusable(BadInput):
    """A text of voucher lines that names what there is not."""

    code = "voucher_text_unusable"
    sentence = _("The text may name {names} only. Correct it.")


class AccountsMissing(Refusal):
    """Kinds that cost something and have no accounts."""

    code = "voucher_accounts_missing"
    sentence = _("No accounts are recorded for: {kinds}. Record them under accounts by kind, then export again.")


class ColumnsMissing(Refusal):
    """A file without columns of both sides."""

    code = "voucher_columns_missing"
    sentence = _("The file needs columns of account, debit and credit. Add them to the columns of the export.")


class Unbalanced(Refusal):
    """Lines whose debit is not their credit."""

    code = "voucher_unbalanced"
    sentence = _("Debit is {debit} and credit {credit}. Nothing was exported: tell the administrator.")
