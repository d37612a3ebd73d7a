"""People: made, changed, given roles, moved between teams."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q

from cardfleet.accounts.choices import Role
from cardfleet.accounts.errors import StaffNumberTaken
from cardfleet.accounts.models import ScopeGrant, Team, User
from cardfleet.accounts.roles import STAFF
from cardfleet.accounts.services import guards
from cardfleet.accounts.services.names import set_name
from cardfleet.accounts.services.passwords import give_one_time_password
from cardfleet.journal.recording import record


@transaction.atomic
def create_person(
    *,
    name: str,
    staff_no: str | None = None,
    username: str = "",
    roles: Iterable[Role] = (),
    team: Team | None = None,
    scopes: Iterable[Team] = (),
    mobile: str = "",
    email: str = "",
    actor: User | None,
    now: datetime,
) -> tuple[User, str]:
    """Make a person and return them with a one-time password, which is stored nowhere.

    Without a user name the staff number is it; one of the two is needed. StaffNumberTaken, OutranksYou.
    """
    roles = list(roles)
    guards.refuse_unentitled(actor, roles)
    person = User(
        username=username or staff_no or "",
        staff_no=staff_no or None,
        team=team,
        mobile=mobile,
        email=email,
        is_staff=bool(STAFF & set(roles)),
    )
    set_name(person, name)
    password = give_one_time_password(person)
    refuse_taken(person)
    person.save(force_insert=True)
    person.groups.set(Group.objects.filter(name__in=roles))
    ScopeGrant.objects.bulk_create(ScopeGrant(user=person, team=scope) for scope in scopes)
    record(
        actor=actor,
        action="accounts.person_created",
        subject=person,
        now=now,
        data={"team": team.pk if team else None, "roles": roles},
    )
    return person, password


@transaction.atomic
def change_person(
    *,
    person: User,
    name: str,
    staff_no: str | None,
    mobile: str,
    email: str,
    actor: User | None,
    now: datetime,
) -> User:
    """Change a person's own facts; the same facts again change nothing. StaffNumberTaken, OutranksYou."""
    person = guards.locked(person)
    guards.refuse_outranking(actor, person)
    wanted = {"name": name.strip(), "staff_no": staff_no or None, "mobile": mobile, "email": email}
    changed = [field for field, value in wanted.items() if getattr(person, field) != value]
    if not changed:
        return person
    for field in changed:
        setattr(person, field, wanted[field])
    refuse_taken(person)
    person.save(update_fields={*changed, *set_name(person, name)})
    record(actor=actor, action="accounts.person_changed", subject=person, now=now, data={"fields": changed})
    return person


@transaction.atomic
def edit_person(
    *, person: User, team: Team | None, roles: Iterable[Role], actor: User | None, now: datetime, **facts: Any
) -> User:
    """Change a person's facts (as `change_person`), team and roles at once, journalled each; refusals as theirs."""
    change_person(person=person, **facts, actor=actor, now=now)
    set_team(person=person, team=team, actor=actor, now=now)
    if set(roles) != person.role_names:
        set_roles(person=person, roles=roles, actor=actor, now=now)
    return person


@transaction.atomic
def set_team(*, person: User, team: Team | None, actor: User | None, now: datetime) -> User:
    """Move a person to a team, or to none. OutranksYou."""
    person = guards.locked(person)
    guards.refuse_outranking(actor, person)
    if person.team_id == (team.pk if team else None):
        return person
    before, person.team = person.team_id, team
    person.save(update_fields=["team"])
    record(
        actor=actor,
        action="accounts.person_moved",
        subject=person,
        now=now,
        data={"from": before, "to": team.pk if team else None},
    )
    return person


@transaction.atomic
def set_roles(*, person: User, roles: Iterable[Role], actor: User | None, now: datetime) -> User:
    """Give a person these roles and no other. OutranksYou, NotYourself."""
    wanted = sorted(set(roles))
    guards.refuse_self(actor, person)
    person = guards.locked(person)
    guards.refuse_outranking(actor, person)
    guards.refuse_unentitled(actor, wanted)
    before = sorted(person.role_names)
    if before == wanted:
        return person
    person.groups.set(Group.objects.filter(name__in=wanted))
    person.is_staff = person.is_superuser or bool(STAFF & set(wanted))
    person.save(update_fields=["is_staff"])
    record(actor=actor, action="accounts.roles_set", subject=person, now=now, data={"from": before, "to": wanted})
    del person.role_names
    return person


@transaction.atomic
def choose_language(*, person: User, language: str, now: datetime) -> None:
    """Store the language the person reads; pages, messages and e-mails follow it."""
    if person.language == language:
        return
    person.language = language
    person.save(update_fields=["language"])
    record(actor=person, action="accounts.language_chosen", subject=person, now=now, data={"to": language})


def refuse_taken(person: User) -> None:
    """Refuse a staff number or user name that anybody has, as either of the two and in any letter case."""
    taken = Q(username__iexact=person.username) | Q(staff_no__iexact=person.username)
    if person.staff_no:
        taken |= Q(username__iexact=person.staff_no) | Q(staff_no__iexact=person.staff_no)
    if not person.username or User.objects.filter(taken).exclude(pk=person.pk).exists():
        raise StaffNumberTaken
