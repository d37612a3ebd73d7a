"""The one list of how long data is kept: what the law asks for, what is set, what would go, what went last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from billing.models import RetentionRule
from cardfleet.jobs.models import ScheduledRun
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.errors import Text
from cardfleet.kernel.retention import Category, Due, OwnDate, categories, holds, kept_from, own_dates

JOB = "apply_retention"


@dataclass(frozen=True, kw_only=True)
class RetentionRow:
    """A category with its rule, what the next run would take, and how much the last one took."""

    category: Category
    rule: RetentionRule
    before: date
    due: Due
    held: Sequence[tuple[Text, int]]
    went: int

    @property
    def would_wait(self) -> bool:
        """Whether the next run would ask first."""
        confirmed = self.rule.confirmed_before
        return self.due.count > self.rule.at_once and (confirmed is None or self.before > confirmed)


@dataclass(frozen=True, kw_only=True)
class RetentionPage:
    """The list, what goes by dates of its own, and the last run."""

    rows: Sequence[RetentionRow]
    own_dates: Sequence[OwnDate]
    last: ScheduledRun | None
    now: datetime

    @property
    def waiting(self) -> int:
        """How many categories wait for a word."""
        return sum(row.rule.waiting is not None or row.would_wait for row in self.rows)


def retention_page(*, now: datetime) -> RetentionPage:
    """Return the page as of a moment; the number of queries follows the categories, not the data."""
    last = ScheduledRun.objects.filter(name=JOB, ok=True).order_by("-started_at").first()
    went: Mapping[str, int] = last.summary if last else {}
    labels, known = {hold.code: hold.label for hold in holds()}, categories()
    rules = [rule for rule in RetentionRule.objects.order_by("pk") if rule.category in known]
    return RetentionPage(
        rows=[_row(rule, known[rule.category], labels, went, today=business_day(now)) for rule in rules],
        own_dates=own_dates(),
        last=last,
        now=now,
    )


def _row(
    rule: RetentionRule, category: Category, labels: Mapping[str, Text], went: Mapping[str, int], *, today: date
) -> RetentionRow:
    before = max(category.kept(kept_from(today, rule.months)), rule.dropped_before or date.min)
    due = category.look(before)
    return RetentionRow(
        category=category,
        rule=rule,
        before=before,
        due=due,
        held=[(labels[code], count) for code, count in due.held.items()],
        went=went.get(rule.category, 0),
    )
