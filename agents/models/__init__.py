"""Who holds which card, and whether they may."""

from agents.models.absence import Absence
from agents.models.agent import Agent
from agents.models.appraisal import Appraisal, Reward
from agents.models.assignment import Assignment
from agents.models.callee import CalleeListing
from agents.models.confirmation import CardConfirmation
from agents.models.handover import Handover
from agents.models.leaving import Leaving, LeavingPolicy, LeavingTask
from agents.models.plan import TrainingPlan
from agents.models.policy import Acknowledgement, Policy, PolicyVersion
from agents.models.request import CardRequest, RequestDecision
from agents.models.reservation import Reservation
from agents.models.script import Script, ScriptVersion
from agents.models.stocktake import StockTake, StockTakeRow
from agents.models.target import CallPlan, Target
from agents.models.training import Course, CourseAttempt, CourseVersion, TrainingRecord

__all__ = [
    "Absence",
    "Acknowledgement",
    "Agent",
    "Appraisal",
    "Assignment",
    "CallPlan",
    "CalleeListing",
    "CardConfirmation",
    "CardRequest",
    "Course",
    "CourseAttempt",
    "CourseVersion",
    "Handover",
    "Leaving",
    "LeavingPolicy",
    "LeavingTask",
    "Policy",
    "PolicyVersion",
    "RequestDecision",
    "Reservation",
    "Reward",
    "Script",
    "ScriptVersion",
    "StockTake",
    "StockTakeRow",
    "Target",
    "TrainingPlan",
    "TrainingRecord",
]
