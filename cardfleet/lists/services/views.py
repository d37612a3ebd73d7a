"""Saving views. A view holds a question; whoever uses it asks it of their own scope."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.http import QueryDict

from cardfleet.accounts.models import Team, User
from cardfleet.journal.recording import record
from cardfleet.kernel.errors import NotVisible
from cardfleet.lists.asking import filters_of, read_usable
from cardfleet.lists.choices import WhyStopped
from cardfleet.lists.errors import MayNotShare, ViewNameTaken
from cardfleet.lists.models import DefaultView, SavedView
from cardfleet.lists.registry import Listing, listing
from cardfleet.lists.selectors.views import usable_views, views_to_change
from cardfleet.lists.services.stopping import stop_reports


@dataclass(frozen=True, kw_only=True)
class Sharing:
    """With whom a view is shared: a role (by its value), or a team and those below it; with nobody."""

    role: str = ""
    team: Team | None = None


@transaction.atomic
def save_view(
    *, listing: Listing, name: str, query: QueryDict, sharing: Sharing, actor: User, now: datetime
) -> SavedView:
    """Keep an address of a list under a name. ListUnusable, ViewNameTaken, MayNotShare."""
    view = SavedView(listing=listing.code, name=name.strip(), owner=actor, changed_at=now)
    _ask(view, query, actor)
    _share(view, sharing, actor)
    _refuse_taken(view)
    view.save(force_insert=True)
    record(actor=actor, action="lists.view_saved", subject=view, now=now, data={"list": view.listing})
    return view


@transaction.atomic
def change_view(
    *,
    view_id: int,
    name: str | None = None,
    query: QueryDict | None = None,
    sharing: Sharing | None = None,
    actor: User,
    now: datetime,
) -> SavedView:
    """Change what is given of a view. NotVisible, ListUnusable, ViewNameTaken, MayNotShare."""
    view = _own(view_id, actor)
    if query is not None:
        _ask(view, query, actor)
    if sharing is not None:
        _share(view, sharing, actor)
    if name is not None:
        view.name = name.strip()
        _refuse_taken(view)
    view.changed_at = now
    view.save()
    record(actor=actor, action="lists.view_changed", subject=view, now=now, data={"list": view.listing})
    return view


@transaction.atomic
def delete_view(*, view_id: int, actor: User, now: datetime) -> int:
    """Delete a view and stop the reports made from it; return how many those are. NotVisible."""
    view = _own(view_id, actor)
    record(actor=actor, action="lists.view_deleted", subject=view, now=now, data={"list": view.listing})
    stopped = stop_reports(reports=view.reports.all(), why=WhyStopped.VIEW_DELETED, actor=actor, now=now)
    view.delete()
    return stopped


@transaction.atomic
def open_with(*, view_id: int, on: bool, role: str = "", actor: User, now: datetime) -> SavedView:
    """Let a list open with a view for its user, or for a role; with `on` false, no more. NotVisible, MayNotShare.

    A role's view must be shared with that role: nobody's list opens with what they cannot see.
    """
    view = usable_views(actor).filter(pk=view_id).first()
    if view is None:
        raise NotVisible
    if role and (view.shared_role != role or not actor.has_perm("lists.share_with_role")):
        raise MayNotShare
    chosen = {"listing": view.listing, "role": role, "user": None if role else actor}
    DefaultView.objects.filter(**chosen).delete()
    if on:
        DefaultView.objects.create(**chosen, view=view)
    data = {"list": view.listing, **({"role": role} if role else {})}
    record(actor=actor, action="lists.default_chosen", subject=view, now=now, data=data)
    return view


def _own(view_id: int, actor: User) -> SavedView:
    view = views_to_change(actor).locked().filter(pk=view_id).first()
    if view is None:
        raise NotVisible
    return view


def _ask(view: SavedView, query: QueryDict, actor: User) -> None:
    asked = read_usable(listing(view.listing), query, actor)
    view.query, view.sort = filters_of(query), asked.sort
    view.columns = [column.code for column in asked.columns] if query.get("columns") else []
    view.size = asked.size if query.get("size") else None


def _share(view: SavedView, sharing: Sharing, actor: User) -> None:
    if sharing.role and not actor.has_perm("lists.share_with_role"):
        raise MayNotShare
    if sharing.team and not (
        actor.has_perm("lists.share_savedview") and Team.objects.visible_to(actor).filter(pk=sharing.team.pk).exists()
    ):
        raise MayNotShare
    view.shared_role, view.shared_team = sharing.role, sharing.team
    DefaultView.objects.filter(view=view.pk).exclude(role="").exclude(role=sharing.role).delete()


def _refuse_taken(view: SavedView) -> None:
    taken = SavedView.objects.filter(owner=view.owner, listing=view.listing, name=view.name)
    if taken.exclude(pk=view.pk).exists():
        raise ViewNameTaken
