"""How many messages wait for the reader of a page: `{% load inbox %}`."""

from typing import Any

from django import template
from django.db import DatabaseError

from cardfleet.accounts.models import User
from cardfleet.notify.selectors import unread_count

register = template.Library()


@register.inclusion_tag("components/unread.html")
def unread(person: User) -> dict[str, Any]:
    """Draw the number on the bell; none on the page that says that the database is away."""
    try:
        return {"count": unread_count(person)}
    except DatabaseError:
        return {"count": 0}
