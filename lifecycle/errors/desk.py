"""What the compliance desk refuses."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import BadInput, Refusal


class MatterStepRefused(Refusal):
    """A step of a matter cannot be recorded."""

    code = "matter_step_refused"
    sentence = _("This step cannot be recorded yet.")


class MatterClosingRefused(Refusal):
    """A matter cannot end so."""

    code = "matter_closing_refused"
    sentence = _("The matter cannot end so yet.")


class MatterClosed(Refusal):
    """The matter has its outcome."""

    code = "matter_closed"
    sentence = _("This matter is closed. Open a new one if there is more to do.")


class ExtensionRefused(Refusal):
    """A matter gets no more time."""

    code = "extension_refused"
    sentence = _("Only a request may take longer, once, before it is answered, and with a reason.")


class AnswerRefused(Refusal):
    """No file of what is kept can be made for a request."""

    code = "answer_refused"
    sentence = _("A file is made for an open request for access, once it is sure who asks.")


class AuditRefused(Refusal):
    """An audit cannot be opened or closed."""

    code = "audit_refused"
    sentence = _("The audit cannot go on so.")


class ArticleRefused(BadInput):
    """An article holds what it must not."""

    code = "article_refused"
    sentence = _("An article is read by everybody. Leave numbers of people and IDs out.")
