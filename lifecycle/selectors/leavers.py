"""What the page of a leaver shows beside the tasks: the cases that wind the cards up, what is kept and how long."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from agents.choices import LeavingTaskKind
from agents.models import Leaving
from agents.selectors.leaving import TaskRow, task_rows
from billing.models import Claim
from billing.selectors.claim_terms import waiting_claims
from cardfleet.kernel.clock import business_day
from lifecycle.models import Case


@dataclass(frozen=True, kw_only=True)
class LeaverRow:
    """A task, with the open cases of its card."""

    row: TaskRow
    cases: Sequence[Case]


@dataclass(frozen=True, kw_only=True)
class LeaverPage:
    """The tasks of a leaving; `claims` are those that still wait to be sent, approved or paid."""

    leaving: Leaving
    rows: Sequence[LeaverRow]
    claims: Sequence[Claim]
    today: date

    @property
    def done(self) -> int:
        """How many tasks are done."""
        return sum(row.row.is_done for row in self.rows)

    @property
    def is_ready(self) -> bool:
        """Whether nothing is left but to finish it."""
        return self.leaving.left_at is not None and self.done == len(self.rows)

    @property
    def late(self) -> int:
        """How many tasks are late."""
        return sum(row.row.is_late for row in self.rows)

    @property
    def registered(self) -> Sequence[LeaverRow]:
        """The cards that need another user or their end."""
        return [row for row in self.rows if _ends_by_case(row.row) and not row.row.is_done]


def leaver_page(leaving: Leaving, *, now: datetime) -> LeaverPage:
    """Return what the page shows; the number of statements does not depend on the number of cards."""
    today = business_day(now)
    rows = task_rows(leaving, today=today)
    cases = _cases([row.task.card_id for row in rows if _ends_by_case(row)])
    return LeaverPage(
        leaving=leaving,
        today=today,
        claims=waiting_claims(leaving.agent),
        rows=[LeaverRow(row=row, cases=cases[row.task.card_id] if _ends_by_case(row) else ()) for row in rows],
    )


def _ends_by_case(row: TaskRow) -> bool:
    return row.task.kind == LeavingTaskKind.USER


def _cases(card_ids: Sequence[int | None]) -> defaultdict[int | None, list[Case]]:
    found: defaultdict[int | None, list[Case]] = defaultdict(list)
    for case in Case.objects.open().filter(card__in=set(card_ids)).order_by("-pk"):
        found[case.card_id].append(case)
    return found
