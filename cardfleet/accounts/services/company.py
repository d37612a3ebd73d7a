"""People who come by the company's own sign-in: matched to somebody here, with the roles and scope it gives them."""

from collections.abc import Iterable
from datetime import datetime

from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.choices import Role
from cardfleet.accounts.claims import Claims, CompanySignIn, Said, read_claims
from cardfleet.accounts.errors import AccessOver, BoundToAnother, ClaimsRefused, NobodyHere
from cardfleet.accounts.models import ScopeGrant, Team, User
from cardfleet.accounts.services.people import set_roles
from cardfleet.accounts.services.scopes import grant_scope, withdraw_scope
from cardfleet.journal.recording import record
from cardfleet.kernel.errors import Reason


@transaction.atomic
def admit(*, claims: Claims, sign_in: CompanySignIn, now: datetime) -> tuple[User, Said]:
    """Return who verified claims are about and what they say, with roles and scope set to it.

    Somebody is known by what the provider calls them, and bound to that the first time, by staff number or verified
    e-mail. A one-time password that waited for its first use ends: they came without. Nobody is made, and owners of
    the installation keep what they have. ClaimsRefused, NobodyHere, BoundToAnother, AccessOver.
    """
    said, faults = read_claims(claims, sign_in)
    if faults:
        raise ClaimsRefused(reasons=faults)
    person = _bound(said, sign_in, now)
    if not person.is_active:
        raise AccessOver
    if not person.is_superuser:
        if said.roles is not None:
            set_roles(person=person, roles=said.roles, actor=None, now=now)
        if said.teams is not None:
            _set_scope(person, said, now)
    if person.must_change_password:
        person.set_unusable_password()
        person.must_change_password = False
        person.save(update_fields=["password", "must_change_password"])
    return person, said


def _bound(said: Said, sign_in: CompanySignIn, now: datetime) -> User:
    """Return the person bound to the account there, locked; else bind whom it names."""
    people = User.objects.locked().filter(owner=None, erased_at=None)
    known = SocialAccount.objects.filter(provider=sign_in.issuer, uid=said.subject).values("user")
    person: User | None = people.filter(pk__in=known).first()
    if person:
        return person
    person = _named(people.filter(staff_no__iexact=said.staff_no) if said.staff_no else people.none())
    person = person or _named(people.filter(email__iexact=said.email) if said.email else people.none())
    if person is None:
        raise NobodyHere
    account, made = SocialAccount.objects.get_or_create(
        user=person, provider=sign_in.issuer, defaults={"uid": said.subject}
    )
    if account.uid != said.subject:
        raise BoundToAnother
    if made:
        record(actor=None, action="accounts.company_bound", subject=person, now=now)
    return person


def _named(found: "Iterable[User]") -> User | None:
    """Return the one person found; none where two share an e-mail."""
    people = list(found)
    return people[0] if len(people) == 1 else None


def _set_scope(person: User, said: Said, now: datetime) -> None:
    """Let the person see the teams that are named, and no others. ClaimsRefused for a supervisor of none."""
    wanted = {team.pk: team for team in _teams(said.teams or frozenset())}
    roles = person.role_names if said.roles is None else said.roles
    if Role.SUPERVISOR in roles and not wanted:
        raise ClaimsRefused(reasons=[_no_team()])
    held = {grant.team_id: grant.team for grant in ScopeGrant.objects.filter(user=person).select_related("team")}
    for pk in sorted(held.keys() - wanted.keys()):
        withdraw_scope(person=person, team=held[pk], actor=None, now=now)
    for pk in sorted(wanted.keys() - held.keys()):
        grant_scope(person=person, team=wanted[pk], actor=None, now=now)


def _teams(named: frozenset[str]) -> list[Team]:
    """Return the teams of these names, or ways of names from the root (`Acme/Hangzhou/Sales 1`), where one is meant."""
    teams = {str(team.pk): team for team in Team.objects.all()}
    called: dict[str, list[Team]] = {}
    for team in teams.values():
        way = "/".join(teams[pk].name for pk in str(team.path).strip("/").split("/"))
        for name in {team.name, way}:
            called.setdefault(name, []).append(team)
    return [found[0] for name in named if len(found := called.get(name, [])) == 1]


def _no_team() -> Reason:
    return Reason(
        code="no_team",
        message=_("It names no team that CardFleet knows, and a supervisor without a team sees no card."),
        clears=_("Ask an administrator to give your group there the name of your team, or the way to it as A/B/C."),
    )
