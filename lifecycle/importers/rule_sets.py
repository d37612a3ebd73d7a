"""A rule set as YAML, read with the line of everything, so that a fault is found where it was written (R2, R21).

rules:
  - kind: daily_out_calls
    carrier: 中国联通
    warn: 160
    limit: 200
    severity: high
    source: 合同 HT-1 第 5 条
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any

import yaml
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import BadInput, Reason, Text
from cards.choices import Confidence, RuleAction, Severity
from lifecycle.rules.kinds import KINDS

LARGEST = 1_000_000
DEEPEST = 8
NAMES = ("carrier", "plan", "card")
TEXTS = (*NAMES, "region", "industry", "unit", "window", "consequence", "source")
MARKS = ("warn", "limit")
CHOICES: Mapping[str, type[Any]] = {"severity": Severity, "action": RuleAction, "confidence": Confidence}
FIELDS = ("kind", *TEXTS, *MARKS, *CHOICES, "params", "illustrative")
REQUIRED = ("kind", "severity", "source")
DEFAULTS = {"action": RuleAction.WARN, "confidence": Confidence.DEFAULT, "illustrative": True, "params": {}}
# As many digits as a mark has before its point, and more than it has behind.
MOST_DIGITS = 9
# Python reads no number of more than some thousand digits.
WHOLE = re.compile(r"-?[0-9]{1,18}")
WORDS: Mapping[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}


class RuleSetRefused(BadInput):
    """A rule set cannot be used; nothing of it was written."""

    code = "rule_set_refused"
    sentence = _("This rule set cannot be used. Nothing was written.")


@dataclass(frozen=True)
class Entry:
    """One rule of a set as it was written: its line, its values by field, and the line of each."""

    line: int
    values: Mapping[str, Any]
    lines: Mapping[str, int] = field(default_factory=dict)

    def at(self, name: str) -> int:
        """Return the line of a field, else of the rule."""
        return self.lines.get(name, self.line)

    def wrong(self, name: str, code: str, message: Text, *, clears: Text = "") -> Reason:
        """Return what is wrong with a field, where it stands."""
        value = str(self.values.get(name, ""))[:80]
        return Reason(
            code=code, message=message, clears=clears, line=self.at(name), column=name, field=name, value=value
        )


def read_rule_set(content: bytes) -> list[Entry]:
    """Return the rules of a file. RuleSetRefused names the line, field and value of everything that is wrong."""
    found = [_entry(node) for node in _rules(_root(content))]
    reasons = [reason for _entry_of, wrong in found for reason in wrong]
    if reasons:
        raise RuleSetRefused(reasons=reasons)
    return [entry for entry, _wrong in found]


def _root(content: bytes) -> yaml.Node | None:
    if len(content) > LARGEST:
        raise RuleSetRefused(reasons=[_fault("too_large", _("A rule set is at most a megabyte."), 1)])
    try:
        return yaml.compose(content.decode("utf-8-sig"), Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        raise RuleSetRefused(reasons=[_fault("not_utf8", _("The file is not UTF-8. Save it as UTF-8."), 1)]) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        said = format_lazy(_("This is not YAML: {problem}."), problem=error.problem or "")
        raise RuleSetRefused(reasons=[_fault("not_yaml", said, line)]) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise RuleSetRefused(reasons=[_fault("not_yaml", _("This is not YAML."), 1)]) from error


def _rules(root: yaml.Node | None) -> list[yaml.Node]:
    if isinstance(root, yaml.MappingNode):
        for key, value in root.value:
            if key.value == "rules" and isinstance(value, yaml.SequenceNode):
                return list(value.value)
    said = _('A rule set is a list under "rules:". Export one to see how it is written.')
    raise RuleSetRefused(reasons=[_fault("no_rules", said, root.start_mark.line + 1 if root else 1)])


def _fault(code: str, message: Text, line: int) -> Reason:
    return Reason(code=code, message=message, line=line)


def _entry(node: yaml.Node) -> tuple[Entry, list[Reason]]:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.MappingNode):
        said = _('Each rule is a list of fields, as "kind: daily_out_calls".')
        return Entry(line, {}), [_fault("no_fields", said, line)]
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    wrong: list[Reason] = []
    for key, value in node.value:
        name = str(key.value)
        if name in values:
            said = _("This field is given twice.")
            wrong.append(Reason(code="given_twice", message=said, line=key.start_mark.line + 1, column=name))
        values[name], lines[name] = _plain(value), key.start_mark.line + 1
    entry = Entry(line, values, lines)
    checked, faults = _checked(entry)
    return checked, [*wrong, *faults]


def _plain(node: yaml.Node, depth: int = 0) -> Any:
    """Return a node as plain values. 12:00 stays the text that it is, which YAML itself would read as a number."""
    if depth > DEEPEST:
        return None
    if isinstance(node, yaml.SequenceNode):
        return [_plain(part, depth + 1) for part in node.value]
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _plain(value, depth + 1) for key, value in node.value}
    return _scalar(node) if isinstance(node, yaml.ScalarNode) else None


def _scalar(node: yaml.ScalarNode) -> Any:
    text = str(node.value)
    if node.style in ("'", '"', "|", ">"):
        return text
    if text.lower() in WORDS:
        return WORDS[text.lower()]
    return int(text) if WHOLE.fullmatch(text) else text


def _checked(entry: Entry) -> tuple[Entry, list[Reason]]:
    wrong = [*_unknown(entry), *_missing(entry)]
    values: dict[str, Any] = dict(DEFAULTS)
    for name, value in entry.values.items():
        if name in FIELDS:
            values[name], reason = _value(entry, name, value)
            wrong += [reason] if reason else []
    kind = values.get("kind")
    if kind and kind not in KINDS:
        near = get_close_matches(str(kind), KINDS, n=1)
        clears = format_lazy(_("Did you mean {kind}?"), kind=near[0]) if near else ""
        said = format_lazy(_('There is no kind of rule called "{kind}".'), kind=kind)
        wrong.append(entry.wrong("kind", "unknown_kind", said, clears=clears))
    return Entry(entry.line, values, entry.lines), wrong


def _unknown(entry: Entry) -> list[Reason]:
    clears = format_lazy(_("Fields are {names}."), names=", ".join(FIELDS))
    return [
        entry.wrong(name, "unknown_field", _("A rule has no such field."), clears=clears)
        for name in entry.values
        if name not in FIELDS
    ]


def _missing(entry: Entry) -> list[Reason]:
    said = _("A rule needs this field.")
    return [entry.wrong(name, "missing", said) for name in REQUIRED if entry.values.get(name) in (None, "")]


def _value(entry: Entry, name: str, value: Any) -> tuple[Any, Reason | None]:
    if name in MARKS:
        return _mark(entry, name, value)
    if name in CHOICES:
        known = list(CHOICES[name].values)
        if value in known:
            return value, None
        return value, entry.wrong(name, "unknown_value", format_lazy(_("One of {names}."), names=", ".join(known)))
    if name == "illustrative":
        return value, None if isinstance(value, bool) else entry.wrong(name, "unknown_value", _("true or false."))
    if name == "params":
        said = _("Further values are a list of fields.")
        return value or {}, None if isinstance(value or {}, dict) else entry.wrong(name, "params_unusable", said)
    if isinstance(value, list | dict):
        return "", entry.wrong(name, "not_text", _("This field is a single text."))
    return "" if value is None else str(value).strip(), None


def _mark(entry: Entry, name: str, value: Any) -> tuple[Decimal | None, Reason | None]:
    if value is None:
        return None, None
    try:
        mark = Decimal(str(value))
    except InvalidOperation:
        return None, entry.wrong(name, "not_a_number", _("A number without its unit, as 200 or 0.5."))
    if not mark.is_finite() or mark.adjusted() >= MOST_DIGITS or int(mark.as_tuple().exponent) < -MOST_DIGITS:
        return None, entry.wrong(name, "not_a_number", _("A number without its unit, as 200 or 0.5."))
    return mark, None
