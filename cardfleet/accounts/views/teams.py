"""The team tree."""

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from cardfleet.accounts.access import person_of
from cardfleet.accounts.models import Team


class TreeView(PermissionRequiredMixin, View):
    """The teams in scope, each below the unit it belongs to, with how many people are in it."""

    permission_required = "accounts.view_team"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the tree."""
        people = Count("people", filter=Q(people__is_active=True))
        teams = Team.objects.visible_to(person_of(request)).annotate(active=people).order_by("path")
        return render(request, "accounts/teams.html", {"nested": nested(list(teams))})


def nested(teams: list[Team]) -> list[tuple[Team, int]]:
    """Return the teams in tree order, siblings by name, each with how deep it stands below the highest in sight."""
    known = {team.pk for team in teams}
    below: dict[int | None, list[Team]] = {}
    for team in sorted(teams, key=lambda team: team.name):
        below.setdefault(team.parent_id if team.parent_id in known else None, []).append(team)
    found: list[tuple[Team, int]] = []
    waiting = [(team, 0) for team in reversed(below.get(None, []))]
    while waiting:
        team, depth = waiting.pop()
        found.append((team, depth))
        waiting += [(child, depth + 1) for child in reversed(below.get(team.pk, []))]
    return found
