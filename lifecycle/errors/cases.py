"""What is refused of cases and their steps."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import BadInput, Conflict, NotAllowed, Refusal


class CaseRefused(Refusal):
    """A case of this kind cannot be opened on this card; the reasons say why."""

    code = "case_refused"
    sentence = _("This case cannot be opened on this card. See the reasons for what would allow it.")


class StepRefused(Refusal):
    """The step cannot be done, confirmed or left out as it was sent; the reasons say what is missing."""

    code = "step_refused"
    sentence = _("This step cannot be recorded yet. See the reasons for what is missing.")


class StepNotYours(NotAllowed):
    """The step is another role's."""

    code = "step_not_yours"


class ReopeningRefused(Refusal):
    """A step cannot be taken back."""

    code = "reopening_refused"
    sentence = _("This step cannot be opened again. See the reasons.")


class ClosingRefused(Refusal):
    """The case cannot end so; the reasons name every gate and state in the way."""

    code = "closing_refused"
    sentence = _("The case cannot be closed so yet. See the reasons for what is missing.")


class CaseClosed(Conflict):
    """The case ended before."""

    code = "case_closed"
    sentence = _("This case is closed. Open a new one if the matter comes up again.")


class CaseAssigneeUnfit(Conflict):
    """The person may not work on this case."""

    code = "case_assignee_unfit"
    sentence = _("This person does not see this case or may not work on it. Choose somebody in charge of its card.")


class LevelUnfit(Conflict):
    """An escalation goes up only."""

    code = "level_unfit"
    sentence = _("The case is at this level or above already. Escalation goes up only.")


class ContactUnfit(BadInput):
    """A contact without words or at a moment that cannot be."""

    code = "contact_unfit"
    sentence = _("Write who said what, and when it was: after the case was opened and not ahead of now.")


class CaseCommentMissing(BadInput):
    """A comment without words."""

    code = "case_comment_missing"
    sentence = _("Write what others should know, in at most two thousand characters.")


class PlaybookInUse(Conflict):
    """A playbook that cases ran on is evidence."""

    code = "playbook_in_use"
    sentence = _("Cases were opened from this playbook already. Copy it as a new version and change that.")


class ReissueInCase(Refusal):
    """A loss or fault is open on the card, and its own step records the new SIM."""

    code = "reissue_in_case"
    sentence = _("A loss or fault case is open on this card. Record the new SIM in its step there.")


class NoAccount(Refusal):
    """No account pays for the card, so nothing can be posted for it."""

    code = "no_account"
    sentence = _("No account pays for this card yet. Import its balance first, then settle.")
