"""Colours: every text of the look reaches AA on what it stands on, in both themes."""

import re

import pytest
from django.conf import settings

TOKENS = (settings.BASE_DIR / "static" / "css" / "tokens.css").read_text("utf-8")
PAIR = re.compile(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)")
COLOURS = {name: (light, dark) for name, light, dark in PAIR.findall(TOKENS)}
HUES = ["red", "orange", "yellow", "green", "cyan", "purple", "pink", "azure", "blue", "gray"]
ON_TINT = [(f"ink-{hue}", f"tint-{hue}", 5.9) for hue in HUES]
ON_PANEL = [(f"ink-{hue}", "tint-panel", 4.5) for hue in HUES]
TEXTS = [
    (ink, ground, 4.5)
    for ink in ("ink-text", "ink-muted", "ink-link")
    for ground in ("tint-page", "tint-panel", "tint-quiet", "tint-chosen")
]
BARS = [(f"tone-{hue}", "tint-panel", 2.0) for hue in HUES]


def luminance(colour: str) -> float:
    """Return the relative luminance (WCAG 2.2) of #rgb or #rrggbb."""
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), [*ON_TINT, *ON_PANEL, *TEXTS, *BARS])
def test_ink_can_be_read_on_its_ground(ink, ground, least, theme):
    """State colours reach 5.9:1 on their tint, everything written 4.5:1."""
    assert contrast(COLOURS[ink][theme], COLOURS[ground][theme]) >= least


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["primary", "fill-red"])
def test_white_can_be_read_on_filled_buttons_and_badges(ground, theme):
    """Filled means white text."""
    assert contrast("#ffffff", COLOURS[ground][theme]) >= 4.5
