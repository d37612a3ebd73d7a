"""The pieces pages are made of: `{% load ui %}`. The gallery under tests/look shows each of them."""

from dataclasses import replace
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from django import template
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.db.models import Model
from django.http import QueryDict
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cardfleet.kernel.ui import Column, Look, Style, Text, look, risk_band

register = template.Library()
register.filter("ago", naturaltime)

UNREAD = mark_safe('aria-hidden="true"')


@register.simple_tag
@lru_cache(maxsize=1024)
def icon(name: str, css: str = "") -> SafeString:
    """Draw an icon of the sprite, for the eye only: the word beside it is what is read aloud."""
    drawing = '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>'
    return format_html(drawing, f"icon {css}".strip(), static("vendor/icons.svg"), name)


@register.simple_tag
def badge(family: str, value: str, label: Text = "", *, icon: bool = True) -> SafeString:
    """Show a value of a family of `cardfleet.kernel.ui` with its colour, word (or another word) and icon (or none)."""
    if label:
        return draw_badge(_look(family, value, with_icon=icon), label)
    return _badge(family, value, "", icon, get_language())


def _look(family: str, value: str, *, with_icon: bool) -> Look:
    shown = look(family, value)
    return shown if with_icon else replace(shown, icon="")


@lru_cache(maxsize=4096)
def _badge(family: str, value: str, label: str, with_icon: bool, _language: str | None) -> SafeString:  # noqa: FBT001
    return draw_badge(_look(family, value, with_icon=with_icon), label)


@register.filter
def choice(row: Model, field: str) -> str:
    """Return the word of a choice of a row, as `get_..._display` does, which puts all choices together at each call."""
    value = getattr(row, field)
    return str(_choices(type(row), field).get(value, value))


@cache
def _choices(model: type[Model], field: str) -> dict[Any, Text]:
    return dict(model._meta.get_field(field).flatchoices)  # type: ignore[union-attr]


@register.simple_tag
def risk_badge(score: int, *, icon: bool = True) -> SafeString:
    """Show a risk score of 0 to 100 with its band, and its icon or none."""
    band = risk_band(score)
    return _badge("risk", band, f"{look('risk', band).word} {score}", icon, get_language())


@register.simple_tag
def mark(text: Text, *, tone: str = "gray", icon: str = "", style: Style = "tint") -> SafeString:
    """Show any short text as a badge."""
    return draw_badge(Look(word=text, tone=tone, icon=icon, style=style))


def draw_badge(shown: Look, label: Text = "") -> SafeString:
    """Return the badge of a look, with its own word or another."""
    style = "" if shown.style == "tint" else f" is-{shown.style}"
    tone = "" if shown.tone == "gray" else f" tone-{shown.tone}"
    return format_html('<span class="badge{}{}">{}{}</span>', style, tone, draw_icon(shown.icon), label or shown.word)


def draw_icon(name: str) -> SafeString | str:
    """Return the icon, or nothing when there is no name."""
    return icon(name) if name else ""


@register.simple_tag
def bar(
    value: Decimal | float,
    limit: Decimal | float,
    *,
    tick: Decimal | float | None = None,
    forecast: Decimal | float | None = None,
    tone: str = "",
    label: str = "",
    said: bool = False,
) -> SafeString:
    """Draw a share of a limit. The dark tick is a threshold or the time elapsed; a text must say which.

    `said`: the text beside it says the figures already, so that nobody hears them twice.

    Without a tone the bar is red from the limit on, orange from the tick on, else blue. Forecasts are striped.
    """
    shown = tone or bar_tone(value, limit, tick)
    return format_html(
        '<svg class="bar{}" {}>{}{}{}</svg>',
        "" if shown == "blue" else f" tone-{shown}",
        UNREAD if said else format_html('role="img" aria-label="{}"', label or f"{value} / {limit}"),
        "" if forecast is None else line("bar-forecast", share(value, limit), share(forecast, limit), 3, 3),
        stripe(share(value, limit)),
        "" if tick is None else line("bar-tick", share(tick, limit), share(tick, limit), -4, 10),
    )


