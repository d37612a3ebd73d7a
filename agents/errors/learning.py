"""What is refused about courses, tests, policies and plans."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import BadInput, Conflict, Refusal


class CourseHasNoTest(Refusal):
    """Nobody published questions for the course."""

    code = "course_has_no_test"
    sentence = _("This course has no test. Your supervisor records that you passed it.")


class VersionPublishedSince(Conflict):
    """A newer version came while somebody was at work with an older one."""

    code = "version_published_since"
    sentence = _("A newer version was published meanwhile. Read it and begin again.")


class AttemptsUsedUp(Refusal):
    """So many attempts a day, no more."""

    code = "attempts_used_up"
    sentence = _("You have used today's attempts. Read the material again and take the test tomorrow.")


class AnswersMissing(BadInput):
    """A test is handed in whole."""

    code = "answers_missing"
    sentence = _("Some questions have no answer. Answer all of them; this was not counted as an attempt.")


class NameNotSigned(BadInput):
    """A commitment or a policy is signed with the person's own name."""

    code = "name_not_signed"
    sentence = _("Sign with your name as it stands on your account.")


class VersionNotUsable(BadInput):
    """A version that cannot be published as it is."""

    code = "version_not_usable"
    sentence = _("This version cannot be published. Correct what is named.")


class NotInForce(Conflict):
    """Only the version in force is acknowledged."""

    code = "not_in_force"
    sentence = _("This text is not in force any more, or not yet. Reload and read the one that is.")


class NotAddressed(Refusal):
    """The policy binds others."""

    code = "not_addressed"
    sentence = _("This policy does not concern you. There is nothing to sign.")


class PlanNotUsable(BadInput):
    """A plan whose days make no sense."""

    code = "plan_not_usable"
    sentence = _("These days cannot be used. Correct what is named.")


class PlanWithdrawn(Conflict):
    """A plan is withdrawn once."""

    code = "plan_withdrawn"
    sentence = _("This plan is withdrawn already. Nothing was changed.")


class NobodyTrained(BadInput):
    """A session without agents."""

    code = "nobody_trained"
    sentence = _("No agent was chosen. Choose those who passed.")


class SessionRefused(BadInput):
    """A session that cannot be recorded for some of its agents; nothing was recorded."""

    code = "session_refused"
    sentence = _("Some of these agents cannot be recorded. Nothing was recorded; leave them out or correct them.")
