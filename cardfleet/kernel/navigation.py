"""The pages of the top bar, left here by each app's `navigation` module; the kernel names no app.

A module holds lines such as `register(_("Cards"), "lifecycle:fleet", icon="device-sim", order=20)`.
"""

from collections.abc import Iterable
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
    """One page of the top bar. Lower `order` stands further left; a phone has the first four in its bar."""

    label: Text
    url_name: str
    icon: str
    permission: str
    order: int


@dataclass(frozen=True, kw_only=True)
class Link:
    """An item as one person sees it on one page."""

    label: Text
    url: str
    icon: str
    current: bool


_items: dict[str, Item] = {}


def register(label: Text, url_name: str, *, icon: str, permission: str = "", order: int = 100) -> None:
    """Put a page into the top bar, for those with the permission (`app_label.codename`; empty: everybody)."""
    _items[url_name] = Item(label=label, url_name=url_name, icon=icon, permission=permission, order=order)


def url_or_empty(url_name: str, *args: object) -> str:
    """Return the address of a URL name and its arguments, or nothing when no app provides it."""
    try:
        return reverse(url_name, args=args)
    except NoReverseMatch:
        return ""


def links(person: Person, path: str) -> list[Link]:
    """Return what a person may open, in order, with the page that `path` belongs to marked as current."""
    seen = [
        (item, url)
        for item in sorted(_items.values(), key=lambda item: item.order)
        if (not item.permission or person.has_perm(item.permission)) and (url := url_or_empty(item.url_name))
    ]
    current = longest_match((url for _, url in seen), path)
    return [Link(label=item.label, url=url, icon=item.icon, current=url == current) for item, url in seen]


def longest_match(urls: Iterable[str], path: str) -> str:
    """Return the longest address that `path` lies under; `/` matches itself alone."""
    under = (url for url in urls if path == url or (url != "/" and path.startswith(url)))
    return max(under, key=len, default="")
