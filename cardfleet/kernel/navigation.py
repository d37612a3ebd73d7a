"""The pages of the bars, left here by each app's `navigation` module; the kernel names no app.

A module holds lines such as `register(_("Cards"), "lifecycle:fleet", icon="device-sim", order=20)`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise

Text = str | Promise


class Person(Protocol):
    """Who looks at the page."""

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Whether the person has a permission."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """One page of the bars. Lower `order` stands further left; a phone has the first four of the top bar in its own.

    An item `under` another one stands in that page's second bar, or in the top bar for who may not open that page.
    """

    label: Text
    url_name: str
    icon: str
    permission: str
    order: int
    under: str


@dataclass(frozen=True, kw_only=True)
class Link:
    """An item as one person sees it on one page."""

    label: Text
    url: str
    icon: str
    current: bool


@dataclass(frozen=True, kw_only=True)
class Bars:
    """The top bar, and the second one of the section that the page belongs to (empty for a section of one page)."""

    top: list[Link]
    second: list[Link]


_items: dict[str, Item] = {}


def register(label: Text, url_name: str, *, icon: str, permission: str = "", order: int = 100, under: str = "") -> None:
    """Put a page into the bars, for those with the permission (`app_label.codename`; empty: everybody)."""
    _items[url_name] = Item(label=label, url_name=url_name, icon=icon, permission=permission, order=order, under=under)


def url_or_empty(url_name: str, *args: object) -> str:
    """Return the address of a URL name and its arguments, or nothing when no app provides it."""
    try:
        return reverse(url_name, args=args)
    except NoReverseMatch:
        return ""


def bars(person: Person, path: str) -> Bars:
    """Return what a person may open, in order, with the page that `path` belongs to marked as current in both bars."""
    seen = {
        item.url_name: url
        for item in sorted(_items.values(), key=lambda item: item.order)
        if (not item.permission or person.has_perm(item.permission)) and (url := url_or_empty(item.url_name))
    }
    here = longest_match(seen.values(), path)
    current = next((name for name, url in seen.items() if url == here), "")
    section = _section(current, seen)
    return Bars(
        top=[_link(name, url, current=section) for name, url in seen.items() if _section(name, seen) == name],
        second=_second_bar(section, seen, current=current),
    )


def _second_bar(section: str, seen: Mapping[str, str], *, current: str) -> list[Link]:
    """Return the pages of a section; none for a section of one page."""
    names = [name for name in seen if _section(name, seen) == section]
    return [_link(name, seen[name], current=current) for name in names] if len(names) > 1 else []


def _section(name: str, seen: Mapping[str, str]) -> str:
    """Return the page of the top bar that a page stands under; itself when it stands there."""
    under = _items[name].under if name else ""
    return under if under in seen else name


def _link(name: str, url: str, *, current: str) -> Link:
    """Return the link of a page."""
    return Link(label=_items[name].label, url=url, icon=_items[name].icon, current=name == current)


def longest_match(urls: Iterable[str], path: str) -> str:
    """Return the longest address that `path` lies under; `/` matches itself alone."""
    under = (url for url in urls if path == url or (url != "/" and path.startswith(url)))
    return max(under, key=len, default="")
