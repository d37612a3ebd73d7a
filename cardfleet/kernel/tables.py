"""Tables of the documents that are written from the code: `manage.py check_docs --write`.

Each stands between two marks on its page; what people wrote around it stays.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.utils import translation

from cardfleet.kernel import gauges
from cardfleet.kernel.environment import explained, read_by_code
from cardfleet.kernel.retention import categories, own_dates

BEGIN, END = "<!-- begin: manage.py check_docs --write -->\n", "<!-- end -->\n"
ALERTS = "deploy/prometheus/alerts.yml"


def with_table(text: str, lines: Iterator[str]) -> str:
    """Return a page with its table written anew."""
    before, _begin, rest = text.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    with translation.override("en"):
        table = "".join(f"{line}\n" for line in lines)
    return f"{before}{BEGIN}{table}{END}{after}"


def retention_lines() -> Iterator[str]:
    """Yield how long each category of data is kept."""
    yield "| data | kept from | at least (months) | at first (months) | then | why so long |"
    yield "|--|--|--|--|--|--|"
    for one in categories().values():
        sure = "" if one.floor.is_sure else " (not established)"
        yield (
            f"| `{one.code}` {one.label} | {one.since} | {one.floor.months or '—'} | {one.default} "
            f"| {one.effect.label} | {one.floor.basis}{sure} |"
        )
    for own in own_dates():
        yield f"| `{own.code}` {own.label} | {own.goes} | — | — | deleted | a date of its own |"


def figure_lines() -> Iterator[str]:
    """Yield what `/metrics` shows of the installation, and the rules to be called out by."""
    yield "| figure | meaning | by |"
    yield "|--|--|--|"
    for name, what, label in gauges.known():
        yield f"| `{name}` | {what} | {f'`{label}`' if label else ''} |"
    yield ""
    yield "| rule | when | for | severity | what it means, and what to do |"
    yield "|--|--|--|--|--|"
    for rule in alert_rules():
        when, told = rule["expr"].replace("|", "\\|"), rule["annotations"]
        lasts, severity = rule.get("for", ""), rule["labels"]["severity"]
        yield f"| {rule['alert']} | `{when}` | {lasts} | {severity} | {told['summary']} {told['description']} |"


def alert_rules() -> list[dict[str, Any]]:
    """Return the rules for Prometheus."""
    known = yaml.safe_load(Path(settings.BASE_DIR, ALERTS).read_text("utf-8"))
    return [rule for group in known["groups"] for rule in group["rules"]]


def setting_lines() -> Iterator[str]:
    """Yield what CardFleet reads from its environment, by the sections of .env.example."""
    root, section = Path(settings.BASE_DIR), ""
    known = read_by_code(root)
    for one in explained(root):
        if one.section != section:
            section = one.section
            yield from ("", f"### {section[0].upper()}{section[1:]}", "", "| name | meaning | default | example |")
            yield "|--|--|--|--|"
        default = known[one.name].default if one.name in known else None
        shown = "has to be given" if default is None else f"`{default}`" if default else ""
        example = f"`{one.example}`" if one.example and one.example != default else ""
        yield f"| `{one.name}` | {one.meaning} | {shown} | {example} |"


PAGES: dict[str, Callable[[], Iterator[str]]] = {
    "docs/operations.md": figure_lines,
    "docs/retention.md": retention_lines,
    "docs/settings.md": setting_lines,
}
