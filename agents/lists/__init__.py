"""The lists of agents: who they are, who held which card, and who leaves."""

from agents.lists.agents import AGENTS, ASSIGNMENTS
from agents.lists.leavers import LEAVERS

__all__ = ["AGENTS", "ASSIGNMENTS", "LEAVERS"]
