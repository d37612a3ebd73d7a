"""My cards as an installable web app: its manifest, and the worker that keeps it readable without a network."""

import hashlib
import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

# What the page of My cards loads; tests/lifecycle/test_my_app.py holds it equal to what it names.
SHELL = (
    *("img/icon.svg", "img/icon-192.png", "vendor/icons.svg", "vendor/tabler.min.css", "vendor/htmx.min.js"),
    *(
        f"css/{name}.css"
        for name in (
            *("tokens", "frame", "panels", "badges", "tables", "forms", "states", "phone", "pages", "stock", "board"),
            *("cases", "my", "print", "handout"),
        )
    ),
    *(f"js/{name}.js" for name in ("theme", "shell", "dialogs", "lists", "requests", "charts", "app", "signature")),
)
WORKER = "js/worker.js"
WAIT_MS = 4000


@require_safe
@cache_control(public=True, max_age=3600)
def manifest(_request: HttpRequest) -> HttpResponse:
    """Answer what a phone needs to install the page; it names nobody, so nobody has to sign in for it."""
    page = reverse("lifecycle:my")
    icons = [
        {"src": static("img/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
        {"src": static("img/icon-192.png"), "sizes": "192x192", "type": "image/png", "purpose": "any maskable"},
        {"src": static("img/icon-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "any maskable"},
    ]
    told = {
        "id": page,
        "name": f"CardFleet {_('My cards')}",
        "short_name": _("My cards"),
        "start_url": page,
        "scope": "/",
        "display": "standalone",
        "lang": settings.LANGUAGE_CODE,
        "background_color": "#f5f7fa",
        "theme_color": "#0a64c2",
        "icons": icons,
    }
    return JsonResponse(told, content_type="application/manifest+json")


@require_safe
@cache_control(no_cache=True)
def worker(_request: HttpRequest) -> HttpResponse:
    """Answer the worker, which serves the pages below its own address; another content is another version."""
    known = {
        "version": version(),
        "page": reverse("lifecycle:my"),
        "shell": [static(name) for name in SHELL],
        "wait": WAIT_MS,
    }
    script = _content(WORKER).decode()
    return HttpResponse(f"const APP = {json.dumps(known)};\n{script}", content_type="text/javascript")


@cache
def version() -> str:
    """Return the version of the shell: a hash of all it holds, the worker too."""
    told = hashlib.sha256()
    for name in (WORKER, *SHELL):
        told.update(_content(name))
    return told.hexdigest()[:12]


def _content(name: str) -> bytes:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found).read_bytes()
