"""Whose word a request for cards needs (R11). Pure."""

from agents.choices import ApprovalLevel

MOST_CARDS = 50


def levels(*, count: int, held: int, quota: int) -> tuple[ApprovalLevel, ...]:
    """Return who has to approve, in order: the supervisor; compliance too where more than the quota would be held.

    `held` is how many cards the agent has, `quota` how many one agent usually needs.
    """
    if held + count > quota:
        return (ApprovalLevel.SUPERVISOR, ApprovalLevel.COMPLIANCE)
    return (ApprovalLevel.SUPERVISOR,)


def next_level(level: str, *, count: int, held: int, quota: int) -> ApprovalLevel | None:
    """Return whose word is missing after `level` said yes; None when nobody's is."""
    needed = levels(count=count, held=held, quota=quota)
    after = needed[needed.index(ApprovalLevel(level)) + 1 :] if level in needed else ()
    return after[0] if after else None
