"""The pieces of a list's page: `{% load lists %}`."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.template import NodeList
from django.template.base import Template
from django.template.context import Context
from django.template.loader import get_template
from django.template.loader_tags import BlockNode
from django.utils.safestring import SafeString, mark_safe

from cardfleet.lists.registry import ListColumn

register = template.Library()
BY_PLACE = ("off-phone", "short-phone", "end-phone", "when")


@register.simple_tag(takes_context=True)
def cells(context: Context, template_name: str, columns: Sequence[ListColumn]) -> SafeString:
    """Draw the cells of a row: the block of each column, by its code, from a template that holds them all."""
    blocks = _blocks_of(context, template_name)
    return mark_safe("".join(blocks[column.code].render(context) for column in columns))  # noqa: S308 - rendered nodes


def _blocks_of(context: Context, template_name: str) -> Mapping[str, NodeList]:
    """Return the blocks of a template, looked up once for all rows of a page."""
    found: Mapping[str, NodeList] | None = context.render_context.get(template_name)
    if found is None:
        found = _blocks(get_template(template_name).template)  # type: ignore[attr-defined]
        context.render_context[template_name] = found
    return found


@register.simple_tag
def by_place(columns: Sequence[ListColumn], *, pick: bool = False) -> str:
    """Return the classes of a table that lay out its columns as their heads say: once, not once a cell.

    `off-phone` and `short-phone` keep a column or its second line off a phone, `end-phone` stands at its right, `when`
    is not broken.
    """
    places = enumerate(columns, start=2 if pick else 1)
    return " ".join(
        f"{css.removesuffix('-phone')}-{place}"
        for place, column in places
        for css in column.css.split()
        if css in BY_PLACE
    )


@lru_cache(maxsize=64)
def _blocks(source: Template) -> Mapping[str, NodeList]:
    blocks: list[Any] = source.nodelist.get_nodes_by_type(BlockNode)
    return {block.name: block.nodelist for block in blocks}
