"""Who may stand where and act on whom. Pure."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.choices import Role, TeamKind
from cardfleet.kernel.errors import Reason

SIZES = (TeamKind.COMPANY, TeamKind.LEGAL_ENTITY, TeamKind.SITE, TeamKind.TEAM)


def may_stand_below(kind: TeamKind, above: TeamKind) -> bool:
    """Tell whether a team may stand below another: below a larger kind, and teams below teams."""
    return SIZES.index(kind) > SIZES.index(above) or kind == above == TeamKind.TEAM


def is_subordinate(roles: Collection[str]) -> bool:
    """Tell whether a supervisor may act on somebody with these roles."""
    return set(roles) <= {Role.AGENT}


LONGEST_DELEGATION = timedelta(days=92)


def faults_of_delegation(
    *, starts_at: datetime, ends_at: datetime, now: datetime, receiver_roles: Collection[str], is_covered: bool
) -> Iterator[Reason]:
    """Yield why what somebody sees of a team cannot be lent so: nobody lends more than they have (R12)."""
    if not is_covered:
        yield Reason(code="not_yours", message=_("The lender does not see this team."), field="team")
    if Role.SUPERVISOR not in receiver_roles:
        yield Reason(
            code="no_supervisor",
            message=_("Only a supervisor may stand in."),
            field="receiver",
            clears=_("An administrator gives that role first."),
        )
    if ends_at <= max(starts_at, now):
        yield Reason(code="no_time", message=_("It ends after it starts, and in time to come."), field="last")
    if ends_at - starts_at > LONGEST_DELEGATION:
        yield Reason(
            code="too_long",
            message=_("At most 92 days."),
            field="last",
            clears=_("For longer, an administrator grants the scope."),
        )
