"""What CardFleet holds of a person, what would be erased, and what stands in the way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_

from django.apps import apps
from django.db.models import Max, Model, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from agents.models import Agent, Assignment, Leaving, LeavingTask
from agents.selectors.leaving import met_tasks
from cardfleet.accounts.models import User
from cardfleet.files.models import StoredFile
from cardfleet.journal.models import Entry
from cardfleet.journal.recording import subject_of
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.crypto import EncryptedField
from cardfleet.kernel.errors import Reason, Text
from cardfleet.kernel.navigation import url_or_empty
from cardfleet.kernel.personal import GONE, Keeps, kept
from cards.choices import ENDED
from cards.models import Card, Registrant
from cards.rules.contract_terms import add_months
from lifecycle.models import Matter
from lifecycle.rules.erasure import ErasureFacts, Floor, Identity, may_erase_from, obstacles
from lifecycle.selectors.desk.matters import answer_of
from lifecycle.selectors.desk.named import named_in

LOG_MONTHS, REGISTRATION_MONTHS = 6, 24
OF_LOGS = _("who did what is named for six months after they left (Cybersecurity Law, art. 21).")
OF_REGISTRATION = _("registrations are kept two years after the number ends (MIIT order 25, art. 11; not established).")
STAYS = (
    (_("Journal: what was done, when, under the number"), _("Cybersecurity Law, art. 21")),
    (_("Charges, ledger and cost history"), _("Accounting archives rules: vouchers 30 years (not established)")),
    (_("Which card was held from when to when"), _("Calls and costs of that time stay right")),
    (_("Original files of call records, until their retention drops them"), _("The carrier keeps five months only")),
)


@dataclass(frozen=True, kw_only=True)
class Touched:
    """A table in which something would change, and in how many rows."""

    name: Text
    rows: int


@dataclass(frozen=True, kw_only=True)
class ErasurePage:
    """What a page about the erasure of a person tells."""

    person: User
    reasons: Sequence[Reason]
    touched: Sequence[Touched]
    files: int
    entries: int
    shared_name: int
    from_day: date
    stays: Sequence[tuple[Text, Text]] = STAYS


def erasure_page(person: User, *, actor: User, now: datetime) -> ErasurePage:
    """Return what would be changed where, and why not yet."""
    facts, today = erasure_facts(person, actor=actor, now=now), business_day(now)
    pattern = identity_of(person).pattern()
    return ErasurePage(
        person=person,
        reasons=obstacles(facts, today=today),
        touched=[] if facts.is_erased else list(_touched(person, pattern)),
        files=files_about(person).count(),
        entries=Entry.objects.filter(actor=person).count(),
        shared_name=namesakes(person).count(),
        from_day=may_erase_from(facts.floors, today=today),
    )


def erasure_facts(person: User, *, actor: User | None, now: datetime) -> ErasureFacts:
    """Return what decides whether a person may be erased."""
    agent = Agent.objects.filter(user=person).first()
    leaving = Leaving.objects.open().filter(agent=agent).first() if agent else None
    tasks = LeavingTask.objects.undone().filter(leaving__agent=agent)
    undone = tasks.exclude(pk__in=met_tasks(tasks).values("pk")).count() if agent else 0
    held = Card.objects.filter(holder=person).count()
    of_them = Q(actual_user=person) | Q(registrant__staff=person)
    return ErasureFacts(
        is_erased=person.erased_at is not None,
        is_oneself=actor is not None and actor.pk == person.pk,
        has_access=person.is_active,
        cards_held=held or (Assignment.objects.open().filter(agent=agent).count() if agent else 0),
        cards_registered=Card.objects.live().filter(of_them).distinct().count(),
        tasks_open=undone or int(leaving is not None),
        named_in=named_in(person),
        floors=floors_of(person),
        links={
            "has_access": url_or_empty("accounts:person", person.pk),
            "holds_cards": url_or_empty("agents:detail", agent.pk) if agent else "",
            "cards_registered": url_or_empty("lifecycle:real-name"),
            "tasks_open": url_or_empty("lifecycle:leaver", leaving.pk) if leaving else "",
        },
    )


def floors_of(person: User) -> list[Floor]:
    """Return what laws keep of a person, and until when."""
    agent = Agent.objects.filter(user=person).first()
    left_on = person.left_on or (agent and agent.left_on)
    found = [Floor(law=OF_LOGS, until=add_months(left_on, LOG_MONTHS))] if left_on else []
    ended = Card.objects.filter(registrant__staff=person, service_state__in=ENDED)
    last = ended.aggregate(last=Max("changes__at"))["last"]
    if last:
        found.append(Floor(law=OF_REGISTRATION, until=add_months(business_day(last), REGISTRATION_MONTHS)))
    return found


def namesakes(person: User) -> QuerySet[User]:
    """Return others who bear the same name."""
    found: QuerySet[User] = User.objects.filter(name=person.name).exclude(pk=person.pk)
    return found


def identity_of(person: User) -> Identity:
    """Return the words by which a person is known here."""
    numbers = [one.id_number for one in Registrant.objects.filter(staff=person) if one.id_number]
    return Identity(
        name="" if namesakes(person).exists() else str(person.name),
        codes=sorted({code for code in (person.staff_no, person.username) if code}),
        mobile=person.mobile,
        email=person.email,
        id_numbers=numbers,
    )


def of_person(keeps: Keeps, person: User) -> QuerySet[Model]:
    """Return the rows of a model that are about a person."""
    rows: QuerySet[Model] = QuerySet(model_of(keeps))
    return rows.filter(reduce(or_, (Q(**{path: person}) for path in keeps.person)))


def naming(keeps: Keeps, pattern: str) -> QuerySet[Model]:
    """Return the rows of a model whose words name somebody; encrypted columns cannot be searched."""
    rows: QuerySet[Model] = QuerySet(model_of(keeps))
    told = {f"told_{name}": Cast(name, TextField()) for name in worded(keeps)}
    if not told or not pattern:
        return rows.none()
    named: QuerySet[Model] = rows.alias(**told).filter(reduce(or_, (Q(**{f"{name}__regex": pattern}) for name in told)))
    return named


def worded(keeps: Keeps) -> list[str]:
    """Return the columns in which names are looked for."""
    return [name for name in (*keeps.blank, *keeps.says) if name not in sealed(keeps)]


def sealed(keeps: Keeps) -> list[str]:
    """Return the encrypted columns about people, which no statement can search."""
    fields = model_of(keeps)._meta
    return [name for name in keeps.blank if isinstance(fields.get_field(name), EncryptedField)]


def model_of(keeps: Keeps) -> type[Model]:
    """Return the model."""
    return apps.get_model(keeps.model)


def files_about(person: User) -> QuerySet[StoredFile]:
    """Return the files about a person that still have their content: signatures, proofs, ID copies, answers to them."""
    about = Q(subject__in=[subject_of(one) for one in _subjects(person)])
    about |= Q(subject__in=[answer_of(matter) for matter in Matter.objects.filter(about=person)])
    about |= Q(pk__in=Registrant.objects.filter(staff=person).exclude(proof=None).values("proof"))
    for keeps in kept().values():
        for path in keeps.files:
            about |= Q(pk__in=of_person(keeps, person).exclude(**{path: None}).values(path))
    return StoredFile.objects.exclude(content="").filter(about)


def _subjects(person: User) -> Iterator[Model]:
    yield person
    yield from Agent.objects.filter(user=person)
    yield from Registrant.objects.filter(staff=person)


def _touched(person: User, pattern: str) -> Iterator[Touched]:
    yield Touched(name=_("Account, roles, scope, tokens and sessions"), rows=1)
    registrants = Registrant.objects.filter(staff=person).count()
    if registrants:
        yield Touched(name=Registrant._meta.verbose_name_plural or "", rows=registrants)
    for keeps in kept().values():
        rows = set(naming(keeps, pattern).values_list("pk", flat=True))
        if keeps.person and (keeps.blank or keeps.goes):
            rows |= set(filled(keeps, of_person(keeps, person)).values_list("pk", flat=True))
        if rows:
            yield Touched(name=model_of(keeps)._meta.verbose_name_plural or keeps.model, rows=len(rows))


def filled(keeps: Keeps, rows: QuerySet[Model]) -> QuerySet[Model]:
    """Return the rows in which there is something to empty; all of those that go whole."""
    if keeps.goes:
        return rows
    empty = reduce(lambda one, name: one & Q(**{f"told_{name}__in": ("", GONE, "[]", "{}")}), keeps.blank, Q())
    told = {f"told_{name}": Cast(name, TextField()) for name in keeps.blank}
    left: QuerySet[Model] = rows.alias(**told).exclude(empty)
    return left
