"""Steps and clocks of the desk's matters, by kind (R35, R40, R83; PIPL art. 45 to 50, 57)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason, Text
from cards.choices import Severity
from lifecycle.choices import ClockUnit, EscalationLevel, MatterGroup, MatterKind, MatterOutcome
from lifecycle.rules.cases.clocks import WorkingDays, due_at
from lifecycle.rules.cases.watching import severity_of

IDENTITY, ANSWER = "identity", "answer"
AT_MOST = timedelta(days=30)
"""How long a request may take from its receipt when it was extended."""
AN_INSTANT = timedelta(microseconds=1)
"""A clock that ends at midnight ended the day before."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A step of a kind. Its clock begins at the receipt, or when the step named by `after` was done.

    `source` is where the time comes from; without one it is our own, and shown as illustrative.
    """

    code: str
    label: Text
    amount: int
    unit: str = ClockUnit.WORKDAYS
    after: str = ""
    help: Text = ""
    source: str = ""


COMPLAINT = (
    Plan(
        code="pass_on",
        label=_("Pass it on to who answers for the number"),
        amount=3,
        help=_("To the team of the card, with what the person said. Whoever asked not to be called is not called."),
        source="通信短信息和语音呼叫服务管理规定(征求意见稿) 2020-08-31",
    ),
    Plan(
        code="reply",
        label=_("Look into it and reply"),
        amount=15,
        help=_("What was found in calls and consents, whether the complaint is valid, and what was done."),
        source="通信短信息和语音呼叫服务管理规定(征求意见稿) 2020-08-31",
    ),
    Plan(
        code="tell",
        label=_("Tell the person who complained"),
        amount=3,
        after="reply",
        source="通信短信息和语音呼叫服务管理规定(征求意见稿) 2020-08-31",
    ),
)
REQUEST = (
    Plan(
        code=IDENTITY,
        label=_("Check who asks"),
        amount=3,
        help=_(
            "How it was made sure that it is the person: a sign-in, an ID shown, a call back. Keep no copy of an ID."
        ),
    ),
    Plan(
        code=ANSWER,
        label=_("Decide and carry it out"),
        amount=15,
        help=_("The answer, or why it is refused. It may be extended once, to 30 days from the receipt."),
        source="个人信息保护法第 50 条; GB/T 35273 8.7: 30 天",
    ),
    Plan(code="tell", label=_("Tell the person"), amount=3, after=ANSWER),
)
BREACH = (
    Plan(code="contain", label=_("Contain it"), amount=4, unit=ClockUnit.HOURS, help=_("What was done, and when.")),
    Plan(
        code="authority",
        label=_("Report to the authority"),
        amount=24,
        unit=ClockUnit.HOURS,
        help=_("To whom, by whom, when: what data, why, what may follow, what was done, whom to ask."),
        source="个人信息保护法第 57 条: 立即",
    ),
    Plan(
        code="people",
        label=_("Tell the people concerned"),
        amount=72,
        unit=ClockUnit.HOURS,
        help=_("When and how. Where the harm could be averted for certain, say why they need not be told."),
        source="个人信息保护法第 57 条",
    ),
    Plan(code="remedy", label=_("Put right what let it happen"), amount=15, after="contain"),
)
PLANS: Mapping[MatterKind, tuple[Plan, ...]] = {
    MatterKind.COMPLAINT: COMPLAINT,
    MatterKind.BREACH: BREACH,
    **dict.fromkeys((MatterKind.ACCESS, MatterKind.CORRECT, MatterKind.DELETE, MatterKind.WITHDRAW), REQUEST),
}
GROUPS: Mapping[MatterGroup, tuple[MatterKind, ...]] = {
    MatterGroup.COMPLAINTS: (MatterKind.COMPLAINT,),
    MatterGroup.REQUESTS: (MatterKind.ACCESS, MatterKind.CORRECT, MatterKind.DELETE, MatterKind.WITHDRAW),
    MatterGroup.BREACHES: (MatterKind.BREACH,),
}
OUTCOMES: Mapping[MatterGroup, tuple[MatterOutcome, ...]] = {
    MatterGroup.COMPLAINTS: (MatterOutcome.ANSWERED, MatterOutcome.WITHDRAWN),
    MatterGroup.REQUESTS: (
        MatterOutcome.GRANTED,
        MatterOutcome.KEPT,
        MatterOutcome.REFUSED,
        MatterOutcome.WITHDRAWN,
    ),
    MatterGroup.BREACHES: (MatterOutcome.SETTLED,),
}


@dataclass(frozen=True, kw_only=True)
class MatterFacts:
    """A matter as the rules see it: `done` is when each done step was, `named_in` the open cases it meets."""

    kind: str
    received_at: datetime
    done: Mapping[str, datetime]
    is_extended: bool = False
    named_in: Sequence[Reason] = ()


def group_of(kind: str) -> MatterGroup:
    """Return the register of a kind."""
    return next(group for group, kinds in GROUPS.items() if kind in kinds)


def plan_of(kind: str, code: str) -> Plan:
    """Return a step of a kind."""
    return next(plan for plan in PLANS[MatterKind(kind)] if plan.code == code)


def dues(facts: MatterFacts, *, days: WorkingDays) -> dict[str, datetime]:
    """Return when each step is due; what follows a step that is not done yet goes by when that one is due."""
    found: dict[str, datetime] = {}
    for plan in PLANS[MatterKind(facts.kind)]:
        start = facts.done.get(plan.after) or found.get(plan.after, facts.received_at + AN_INSTANT) - AN_INSTANT
        due = due_at(start, plan.amount, plan.unit, days=days)
        assert due is not None  # noqa: S101 - every plan has a clock
        longest = facts.received_at + AT_MOST
        found[plan.code] = max(due, longest) if facts.is_extended and plan.code == ANSWER else due
    return found


def next_code(facts: MatterFacts) -> str:
    """Return the step that is to be done now; empty when all are."""
    return next((plan.code for plan in PLANS[MatterKind(facts.kind)] if plan.code not in facts.done), "")


def gravity(kind: str, due: datetime, *, now: datetime) -> Severity:
    """Return how grave it is that a matter waits: a breach at once, the others as any case."""
    return Severity.CRITICAL if kind == MatterKind.BREACH else severity_of(due, level=EscalationLevel.OWN, now=now)


def unmet_to_do(facts: MatterFacts, code: str, *, at: datetime, has_proof: bool) -> list[Reason]:
    """Return why a step cannot be recorded as done at a moment."""
    ahead, found = next_code(facts), []
    if code in facts.done:
        message = _("This step is done. What is done stays; write what is new beside the next one.")
        found.append(Reason(code="step_done", message=message))
    elif code != ahead:
        before = plan_of(facts.kind, ahead).label
        found.append(Reason(code="step_too_early", message=_("Another step comes first."), clears=before))
    if at < max([facts.received_at, *facts.done.values()]):
        message = _("This is earlier than the step before it. Correct the time.")
        found.append(Reason(code="runs_backward", field="done_at", message=message))
    if not has_proof:
        message = _("Say what was done, or attach a file.")
        found.append(Reason(code="proof_missing", field="note", message=message))
    return found


def unmet_to_close(facts: MatterFacts, outcome: str, because: str) -> list[Reason]:
    """Return why a matter cannot end so."""
    if outcome not in OUTCOMES[group_of(facts.kind)]:
        return [Reason(code="outcome_unfit", field="outcome", message=_("A matter of this kind does not end so."))]
    if outcome in (MatterOutcome.WITHDRAWN, MatterOutcome.REFUSED, MatterOutcome.KEPT) and not because.strip():
        return [Reason(code="reason_missing", field="because", message=_("Say why; the person is told so."))]
    if outcome == MatterOutcome.WITHDRAWN:
        return []
    open_steps = [plan for plan in PLANS[MatterKind(facts.kind)] if plan.code not in facts.done]
    found = [Reason(code="step_open", message=plan.label, clears=_("Record this step first.")) for plan in open_steps]
    if facts.kind == MatterKind.DELETE and outcome == MatterOutcome.GRANTED:
        found += facts.named_in
    return found


def erases(kind: str, outcome: str, *, of_person: bool) -> bool:
    """Tell whether a matter that ends so erases a person of ours: its end needs a fresh sign-in."""
    return kind == MatterKind.DELETE and outcome == MatterOutcome.GRANTED and of_person
