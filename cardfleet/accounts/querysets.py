"""Who sees whom: scope is a set of subtrees of the team tree."""

from datetime import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import Group, Permission, UserManager
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, CharField, Func, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from cardfleet.kernel.compiled import rows_of
from cardfleet.kernel.querysets import LockableQuerySet

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    from cardfleet.accounts.models import Delegation, Team, TokenTerms, User


# What was lent holds while its time runs, its giver works here and still sees the team.
RUNNING = """
SELECT lent.id FROM accounts_delegation lent
JOIN accounts_user giver ON giver.id = lent.giver_id AND giver.is_active
JOIN accounts_team lent_team ON lent_team.id = lent.team_id
WHERE lent.revoked_at IS NULL AND lent.starts_at <= statement_timestamp()
    AND lent.ends_at > statement_timestamp() AND EXISTS (
    SELECT FROM accounts_scopegrant own JOIN accounts_team above ON above.id = own.team_id
    WHERE own.user_id = giver.id AND starts_with(lent_team.path, above.path)
)
"""
# Every list asks for it, hence by hand: to put it together by Django took longer than to run it.
IN_SIGHT = f"""
SELECT seen.id FROM accounts_team seen JOIN (
    SELECT path FROM accounts_team root JOIN (
        SELECT team_id FROM accounts_scopegrant WHERE user_id = {{person}}
        UNION ALL
        SELECT team_id FROM accounts_delegation WHERE receiver_id = {{person}} AND id IN ({RUNNING})
    ) given ON given.team_id = root.id
) sight ON starts_with(seen.path, sight.path)
"""  # noqa: S608 - put together from our own words


SIGHT_OF = IN_SIGHT.format(person="%(person)s")
SIGHT_OF_ROW = f"ARRAY({IN_SIGHT.format(person='accounts_user.id')})"
# No team has it: an empty `__in` would leave Django without a statement.
NO_TEAM = 0


def teams_seen(user: "User") -> list[int]:
    """Return the ids of the teams inside the person's scope grants and what is lent to them, for an `__in`.

    They stand in the statement that asks for rows, so that PostgreSQL knows how few they are and takes an index; with
    a subquery it read the whole table. Whom a request is for comes with them (`User.sight`).
    """
    seen = user.sight
    if seen is None:
        seen = [team for (team,) in rows_of(SIGHT_OF, {"person": user.pk})]
    return sorted(set(seen)) or [NO_TEAM]


class TeamQuerySet(LockableQuerySet["Team"]):
    """Teams, and the subtrees a person sees."""

    def within(self, *teams: "Team") -> Self:
        """Return these teams and everything below them."""
        below = (Q(path__startswith=team.path) for team in teams)
        return self.filter(reduce(or_, below, Q(pk__in=())))

    def visible_to(self, user: "User") -> Self:
        """Return the teams inside the person's scope grants; those who view all teams see all, an agent none."""
        if user.has_perm("accounts.view_all_teams"):
            return self
        return self.filter(pk__in=teams_seen(user))


class UserQuerySet(LockableQuerySet["User"]):
    """People."""

    def active(self) -> Self:
        """Return those who may sign in."""
        return self.filter(is_active=True)

    def visible_to(self, user: "User") -> Self:
        """Return the people of the teams in the person's scope, and the person."""
        if user.has_perm("accounts.view_all_teams"):
            return self
        return self.filter(Q(team__in=teams_seen(user)) | Q(pk=user.pk))

    def services(self) -> Self:
        """Return the service accounts."""
        return self.filter(owner__isnull=False)

    def with_right(self, right: str) -> Self:
        """Return the active people who have a right, `app.codename`: by a role, or as the owner of the installation.

        Programs are none: this is asked to tell somebody, or to have somebody do something.

        Roles are few and people many, so that roles are asked first; nobody comes twice.
        """
        app, _, codename = right.partition(".")
        roles = Group.objects.filter(permissions__content_type__app_label=app, permissions__codename=codename)
        held = self.model.groups.through.objects.filter(group__in=roles).order_by().values("user")
        return self.active().filter(Q(is_superuser=True) | Q(pk__in=held), owner=None)

    def matching(self, text: str) -> Self:
        """Return people by staff number, user name, the start of the name, or of its pinyin or initials."""
        text = text.strip()
        if not text:
            return self
        return self.filter(
            Q(staff_no__istartswith=text)
            | Q(username__istartswith=text)
            | Q(name__icontains=text)
            | Q(name_initials__startswith=text.lower())
            | Q(name_pinyin__startswith=text.lower())
        )


class DelegationQuerySet(LockableQuerySet["Delegation"]):
    """What supervisors lend one another."""

    def running(self) -> Self:
        """Return those by which somebody sees more right now, by the database's clock."""
        return self.filter(pk__in=RawSQL(RUNNING, ()))  # noqa: S611 - our own words

    def visible_to(self, user: "User") -> Self:
        """Return those of the teams in the person's sight, and those of the person."""
        if user.has_perm("accounts.view_all_teams"):
            return self
        return self.filter(Q(giver=user) | Q(receiver=user) | Q(team__in=teams_seen(user)))


class TokenQuerySet(LockableQuerySet["TokenTerms"]):
    """API tokens, by what each is for."""

    def working(self, now: datetime) -> Self:
        """Return those that still open something."""
        return self.filter(token__expiry__gt=now)

    def visible_to(self, user: "User") -> Self:
        """Return the person's own tokens and those of service accounts they answer for; who looks after all, all."""
        if user.has_perm("accounts.view_tokenterms"):
            return self
        return self.filter(Q(token__user=user) | Q(token__user__owner=user))


class PersonManager(UserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Creates people and finds them; scope filters come from the queryset."""


def of_a_request(person: str) -> dict[str, "Combinable"]:
    """Return what is read with whom a request is for, on every one: rights, and ids of the teams in sight.

    `person` is the way from a row to the person, whose table must be asked under its own name.
    """
    return {
        "rights": ArraySubquery(rights_of(OuterRef(person))),
        "sight": RawSQL(SIGHT_OF_ROW, (), ArrayField(BigIntegerField())),  # noqa: S611 - our own words
    }


def rights_of(person: "int | OuterRef") -> "QuerySet[Permission, tuple[str]]":
    """Return the rights of a person's roles, a row each: `app.codename`."""
    parts = "content_type__app_label", "codename"
    named = Func(*parts, template="concat_ws('.', %(expressions)s)", output_field=CharField())
    return Permission.objects.filter(group__user=person).order_by().values_list(named)
