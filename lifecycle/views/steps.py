"""Where each next action is done, for those who may do it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agents.models import Assignment
from cardfleet.accounts.models import User
from cardfleet.kernel.errors import Text
from lifecycle.choices import AlertKind, CaseKind, StopGroup
from lifecycle.models import Alert
from lifecycle.playbooks.registry import OPEN, VIEW
from lifecycle.rules.cases.suspension import group_of
from lifecycle.rules.priority import GO_ON, OPEN_A_CASE, NextAction
from lifecycle.selectors.cases import open_about

Subject = Alert | Assignment


@dataclass(frozen=True, kw_only=True)
class Step:
    """What a row is about, and its one button; `is_deed`: it acts at once instead of opening a page."""

    subject: Subject
    label: Text
    url: str
    is_deed: bool = False


@dataclass(frozen=True, kw_only=True)
class _Place:
    """The page an action is done on, and the right it needs. The address is empty where there is no such page."""

    permission: str
    url: Callable[[Subject], str]
    is_deed: bool = False


def _hand_out(subject: Subject) -> str:
    holder = subject.card.holder if subject.card else None
    return f"{reverse('lifecycle:issue')}?agent={holder.staff_no}" if holder else reverse("lifecycle:issue")


def _take_back(subject: Subject) -> str:
    return f"{reverse('lifecycle:return')}?card={subject.card_id}"


def _remind(subject: Subject) -> str:
    return reverse("lifecycle:remind-acceptance", args=[subject.pk])


def _record_state(subject: Subject) -> str:
    return reverse("lifecycle:transition", args=[subject.card_id])


def _reverify(_subject: Subject) -> str:
    return reverse("lifecycle:reverification")


def _top_up(subject: Subject) -> str:
    return f"{reverse('billing:top-up-ask')}?card={subject.card_id}" if subject.card_id else ""


def _ledger(subject: Subject) -> str:
    return f"{reverse('billing:ledger')}?card={subject.card_id}"


def _train(subject: Subject) -> str:
    return reverse("agents:detail", args=[subject.agent_id])


def _secrets(subject: Subject) -> str:
    return reverse("lifecycle:card-secrets", args=[subject.card_id])


def _go_on(subject: Subject) -> str:
    case = subject.params.get("case") if isinstance(subject, Alert) else None
    return reverse("lifecycle:case", args=[case]) if case else ""


def _wind_up(subject: Subject) -> str:
    leaving = subject.params.get("leaving") if isinstance(subject, Alert) else None
    return reverse("lifecycle:leaver", args=[leaving]) if leaving else ""


def _matter(subject: Subject) -> str:
    matter = subject.matter_id if isinstance(subject, Alert) else None
    return reverse("lifecycle:matter", args=[matter]) if matter else ""


def _connection(subject: Subject) -> str:
    connection = subject.connection_id if isinstance(subject, Alert) else None
    return reverse("admin:lifecycle_connection_change", args=[connection]) if connection else ""


PLACES: Mapping[str, _Place] = {
    "swap": _Place(permission="agents.issue_card", url=_hand_out),
    "acceptance": _Place(permission="agents.issue_card", url=_remind, is_deed=True),
    "return": _Place(permission="agents.issue_card", url=_take_back),
    "verify": _Place(permission="cards.change_service_state", url=_record_state),
    "reverify": _Place(permission="lifecycle.change_reverification", url=_reverify),
    "record_state": _Place(permission="cards.change_service_state", url=_record_state),
    "pay": _Place(permission="billing.ask_top_up", url=_top_up),
    "top_up": _Place(permission="billing.ask_top_up", url=_top_up),
    "see_fees": _Place(permission="billing.view_ledgerentry", url=_ledger),
    "open_case": _Place(permission="lifecycle.view_case", url=_go_on),
    "open_matter": _Place(permission="lifecycle.view_desk", url=_matter),
    "open_connection": _Place(permission="lifecycle.view_connection", url=_connection),
    "wind_up": _Place(permission="agents.view_leaving", url=_wind_up),
    "change_secret": _Place(permission="cards.reveal_secret", url=_secrets),
    "take_back_all": _Place(permission="agents.issue_card", url=_train),
    "train": _Place(permission="agents.add_trainingrecord", url=_train),
}


def steps(rows: Iterable[tuple[Subject, NextAction]], user: User) -> list[Step]:
    """Return rows, each with its one next action for this person; open cases of stopped cards in one query."""
    asked = list(rows)
    stopped = {subject.card_id for subject, _action in asked if _is_stop(subject) and subject.card_id}
    cases = open_about(stopped) if stopped and user.has_perm(VIEW) else {}
    return [_of_stop(subject, cases, user) or _step(subject, action, user) for subject, action in asked]


def _is_stop(subject: Subject) -> bool:
    return isinstance(subject, Alert) and subject.kind == AlertKind.STOPPED


def _of_stop(subject: Subject, cases: Mapping[int, int], user: User) -> Step | None:
    """Return that a stop is seen to in its case, or that one is opened; nothing for who may do neither."""
    if not _is_stop(subject) or subject.card is None:
        return None
    if case := cases.get(subject.card.pk):
        return Step(subject=subject, label=GO_ON.label, url=reverse("lifecycle:case", args=[case]))
    if not user.has_perm(OPEN):
        return None
    is_lost = group_of(subject.card.stop_reason) == StopGroup.LOST
    asked = {"card": subject.card.pk, "kind": str(CaseKind.LOSS if is_lost else CaseKind.SUSPENSION)}
    return Step(subject=subject, label=OPEN_A_CASE.label, url=f"{reverse('lifecycle:case-new')}?{urlencode(asked)}")


def _step(subject: Subject, action: NextAction, user: User) -> Step:
    """Return a row with its one next action for this person.

    Where the page of the action is not theirs the card's page stands in: it says what is to be done, and by whom.
    """
    place = PLACES.get(action.code)
    if place and user.has_perm(place.permission) and (url := place.url(subject)):
        return Step(subject=subject, label=action.label, url=url, is_deed=place.is_deed)
    if subject.card_id is None:
        return Step(subject=subject, label=_("See the agents"), url=reverse("agents:list"))
    label = _("See the card") if place else action.label
    return Step(subject=subject, label=label, url=reverse("lifecycle:card", args=[subject.card_id]))
