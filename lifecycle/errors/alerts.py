"""What is refused about alerts and the registers behind them."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import BadInput, Conflict


class AlertClosed(Conflict):
    """The alert's cause is gone already."""

    code = "alert_closed"
    sentence = _("This alert is closed already: its cause is gone.")


class TakenBack(Conflict):
    """The row was taken back before, or takes one back itself."""

    code = "taken_back"
    sentence = _("This entry was taken back already. Record it anew if it holds after all.")


class MarkedAlready(Conflict):
    """The platform's mark is on record."""

    code = "marked_already"
    sentence = _("This mark is on record already. End it before you record a new one.")


class MarkEnded(Conflict):
    """The mark was ended before."""

    code = "mark_ended"
    sentence = _("This mark has ended already.")


class VerifiedAlready(Conflict):
    """The clock was stopped before."""

    code = "verified_already"
    sentence = _("This re-verification is done already.")


class SnoozeUnfit(BadInput):
    """The end of the rest lies in the past or too far ahead."""

    code = "snooze_unfit"
    sentence = _("An alert rests from now on for at most fourteen days. Choose another end.")


class SnoozePastDeadline(Conflict):
    """The alert would rest beyond its deadline."""

    code = "snooze_past_deadline"
    sentence = _("This alert would rest past its deadline. Choose an earlier end.")


class AssigneeUnfit(Conflict):
    """The person may not see to this alert."""

    code = "assignee_unfit"
    sentence = _("This person does not see this alert or may not handle it. Choose somebody in charge of its team.")


class EscalationOutOfOrder(BadInput):
    """A step would come before the one below it."""

    code = "escalation_out_of_order"
    sentence = _("Each step comes later than the one before it. Choose hours that grow from step to step.")


class NoticePeriodUnfit(BadInput):
    """A notice ends before it begins."""

    code = "notice_period_unfit"
    sentence = _("The notice ends before it begins. Correct one of the two times.")


class NoticeWithdrawn(Conflict):
    """The notice was withdrawn before."""

    code = "notice_withdrawn"
    sentence = _("This notice was withdrawn already. Nothing was changed.")


class CommentMissing(BadInput):
    """A comment without words."""

    code = "comment_missing"
    sentence = _("Write what others should know, in at most a thousand characters.")
