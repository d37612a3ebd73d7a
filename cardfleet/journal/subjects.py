"""What the things that entries are about are called. Apps say so in `journal_actions`, beside their actions:

register_subject("cards.card", url_name="lifecycle:card")
"""

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.urls import NoReverseMatch, reverse

from cardfleet.kernel.errors import Text


@dataclass(frozen=True, kw_only=True)
class Named:
    """A subject in words: what it is, what it is called, and its page, empty where it has none."""

    kind: Text
    name: str
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class _Page:
    url_name: str
    related: Sequence[str]
    kind: Text
    called: Callable[[Any], Text]


_pages: dict[str, _Page] = {}


def register_subject(
    label: str,
    *,
    url_name: str = "",
    related: Sequence[str] = (),
    kind: Text = "",
    called: Callable[[Any], Text] = str,
) -> None:
    """Let things of a model be called by name, and name their page; `related` is joined for the name.

    `kind` is for what is no model, such as a report.
    """
    if label in _pages:
        raise ValueError(f"what {label} is called is registered twice")
    _pages[label] = _Page(url_name=url_name, related=related, kind=kind, called=called)


def new_number() -> str:
    """Return the number that marks a file which is taken out, so that the journal says who took it.

    It is a subject of its entry, as `billing.costs:5f0c91de`, and stands in the file or in its name.
    """
    return secrets.token_hex(4)


def name_subjects(subjects: Iterable[str]) -> dict[str, Named]:
    """Return each subject (`<app label>.<model>:<pk>`) in words; one query for each model that is called by name."""
    by_label: defaultdict[str, set[str]] = defaultdict(set)
    for subject in subjects:
        label, _colon, pk = subject.partition(":")
        by_label[label].add(pk)
    return {f"{label}:{pk}": named for label, pks in by_label.items() for pk, named in _named(label, pks).items()}


def _named(label: str, pks: set[str]) -> dict[str, Named]:
    model, page = _model(label), _pages.get(label)
    if model is None:
        return {pk: Named(kind=page.kind if page else label, name="" if page else pk) for pk in pks}
    kind, ids = model._meta.verbose_name or label, {pk for pk in pks if _is_id(model, pk)}
    found = _found(model, ids, page) if page and ids else {}
    return {
        pk: Named(
            kind=kind,
            name=found.get(pk, pk if pk in ids else ""),
            url=_url(page, pk) if page and pk in found else "",
        )
        for pk in pks
    }


def _model(label: str) -> type[Model] | None:
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def _found(model: type[Model], pks: set[str], page: _Page) -> dict[str, str]:
    things: QuerySet[Model] = QuerySet(model)
    if page.related:
        things = things.select_related(*page.related)
    return {str(thing.pk): str(page.called(thing)) for thing in things.filter(pk__in=pks)}


def _is_id(model: type[Model], pk: str) -> bool:
    """Tell ids from words such as `many`, which stand where a deed was done to more than one thing."""
    try:
        model._meta.pk.to_python(pk)
    except ValidationError:
        return False
    return bool(pk)


def _url(page: _Page, pk: str) -> str:
    try:
        return reverse(page.url_name, args=[pk]) if page.url_name else ""
    except NoReverseMatch:
        return ""
