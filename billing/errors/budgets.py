"""Why something about a budget is refused."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import BadInput, Refusal


class BudgetNotUsable(BadInput):
    """An amount or a period that no budget can have."""

    code = "budget_not_usable"
    sentence = _("A budget is above zero, and of a month or a year that is not over. Correct it.")


class NothingToCopy(Refusal):
    """A month without budgets."""

    code = "nothing_to_copy"
    sentence = _("The month before has no budget that this month lacks. Enter the budgets by hand.")
