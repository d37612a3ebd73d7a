"""Who sees whom: scope is a set of subtrees of the team tree."""

from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import Permission, UserManager
from django.db.models import CharField, Func, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from cardfleet.kernel.querysets import LockableQuerySet

if TYPE_CHECKING:
    from cardfleet.accounts.models import Team, User


# Every list asks for it, hence by hand: to put it together by Django took longer than to run it.
SEEN = """
SELECT seen.id FROM accounts_team seen WHERE EXISTS (
    SELECT FROM accounts_scopegrant given JOIN accounts_team root ON root.id = given.team_id
    WHERE given.user_id = %s AND starts_with(seen.path, root.path)
)
"""


def teams_seen(user: "User") -> RawSQL:
    """Return the ids of the teams inside the person's scope grants, for an `__in`."""
    return RawSQL(SEEN, (user.pk,))  # noqa: S611 - our own words, the person's id as a parameter


class TeamQuerySet(LockableQuerySet["Team"]):
    """Teams, and the subtrees a person sees."""

    def within(self, team: "Team") -> Self:
        """Return a team and everything below it."""
        return self.filter(path__startswith=team.path)

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


class PersonManager(UserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Creates people and finds them; scope filters come from the queryset."""


def rights_of(person: "int | OuterRef") -> "QuerySet[Permission, tuple[str]]":
    """Return the rights of a person's roles, a row each: `app.codename`."""
    parts = "content_type__app_label", "codename"
    named = Func(*parts, template="concat_ws('.', %(expressions)s)", output_field=CharField())
    return Permission.objects.filter(group__user=person).order_by().values_list(named)
