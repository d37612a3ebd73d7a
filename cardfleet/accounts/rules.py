"""Who may stand where and act on whom. Pure."""

from collections.abc import Collection

from cardfleet.accounts.choices import Role, TeamKind

SIZES = (TeamKind.COMPANY, TeamKind.LEGAL_ENTITY, TeamKind.SITE, TeamKind.TEAM)


def may_stand_below(kind: TeamKind, above: TeamKind) -> bool:
    """Tell whether a team may stand below another: below a larger kind, and teams below teams."""
    return SIZES.index(kind) > SIZES.index(above) or kind == above == TeamKind.TEAM


def is_subordinate(roles: Collection[str]) -> bool:
    """Tell whether a supervisor may act on somebody with these roles."""
    return set(roles) <= {Role.AGENT}
