"""The content security policy, and pages written so that it refuses nothing of theirs."""

import re

import pytest
from django.conf import settings

FOLDER = settings.BASE_DIR / "templates"
TEMPLATES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.html"))
SCRIPTS = sorted((settings.BASE_DIR / "static" / "js").glob("*.js"))
# Opened from a folder on somebody's disk, where no other file of ours stands beside it.
ALONE = {"style": ["lifecycle/packs/index.html"]}
INLINE = {
    "style": re.compile(r"<style|\sstyle="),
    "script": re.compile(r"<script(?![^>]*(?:\bsrc=|application/json))"),
    "handler": re.compile(r"\son[a-z]+=|hx-on|javascript:"),
    "eval": re.compile(r"""hx-(?:vals|headers)=["']js:|hx-trigger="[^"]*\["""),
    "elsewhere": re.compile(r"""(?:src|href|action)=["'](?:https?:)?//"""),
}


@pytest.mark.parametrize("kind", INLINE)
def test_no_template_holds_what_the_policy_refuses(kind):
    """Styles by class, behaviour by htmx or a file; nothing from another origin."""
    found = [path for path in TEMPLATES if INLINE[kind].search((FOLDER / path).read_text("utf-8"))]
    assert found == ALONE.get(kind, [])


def test_no_script_evaluates_text_or_writes_markup():
    """Texts get in as texts."""
    risky = re.compile(r"\beval\(|new Function|innerHTML|insertAdjacentHTML|document\.write")
    assert [path.name for path in SCRIPTS if risky.search(path.read_text("utf-8").replace('"innerHTML"', ""))] == []


@pytest.mark.django_db
def test_pages_are_sent_with_the_policy(client):
    """Scripts and styles from here alone, no frames, no plug-ins."""
    policy = client.get("/account/login/").headers["Content-Security-Policy"]
    parts = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert parts["script-src"].split()[0] == parts["style-src"].split()[0] == "'self'"
    assert parts["object-src"] == parts["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy


@pytest.mark.parametrize("folder", ["static/css", "static/js", "templates"])
def test_files_stay_under_300_lines(folder):
    """House rule."""
    files = [path for path in (settings.BASE_DIR / folder).rglob("*") if path.suffix in {".css", ".js", ".html"}]
    assert [str(path) for path in files if len(path.read_text("utf-8").splitlines()) > 300] == []
