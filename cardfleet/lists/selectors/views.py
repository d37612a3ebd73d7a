"""The views of a list as a person has them, and which of them opens by itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cardfleet.accounts.models import User
from cardfleet.kernel.errors import Text
from cardfleet.lists.asking import SHOWING, Asked, filters_of
from cardfleet.lists.models import DefaultView, SavedView
from cardfleet.lists.querysets import SavedViewQuerySet
from cardfleet.lists.registry import Listing, listings

USES = "lists.add_savedview"
ALL = "all"


@dataclass(frozen=True, kw_only=True)
class Tab:
    """A view above the list: its words, its address, and whether it is the one looked at."""

    label: Text
    url: str
    current: bool
    shared: bool = False
    count: int | None = None


def usable_views(person: User, list_code: str = "") -> QuerySet[SavedView]:
    """Return the views a person may use, of one list or of all.

    Each says whether it opens by itself for the person (`opens`) or for a role of theirs (`opens_for_role`).
    """
    views = _with_opening(SavedView.objects.usable_by(person), person)
    return views.filter(listing=list_code) if list_code else views


def views_of(listing: Listing, person: User) -> Sequence[SavedView]:
    """Return the views of a list in one query; none for people who do not save views."""
    return list(usable_views(person, listing.code)) if person.has_perm(USES) else []


def opening(views: Sequence[SavedView]) -> SavedView | None:
    """Return the view a list opens with: the person's own choice before that of a role."""
    for choice in ("opens", "opens_for_role"):
        chosen = next((view for view in views if getattr(view, choice)), None)
        if chosen:
            return chosen
    return None


def current(views: Sequence[SavedView], asked: Asked) -> SavedView | None:
    """Return the saved view that the address names."""
    return next((view for view in views if str(view.pk) == asked.query.get("view")), None)


def is_as_saved(view: SavedView, asked: Asked) -> bool:
    """Tell whether the address asks just what the view does."""
    wanted = view.asked
    same = all(wanted.getlist(name) == [value for value in asked.query.getlist(name) if value] for name in SHOWING)
    return same and filters_of(wanted) == filters_of(asked.query)


def given_tabs(asked: Asked) -> Iterator[Tab]:
    """Yield the tabs that everybody has."""
    base, now = reverse(asked.listing.url_name), filters_of(asked.query)
    for label, filters in asked.listing.views or [(_("All"), "")]:
        url = f"{base}?{filters}" if filters else f"{base}?view={ALL}"
        yield Tab(label=label, url=url, current=asked.query.get("view", ALL) == ALL and now == filters)


def saved_tabs(asked: Asked, views: Sequence[SavedView]) -> Iterator[Tab]:
    """Yield the tabs of saved views."""
    base, named = reverse(asked.listing.url_name), current(views, asked)
    for view in views:
        is_shared = bool(view.shared_role or view.shared_team_id)
        yield Tab(label=view.name, url=f"{base}{view.address}", current=view == named, shared=is_shared)


def managed_views(person: User) -> QuerySet[SavedView]:
    """Return the views of the page of views: of the lists a person may open, those they may use."""
    return _managed(SavedView.objects.usable_by(person), person)


def known_views(person: User) -> QuerySet[SavedView]:
    """Return the views a person may use or change, of the lists they may open."""
    usable, own = SavedView.objects.usable_by(person), views_to_change(person)
    return _managed(SavedView.objects.filter(Q(pk__in=usable.values("pk")) | Q(pk__in=own.values("pk"))), person)


def _managed(views: QuerySet[SavedView], person: User) -> QuerySet[SavedView]:
    """Return those of lists the person may open, with whose they are and whether they open for a role."""
    of_role = DefaultView.objects.filter(view=OuterRef("pk")).exclude(role="")
    found = _with_opening(views, person).annotate(opens_by_role=Exists(of_role))
    of_lists = found.filter(listing__in=[one.code for one in listings(person)])
    return of_lists.select_related("owner", "shared_team").order_by("listing", "name", "pk")


def _with_opening(views: QuerySet[SavedView], person: User) -> QuerySet[SavedView]:
    mine = DefaultView.objects.filter(view=OuterRef("pk"), user=person)
    role = DefaultView.objects.filter(view=OuterRef("pk"), role__in=person.role_names)
    return views.annotate(
        opens=Exists(mine),
        opens_for_role=Exists(role) if person.role_names else Value(False, BooleanField()),  # noqa: FBT003
    )


def may_change(view: SavedView, person: User) -> bool:
    """Tell whether a person may change or delete a view: their own, or shared with a role by administrators."""
    return view.owner_id == person.pk or (bool(view.shared_role) and person.has_perm("lists.share_with_role"))


def views_to_change(person: User) -> SavedViewQuerySet:
    """Return the views a person may change or delete."""
    own = Q(owner=person)
    views: SavedViewQuerySet = SavedView.objects.filter(
        own | ~Q(shared_role="") if person.has_perm("lists.share_with_role") else own
    )
    return views
