"""Teams by the way files write them: `华东/华东一组`, or `华东一组` alone where only one is called so."""

from collections import defaultdict
from collections.abc import Sequence

from cardfleet.accounts.models import Team, User


class TeamFinder:
    """The teams a person may use, read once; None as the person means all."""

    def __init__(self, user: User | None) -> None:
        teams = Team.objects.all() if user is None else Team.objects.visible_to(user)
        self._names = dict(Team.objects.values_list("pk", "name"))
        self._by_name: dict[str, list[Team]] = defaultdict(list)
        for team in teams:
            self.add(team)

    def add(self, team: Team) -> None:
        """Make a team known that was made after the teams were read."""
        self._names[team.pk] = team.name
        self._by_name[team.name].append(team)

    def named(self, way: Sequence[str]) -> list[Team]:
        """Return the teams of the last name whose ancestors carry the names before it, in their order."""
        return [team for team in self._by_name[way[-1]] if self._lies_on(team, way[:-1])]

    def _lies_on(self, team: Team, names: Sequence[str]) -> bool:
        ancestors = iter([self._names[int(pk)] for pk in str(team.path).strip("/").split("/")[:-1]])
        return all(name in ancestors for name in names)
