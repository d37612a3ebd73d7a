"""How the administration looks: django-unfold's settings."""

from typing import Any

from django.templatetags.static import static

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "CardFleet",
    "SITE_HEADER": "CardFleet",
    "SHOW_LANGUAGES": True,
    "SCRIPTS": [lambda _request: static("js/admin.js")],
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda _request: static("img/icon.svg")}],
    # The blue of the pages (static/css/tokens.css), from its lightest tint to its darkest shade.
    "COLORS": {
        "primary": {
            "50": "#eef5fd",
            "100": "#d9e9fa",
            "200": "#b5d3f5",
            "300": "#85b7ee",
            "400": "#4f94e2",
            "500": "#1b6fce",
            "600": "#0a64c2",
            "700": "#0a4f9f",
            "800": "#0d427f",
            "900": "#10386a",
            "950": "#0b2344",
        }
    },
}
