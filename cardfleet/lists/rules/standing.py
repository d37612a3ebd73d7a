"""Whether a report may still be sent. Pure."""

from dataclasses import dataclass

from cardfleet.lists.choices import WhyStopped


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What must hold for a report at the moment it is sent."""

    owner_is_here: bool
    owner_may_export: bool
    view_is_there: bool
    owner_sees_view: bool
    view_is_usable: bool
    recipients: int


def why_not(standing: Standing) -> WhyStopped | None:
    """Return what stops a report, the weightiest first, or None."""
    unmet = (
        (standing.owner_is_here, WhyStopped.OWNER_LEFT),
        (standing.owner_may_export, WhyStopped.RIGHT_LOST),
        (standing.view_is_there, WhyStopped.VIEW_DELETED),
        (standing.owner_sees_view, WhyStopped.VIEW_HIDDEN),
        (standing.view_is_usable, WhyStopped.VIEW_UNUSABLE),
        (standing.recipients > 0, WhyStopped.NO_RECIPIENT),
    )
    return next((why for holds, why in unmet if not holds), None)
