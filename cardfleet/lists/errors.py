"""What views and reports refuse."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import BadInput, NotAllowed, Refusal


class ListUnusable(BadInput):
    """The address of a list names filters, values or columns there are none of."""

    code = "list_unusable"
    sentence = _("This address does not fit the list. Take out what is named here.")


class ViewNameTaken(BadInput):
    """The person has a view of this name for this list already."""

    code = "view_name_taken"
    sentence = _("You have a view of this name for this list. Choose another name, or change that view.")


class MayNotShare(NotAllowed):
    """Views are shared with teams in scope by those who may share, with roles by administrators."""

    code = "may_not_share"
    sentence = _("You cannot share a view with them. Share it with a team of yours, or ask an administrator.")


class RecipientUnfit(BadInput):
    """A recipient has no access to the list."""

    code = "recipient_unfit"
    sentence = _("Some of them may not see this list. Choose people who may.")


class ReportEnded(Refusal):
    """What stopped the report still stands."""

    code = "report_ended"
    sentence = _("What stopped the report still stands: {why} Make a new report from another view.")