@register.simple_tag
def progress(done: int, refused: int, total: int | None) -> SafeString:
    """Draw how far a job is: done in green, refused in red behind it."""
    whole = total or max(done + refused, 1)
    return format_html(
        '<svg class="bar" role="img" aria-label="{} / {}">{}{}</svg>',
        done + refused,
        whole,
        stripe(share(done + refused, whole), tone="red"),
        stripe(share(done, whole), tone="green"),
    )


def share(value: Decimal | float, limit: Decimal | float) -> str:
    """Return value / limit in per cent for a width, between 0 and 100; no limit is 0."""
    return f"{min(max(float(value) / float(limit) * 100, 0), 100):.1f}" if limit else "0"


def bar_tone(value: Decimal | float, limit: Decimal | float, tick: Decimal | float | None) -> str:
    """Return the tone of a bar that was given none."""
    if limit and value >= limit:
        return "red"
    return "orange" if tick is not None and value >= tick else "blue"


def stripe(width: str, *, tone: str = "") -> SafeString:
    """Return a part of a bar from its left end, `width` per cent long, in the bar's tone or one of its own."""
    return format_html('<rect{} width="{}%"/>', format_html(' class="tone-{}"', tone) if tone else "", width)


def line(css: str, start: str, end: str, top: int, bottom: int) -> SafeString:
    """Return a line across a bar, from and to in per cent."""
    drawing = '<line class="{}" x1="{}%" x2="{}%" y1="{}" y2="{}"/>'
    return format_html(drawing, css, start, end, top, bottom)


@register.simple_block_tag
def panel(
    content: SafeString,
    title: Text,
    *,
    note: Text = "",
    more_url: str = "",
    more: Text = "",
    css: str = "",
) -> SafeString:
    """Frame a part of the page: head with title, a quiet note and at most one link; body as given.

    A head with more in it is written out: section.panel > header.panel-head > h2, .note, .panel-actions.
    """
    return format_html(
        '<section class="panel {}"><header class="panel-head"><h2>{}</h2>{}{}</header>{}</section>',
        css,
        title,
        format_html('<span class="note">{}</span>', note) if note else "",
        more_link(more_url, more) if more_url else "",
        content,
    )


def more_link(url: str, text: Text) -> SafeString:
    """Return the link at the right of a panel's head."""
    drawing = '<a class="panel-actions" href="{}">{}{}</a>'
    return format_html(drawing, url, text or _("List"), icon("chevron-right"))


@register.inclusion_tag("components/table_head.html", takes_context=True)
def table_head(context: Context, columns: list[Column], *, pick: bool = False) -> dict[str, Any]:
    """Draw the head of a list; columns with a `sort` become links. `pick` adds the tick box for all rows."""
    query = context["request"].GET
    return {"heads": [head(column, query) for column in columns], "pick": pick}


def head(column: Column, query: QueryDict) -> dict[str, Any]:
    """Return what a column's head shows: the address that sorts by it, and how the list is sorted now."""
    if not column.sort:
        return {"column": column}
    down = f"-{column.sort}"
    state = {column.sort: "ascending", down: "descending"}.get(query.get("sort", ""), "")
    order = down if state == "ascending" else column.sort
    return {"column": column, "state": state, "url": changed(query, "sort", order)}


@register.simple_tag(takes_context=True)
def without(context: Context, name: str, value: Any = None) -> str:
    """Return the address of the same list without one filter, or without one of its values."""
    query = context["request"].GET
    kept = [old for old in query.getlist(name) if value is not None and old != str(value)]
    return changed(query, name, *kept)


def changed(query: QueryDict, name: str, *values: str) -> str:
    """Return the address of the same list, from its first page on, with one parameter set anew."""
    new = query.copy()
    new.setlist(name, list(values))
    for place in ("page", "cursor"):
        new.pop(place, None)
    return f"?{new.urlencode()}"
