"""The team tree, its paths, and who sees which part of it."""

import pytest

from cardfleet.accounts.choices import Role, TeamKind
from cardfleet.accounts.errors import TeamMisplaced, TeamNameTaken
from cardfleet.accounts.models import ScopeGrant, Team, User
from cardfleet.accounts.rules import may_stand_below
from cardfleet.accounts.services import scopes
from cardfleet.accounts.services.teams import create_team, move_team, rename_team
from cardfleet.journal.models import Entry
from tests.factories.accounts import PersonFactory, TeamFactory

C, L, S, T = TeamKind.COMPANY, TeamKind.LEGAL_ENTITY, TeamKind.SITE, TeamKind.TEAM


@pytest.mark.parametrize(
    ("kind", "above", "may"),
    [
        (C, C, False),
        (L, C, True),
        (T, C, True),
        (C, T, False),
        (S, L, True),
        (L, S, False),
        (T, T, True),
        (S, S, False),
    ],
)
def test_a_team_stands_below_a_larger_one(kind, above, may) -> None:
    assert may_stand_below(kind, above) is may


@pytest.fixture
def tree(db, now) -> dict[str, Team]:
    company = create_team(name="公司", kind=C, actor=None, now=now)
    north = create_team(name="北京", kind=S, parent=company, actor=None, now=now)
    south = create_team(name="广州", kind=S, parent=company, actor=None, now=now)
    first = create_team(name="一组", parent=north, actor=None, now=now)
    deep = create_team(name="早班", parent=first, actor=None, now=now)
    return {"company": company, "north": north, "south": south, "first": first, "deep": deep}


def test_paths_follow_the_tree(tree, now) -> None:
    move_team(team=tree["first"], parent=tree["south"], actor=None, now=now)
    for team in Team.objects.all():
        assert team.path == f"{team.parent.path if team.parent else '/'}{team.pk}/"
    assert set(Team.objects.within(tree["south"])) == {tree["south"], tree["first"], tree["deep"]}
    move_team(team=tree["first"], parent=None, actor=None, now=now)
    assert Team.objects.get(pk=tree["deep"].pk).path == f"/{tree['first'].pk}/{tree['deep'].pk}/"
    assert Entry.objects.first().data == {"from": tree["south"].pk, "to": None}


def test_a_ring_and_an_upside_down_tree_are_refused(tree, now) -> None:
    for team, parent in (("north", "deep"), ("north", "north"), ("company", "south")):
        with pytest.raises(TeamMisplaced):
            move_team(team=tree[team], parent=tree[parent], actor=None, now=now)
    with pytest.raises(TeamMisplaced):
        create_team(name="x", kind=S, parent=tree["first"], actor=None, now=now)
    assert Team.objects.get(pk=tree["north"].pk).parent == tree["company"]


def test_a_name_stands_once_below_a_parent(tree, now) -> None:
    with pytest.raises(TeamNameTaken):
        create_team(name=" 一组 ", parent=tree["north"], actor=None, now=now)
    with pytest.raises(TeamNameTaken):
        create_team(name="公司", kind=C, actor=None, now=now)
    with pytest.raises(TeamNameTaken):
        rename_team(team=tree["south"], name="北京", actor=None, now=now)
    rename_team(team=tree["south"], name="深圳", actor=None, now=now)
    assert Entry.objects.first().data == {"from": "广州", "to": "深圳"}


def test_scope_is_a_subtree(tree, reference, now) -> None:
    """A person sees the teams and people of their scope, and themselves."""
    supervisor, agent = PersonFactory(role=Role.SUPERVISOR), PersonFactory(team=tree["deep"], role=Role.AGENT)
    PersonFactory(team=tree["south"])
    assert list(Team.objects.visible_to(supervisor)) == []
    assert list(User.objects.visible_to(supervisor)) == [supervisor]
    scopes.grant_scope(person=supervisor, team=tree["north"], actor=None, now=now)
    scopes.grant_scope(person=supervisor, team=tree["north"], actor=None, now=now)
    assert ScopeGrant.objects.count() == 1
    assert set(Team.objects.visible_to(supervisor)) == {tree["north"], tree["first"], tree["deep"]}
    assert set(User.objects.visible_to(supervisor)) == {supervisor, agent}
    scopes.withdraw_scope(person=supervisor, team=tree["north"], actor=None, now=now)
    assert list(Team.objects.visible_to(supervisor)) == []


def test_finance_and_compliance_see_all_teams_agents_none(tree, reference) -> None:
    for role, seen in ((Role.FINANCE, 5), (Role.COMPLIANCE, 5), (Role.ADMIN, 5), (Role.AGENT, 0)):
        assert Team.objects.visible_to(PersonFactory(role=role)).count() == seen, role


def test_a_path_is_a_prefix_only_of_what_lies_below(db) -> None:
    team, other = TeamFactory(), TeamFactory()
    Team.objects.filter(pk=other.pk).update(path=f"/{team.pk}1/")
    user = PersonFactory(scope=team)
    assert list(Team.objects.visible_to(user)) == [team]
