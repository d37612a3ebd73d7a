"""The registry of what may be done to many cards at once. A new action is a file beside this one:

    register(
        BulkAction(name="plan", label=_("Set plan"), icon="receipt", right="cards.change_card", order=50,
                   form=PlanForm, perform=set_plan, undo=restore_plan, at_once=1000)
    )

`perform` gets the ids of some cards, which it finds locked in its transaction and in the actor's scope, and tells of
each whether it was done, with what undoing it needs, or why not. The job, its results and its page come by themselves.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django import forms
from django.db import transaction
from django.http import QueryDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.files.models import StoredFile
from cardfleet.jobs.models import Job
from cardfleet.kernel.errors import Reason, Refusal, Text
from cards.models import Card
from cards.querysets import CardQuerySet
from lifecycle.errors import ChangedSince

ONE_BY_ONE = 25  # cards in one transaction where the service of one card is called for each
SET_BASED = 1000
ALL = 0  # in one transaction: a file, a message a holder


class BulkForm(forms.Form):
    """What an action asks for beside the cards; page and API fill it with the same values as text."""

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.offer()

    def offer(self) -> None:
        """Limit the choices to the person's scope."""

    @classmethod
    def of_list(cls, _address: QueryDict) -> dict[str, Any]:
        """Return what the fields begin with, by the address of the list that the person came from."""
        return {}


@dataclass(frozen=True)
class Asked:
    """What a job is to do: for whom, now, with which checked values of its form."""

    job: Job
    actor: User
    now: datetime
    given: Mapping[str, Any]

    @cached_property
    def cards(self) -> CardQuerySet:
        """The cards in the actor's scope."""
        return Card.objects.visible_to(self.actor)


@dataclass(frozen=True)
class Outcomes:
    """What became of cards, by id. `done` holds what undoing needs: plain values, nothing where nothing changed.

    `files` (the last one) and `links` (addresses) are offered on the job's page.
    """

    done: dict[int, dict[str, Any]] = field(default_factory=dict)
    refused: dict[int, Reason] = field(default_factory=dict)
    files: list[StoredFile] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def refuse_all(self, card_ids: Sequence[int], reason: Reason) -> None:
        """Refuse cards for one reason."""
        self.refused.update(dict.fromkeys(card_ids, reason))


Tell = Callable[[Collection[int], Asked], None]
Perform = Callable[[Sequence[int], Asked], Outcomes]
Undo = Callable[[Mapping[int, dict[str, Any]], Asked], Outcomes]


@dataclass(frozen=True, kw_only=True)
class BulkAction:
    """Something done to many cards. `right` is asked of its single page, too; `at_once` cards share a transaction.

    `is_reading`: cards are neither locked nor changed. `undo` gets what `perform` left by card and refuses
    (`changed_since`) those that are no longer so. `tell` and `tell_undone` tell people once, when all of a job is done,
    by a key of the job: a run that was cut off tells when it goes on. `is_grave` asks in red; `note` is said beside the
    question.
    """

    name: str
    label: Text
    icon: str
    right: str
    perform: Perform
    form: type[BulkForm] = BulkForm
    undo: Undo | None = None
    tell: Tell | None = None
    tell_undone: Tell | None = None
    at_once: int = ONE_BY_ONE
    order: int = 100
    is_grave: bool = False
    is_reading: bool = False
    note: Text = ""

    @property
    def kind(self) -> str:
        """The kind of its jobs."""
        return f"lifecycle.bulk_{self.name}"

    @property
    def undo_kind(self) -> str:
        """The kind of the jobs that undo it, empty where it cannot be undone."""
        return f"{self.kind}_undo" if self.undo else ""

    @property
    def job_label(self) -> Text:
        """Its jobs in words."""
        return format_lazy(_("Many cards: {action}"), action=self.label)

    @property
    def undo_label(self) -> Text:
        """The jobs that undo it, in words."""
        return format_lazy(_("Undo: {action}"), action=self.label)


_actions: dict[str, BulkAction] = {}


def register(action: BulkAction) -> None:
    """Make an action known; the same name twice is a defect."""
    if action.name in _actions:
        raise ValueError(f"bulk action {action.name} is registered twice")
    _actions[action.name] = action


def actions() -> list[BulkAction]:
    """Return all actions in the order of their menu."""
    return sorted(_actions.values(), key=lambda action: (action.order, action.name))


def actions_of(person: User) -> list[BulkAction]:
    """Return the actions a person has the right to."""
    return [action for action in actions() if person.has_perm(action.right)]


def action_named(name: str) -> BulkAction | None:
    """Return an action by its name."""
    return _actions.get(name)


def one_by_one(card_ids: Sequence[int], deed: Callable[[int], dict[str, Any]]) -> Outcomes:
    """Do a deed to each card by the service of one card; what that refuses undoes that card's part alone."""
    outcomes = Outcomes()
    for card_id in card_ids:
        try:
            with transaction.atomic():
                outcomes.done[card_id] = deed(card_id)
        except Refusal as refusal:
            outcomes.refused[card_id] = as_one(refusal)
    return outcomes


def as_one(refusal: Refusal) -> Reason:
    """Return a refusal as one reason that says all of its conditions."""
    if not refusal.reasons:
        return Reason(code=refusal.code, message=str(refusal))
    return replace(refusal.reasons[0], message=" ".join(_sentences(refusal.reasons)), clears="")


def said(reason: Reason) -> Reason:
    """Return a reason whose message also says what clears it."""
    return replace(reason, message=f"{reason.message} {reason.clears}".strip(), clears="")


def _sentences(reasons: Sequence[Reason]) -> Iterator[str]:
    for reason in reasons:
        yield f"{reason.message} {reason.clears}".strip()


def changed_since() -> Reason:
    """Return why a card is not put back: somebody changed it after the job."""
    return Reason(code=ChangedSince.code, message=ChangedSince.sentence)
