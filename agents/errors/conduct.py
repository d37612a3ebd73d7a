"""What is refused about targets, plans of calls, scripts, rewards and appraisals."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import BadInput, Conflict, NotAllowed, Refusal


class TargetNotUsable(BadInput):
    """A target that is no number or of nobody in scope."""

    code = "target_not_usable"
    sentence = _("Some targets cannot be used. Nothing was changed; correct what is named.")


class NothingToSplit(Refusal):
    """A team without a target, or without anybody below it."""

    code = "nothing_to_split"
    sentence = _("This team has no target of the month, or nobody below it to split it over. Set the target first.")


class CallPlanNotUsable(BadInput):
    """A plan of calls whose days or people make no sense."""

    code = "call_plan_not_usable"
    sentence = _("This plan cannot be used. Correct what is named.")


class CallPlanWithdrawn(Conflict):
    """A plan is withdrawn once."""

    code = "call_plan_withdrawn"
    sentence = _("This plan is withdrawn already. Nothing was changed.")


class ScriptNotUsable(BadInput):
    """A version without words."""

    code = "script_not_usable"
    sentence = _("This version cannot be used. Correct what is named.")


class ScriptLacks(Refusal):
    """A script is approved only where it says what the law asks for (广告法 art. 43)."""

    code = "script_lacks"
    sentence = _("This version is not approved: it lacks what the law asks for. Write a version that says it.")


class OwnScript(NotAllowed):
    """Two people: who writes does not approve."""

    code = "own_script"
    sentence = _("Somebody else has to approve what you wrote.")


class ScriptApproved(Conflict):
    """A version is approved once."""

    code = "script_approved"
    sentence = _("This version is approved already. Nothing was changed.")


class RewardNotUsable(BadInput):
    """A record of a reward that makes no sense."""

    code = "reward_not_usable"
    sentence = _("This record cannot be used. Correct what is named.")


class RewardRefused(Refusal):
    """Nobody is rewarded for results reached by breaking a limit (R71)."""

    code = "reward_refused"
    sentence = _("No reward for results: limits were broken in this month. Reward something else, or another month.")


class RewardWithdrawn(Conflict):
    """A record is withdrawn once."""

    code = "reward_withdrawn"
    sentence = _("This record is withdrawn already. Nothing was changed.")


class AppraisalNotUsable(BadInput):
    """An appraisal without words, or of a month that is not over."""

    code = "appraisal_not_usable"
    sentence = _("This appraisal cannot be used. Correct what is named.")


class AppraisedAlready(Conflict):
    """One appraisal an agent and month; once signed it stays."""

    code = "appraised_already"
    sentence = _("This month is appraised already. Signed appraisals are not changed.")


class AppraisalSigned(Conflict):
    """The agent signs once; what was said then stays."""

    code = "appraisal_signed"
    sentence = _("You have signed this appraisal already. Nothing was changed.")
