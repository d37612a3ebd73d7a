"""QR codes as SVG within a page: no picture is fetched, and the policy allows no style of its own."""

import segno
from django.utils.safestring import SafeString, mark_safe


def qr(text: str) -> SafeString:
    """Return the QR code of a text as an SVG element of class `qr`, sized by the style sheet."""
    drawn: str = segno.make(text, error="m", micro=False).svg_inline(svgclass="qr", lineclass=None, omitsize=True)
    return mark_safe(drawn)  # noqa: S308 - paths of numbers, written by segno
