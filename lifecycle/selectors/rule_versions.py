"""The versions of a rule beside each other: what differs, who changed it, when and why (R21)."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from cardfleet.journal.models import Entry
from cardfleet.kernel.errors import Text
from cards.models import CarrierRule
from lifecycle.rules.findings import plain

COMPARED = (
    *("carrier", "plan", "region", "industry", "card"),
    *("warn", "limit", "unit", "window", "params", "severity", "action", "consequence"),
    *("source", "document", "confidence", "is_illustrative"),
)


@dataclass(frozen=True)
class Line:
    """One field of two versions, in words."""

    label: Text
    left: Any
    right: Any

    @property
    def differs(self) -> bool:
        """Whether the versions say different things."""
        return bool(self.left != self.right)


@dataclass(frozen=True)
class Change:
    """One version as a step of a rule's history: what it changed, and what was done to it since."""

    rule: CarrierRule
    lines: Sequence[Line]
    deeds: Sequence[Entry]


def versions_of(rule: CarrierRule) -> list[CarrierRule]:
    """Return every version of a rule, the latest first."""
    versions = CarrierRule.objects.filter(lineage=rule.lineage).order_by("-version")
    return list(versions.select_related("carrier", "plan", "card", "document", "created_by"))


def compare(left: CarrierRule, right: CarrierRule) -> list[Line]:
    """Return two versions field by field."""
    return [Line(_label(name), _words(left, name), _words(right, name)) for name in COMPARED]


def history_of(rule: CarrierRule) -> list[Change]:
    """Return the steps of a rule, the latest first, in a fixed number of queries."""
    versions = versions_of(rule)
    subjects = {f"cards.carrierrule:{version.pk}": version.pk for version in versions}
    done: dict[int, list[Entry]] = {version.pk: [] for version in versions}
    for entry in Entry.objects.filter(subject__in=subjects).select_related("actor").order_by("at", "pk"):
        done[subjects[entry.subject]].append(entry)
    return list(_steps(versions, done))


def _steps(versions: Sequence[CarrierRule], done: dict[int, list[Entry]]) -> Iterator[Change]:
    for version, before in zip(versions, [*versions[1:], None], strict=True):
        lines = [line for line in compare(before, version) if line.differs] if before else []
        yield Change(version, lines, done[version.pk])


def _label(name: str) -> Text:
    return CarrierRule._meta.get_field(name).verbose_name  # type: ignore[union-attr]


def _words(rule: CarrierRule, name: str) -> Any:
    value = getattr(rule, name)
    if name in ("warn", "limit"):
        return plain(value)
    if name == "params":
        return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""
    if name in ("severity", "action", "confidence"):
        return getattr(rule, f"get_{name}_display")()
    if name == "is_illustrative":
        return _("Yes") if value else _("No")
    return value
