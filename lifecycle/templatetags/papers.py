"""What printed papers need."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from cardfleet.kernel.qr import qr

register = template.Library()


@register.simple_tag(takes_context=True)
def qr_to(context: dict[str, Any], path: str) -> SafeString:
    """Return the QR code of the full address of a path of this site."""
    return qr(context["request"].build_absolute_uri(path))
