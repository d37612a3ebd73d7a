"""How long leavers, ID papers, complaints and what was brought in are kept, and what holds data back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from agents.models import Assignment, Leaving
from agents.services.agent_files import KIND as AGENTS_FILE
from cardfleet.accounts.models import User
from cardfleet.files.models import StoredFile
from cardfleet.files.services import discard
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.personal import GONE
from cardfleet.kernel.retention import (
    NO_FLOOR,
    Category,
    Effect,
    Floor,
    Hold,
    Rows,
    deleted,
    register,
    register_hold,
    register_own_date,
)
from cards.models import Card, IdCheck, Sanction
from lifecycle.choices import MatterGroup
from lifecycle.models import Case, CaseContact, Complaint, ConnectionRun, Matter
from lifecycle.rules.desk.matters import GROUPS
from lifecycle.services.device_files import KIND as DEVICES_FILE
from lifecycle.services.past_matters import clear_complaints, clear_contacts, clear_matters, erase_leavers

UPLOADS = (AGENTS_FILE, DEVICES_FILE)
LOGS = Floor(months=6, basis=_("Who did what is named six months at least (Cybersecurity Law, art. 21)."))
COMPLAINTS = Floor(
    months=5, basis=_("Proofs of messages are kept five months (draft of 2020-08-31, not in force)."), is_sure=False
)
PROVIDED = Floor(
    months=36, basis=_("Records of providing personal data are kept three years (Network Data Regulation, art. 12).")
)


def in_open_cases() -> QuerySet[Any]:
    """Return the ids of people named in open cases: reporters, those they are assigned to, holders of the card."""
    cases = Case.objects.open().order_by()
    people = cases.values_list("opened_by").union(cases.values_list("assignee"), cases.values_list("card__holder"))
    named: QuerySet[Any] = User.objects.filter(pk__in=people).values("pk")
    return named


register_hold(
    Hold(
        code="case",
        label=_("an open case"),
        people=in_open_cases,
        cards=lambda: Case.objects.open().order_by().values("card"),
    )
)
register_hold(
    Hold(
        code="complaint",
        label=_("an open complaint"),
        people=lambda: (
            _open(MatterGroup.COMPLAINTS).exclude(complaint__card__holder=None).values("complaint__card__holder")
        ),
        cards=lambda: _open(MatterGroup.COMPLAINTS).exclude(complaint=None).values("complaint__card"),
    )
)
register_hold(
    Hold(
        code="request",
        label=_("a running subject request"),
        people=lambda: _open(MatterGroup.REQUESTS).exclude(about=None).values("about"),
        cards=lambda: Card.objects.none().values("pk"),
    )
)


def _open(group: MatterGroup) -> QuerySet[Matter]:
    return Matter.objects.open().filter(kind__in=GROUPS[group]).order_by()


def past_leavers(moment: datetime) -> QuerySet[User]:
    """Return people who left before a moment, hold nothing, and of whose leaving nothing is open."""
    busy = (
        Exists(Assignment.objects.open().filter(agent__user=OuterRef("pk"))),
        Exists(Leaving.objects.open().filter(agent__user=OuterRef("pk"))),
        Exists(Card.objects.live().filter(Q(actual_user=OuterRef("pk")) | Q(registrant__staff=OuterRef("pk")))),
    )
    people: QuerySet[User] = User.objects.filter(is_active=False, erased_at=None, left_on__lt=business_day(moment))
    for reason in busy:
        people = people.exclude(reason)
    return people


def past_uploads(moment: datetime) -> QuerySet[StoredFile]:
    """Return lists that were brought in before a moment and have no date of their own."""
    return StoredFile.objects.exclude(content="").filter(purpose__in=UPLOADS, created_at__lt=moment)


def past_complaints(moment: datetime) -> QuerySet[Complaint]:
    """Return complaints with words in them, received before a moment, whose matter is over."""
    said = Complaint.objects.exclude(summary__in=("", GONE)).filter(received_at__lt=moment)
    return said.filter(Q(matter=None) | Q(matter__closed_at__lt=moment))


def past_matters(moment: datetime) -> QuerySet[Matter]:
    """Return matters that ended before a moment and still say about what."""
    return Matter.objects.exclude(title=GONE).filter(closed_at__lt=moment)


def past_contacts(moment: datetime) -> QuerySet[CaseContact]:
    """Return contacts with a name, of cases that ended before a moment."""
    return CaseContact.objects.exclude(person__in=("", GONE)).filter(case__closed_at__lt=moment)


def discarded(files: QuerySet[StoredFile], now: datetime) -> Mapping[str, int]:
    """Delete the content of files; name and hash stay."""
    return {"files": discard(files=StoredFile.objects.filter(pk__in=list(files.values_list("pk", flat=True))), now=now)}


PEOPLE = Rows(past=past_leavers, at="left_on", drop=erase_leavers, people=("pk",))
SAID = Rows(past=past_complaints, at="received_at", drop=clear_complaints, cards=("card",))
MATTERS = Rows(past=past_matters, at="closed_at", drop=clear_matters, people=("about",))
CONTACTS = Rows(past=past_contacts, at="at", drop=clear_contacts, cards=("case__card",))
FILES = Rows(past=past_uploads, at="created_at", drop=discarded)
SANCTIONS = Rows(
    past=lambda moment: Sanction.objects.filter(ends_on__lt=business_day(moment)),
    at="recorded_at",
    drop=deleted,
    people=("person", "registrant__staff"),
)
ID_CHECKS = Rows(
    past=lambda moment: IdCheck.objects.filter(asked_at__lt=moment).exclude(answered_at=None),
    at="asked_at",
    drop=deleted,
    people=("person",),
)
RUNS = Rows(past=lambda moment: ConnectionRun.objects.filter(started_at__lt=moment), at="started_at", drop=deleted)
THEIR_END = _("their end")

for _code, _label, _floor, _months, _since, _effect, _rows, _at_once in (
    ("people", _("Leavers, with their ID papers"), LOGS, 36, _("their last day"), Effect.ANONYMOUS, PEOPLE, 20),
    ("complaints", _("What complaints say"), COMPLAINTS, 36, _("their receipt"), Effect.ANONYMOUS, SAID, 5000),
    ("matters", _("Matters of the desk, with proofs"), PROVIDED, 36, THEIR_END, Effect.ANONYMOUS, MATTERS, 5000),
    ("contacts", _("Whom we spoke to about a case"), NO_FLOOR, 24, _("the case"), Effect.ANONYMOUS, CONTACTS, 5000),
    ("uploads", _("Lists of agents and devices brought in"), NO_FLOOR, 6, _("the import"), Effect.DELETED, FILES, 500),
    ("sanctions", _("Sanctions"), NO_FLOOR, 60, THEIR_END, Effect.DELETED, SANCTIONS, 500),
    ("connection_runs", _("What connections fetched"), NO_FLOOR, 6, _("the run"), Effect.DELETED, RUNS, 200_000),
    ("id_checks", _("Yearly checks of the own ID"), NO_FLOOR, 36, _("the question"), Effect.DELETED, ID_CHECKS, 20000),
):
    register(
        Category(
            code=_code,
            label=_label,
            floor=_floor,
            default=_months,
            since=_since,
            effect=_effect,
            look=_rows.look,
            drop=_rows.go,
            at_once=_at_once,
        )
    )

register_own_date("raw_answers", _("Raw answers of carriers and others"), _("30 days after they came"))
register_own_date("recipients", _("Recipients of notices of a changed number"), _("on the day named in each notice"))
register_own_date("exports", _("Files of lists, reports, results and answers"), _("1 to 30 days after they were made"))
