"""When a file of agents is one whose columns slipped. Pure."""

FEW = 1
"""So many may leave at once, however small the company."""
SHARE = 5


def too_many_leave(leavers: int, *, of: int) -> bool:
    """Tell whether more than a fifth of the agents would leave at once."""
    return leavers > FEW and leavers * SHARE > of
