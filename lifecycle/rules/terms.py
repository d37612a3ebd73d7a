"""Whether a rule's values make sense for its kind: marks in order, unit and window of the kind, no impossible share."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason, Text
from cards.choices import Confidence
from cards.rules.scope import RuleTerms
from lifecycle.rules.findings import plain
from lifecycle.rules.kinds import FORBIDDING, KINDS
from lifecycle.rules.probing import unusable

FALLING = frozenset({"min_gap", "connect_rate", "low_balance"})
"""Kinds whose value falls towards the limit: the warning lies above it."""
FURTHER_UNITS: Mapping[str, tuple[str, ...]] = {"low_balance": ("CNY",)}
FURTHER_WINDOWS: Mapping[str, tuple[str, ...]] = {"imei_change": ("30d",)}
SHARES = frozenset({"short_call_ratio", "connect_rate", "empty_number", "reported_rate", "hoarding"})
"""Kinds that measure a part of a whole in per cent."""
SHARES_OF_CALLS = frozenset({"short_call_ratio", "connect_rate", "empty_number"})
PROVING = frozenset({Confidence.CONTRACT, Confidence.LAW, Confidence.DOCUMENT})
HUNDRED = Decimal(100)


def is_falling(kind: str) -> bool:
    """Whether a kind hits when its value comes down to the limit."""
    return kind in FALLING


def wrong_terms(rule: RuleTerms) -> list[Reason]:
    """Return everything about a rule's values that cannot be meant, each with the field to correct."""
    if reason := unusable(rule):
        return [reason]
    return [reason for check in CHECKS for reason in check(rule)]


def _order(rule: RuleTerms) -> Iterator[Reason]:
    if rule.warn is None or rule.limit is None:
        return
    values = {"warn": plain(rule.warn), "limit": plain(rule.limit)}
    if not is_falling(rule.kind) and rule.warn > rule.limit:
        said = _("It warns at {warn} only after its limit of {limit} is reached. Let it warn below the limit.")
        yield Reason(code="warn_above_limit", message=format_lazy(said, **values), field="warn", value=values["warn"])
    if is_falling(rule.kind) and rule.warn < rule.limit:
        said = _("This value falls: it warns at {warn} only below its limit of {limit}. Let it warn above the limit.")
        yield Reason(code="warn_below_limit", message=format_lazy(said, **values), field="warn", value=values["warn"])


def _unit(rule: RuleTerms) -> Iterator[Reason]:
    known = (KINDS[rule.kind].unit, *FURTHER_UNITS.get(rule.kind, ()))
    if rule.unit in known:
        return
    said = format_lazy(
        _('"{kind}" is measured in {units}, not in {unit}. Leave the unit empty, or convert the limit.'),
        kind=KINDS[rule.kind].label,
        units=_listed(known),
        unit=rule.unit,
    )
    yield Reason(code="wrong_unit", message=said, field="unit", value=rule.unit)


def _window(rule: RuleTerms) -> Iterator[Reason]:
    known = (KINDS[rule.kind].window, *FURTHER_WINDOWS.get(rule.kind, ()))
    if rule.window in known:
        return
    said = format_lazy(
        _('"{kind}" is measured over {windows}; nothing is counted over {window}. Leave the window empty.'),
        kind=KINDS[rule.kind].label,
        windows=_listed(known),
        window=rule.window,
    )
    yield Reason(code="wrong_window", message=said, field="window", value=rule.window)


def _listed(names: tuple[str, ...]) -> Text:
    return ", ".join(name or "–" for name in names)


def _negative(rule: RuleTerms) -> Iterator[Reason]:
    if rule.unit == "CNY":
        return
    for field in ("warn", "limit"):
        mark = getattr(rule, field)
        if mark is not None and mark < 0:
            yield Reason(code="negative", message=_("This is never below zero."), field=field, value=plain(mark))


def _share(rule: RuleTerms) -> Iterator[Reason]:
    for field in ("warn", "limit"):
        mark = getattr(rule, field)
        if mark is None or rule.kind not in SHARES:
            continue
        if mark > HUNDRED:
            yield Reason(code="above_whole", message=_("A share is at most 100 %."), field=field, value=plain(mark))
        elif rule.kind in SHARES_OF_CALLS and 0 < mark < 1:
            said = format_lazy(
                _("The unit is per cent: {value} is less than one call in a hundred. Write {meant} if that is meant."),
                value=plain(mark),
                meant=plain(mark * HUNDRED),
            )
            yield Reason(code="share_of_one", message=said, field=field, value=plain(mark))


def _effect(rule: RuleTerms) -> Iterator[Reason]:
    """A kind that forbids nothing would block in name only."""
    if rule.action in FORBIDDING and not KINDS[rule.kind].blocks:
        said = format_lazy(_('"{kind}" forbids nothing, so it can only record or warn.'), kind=KINDS[rule.kind].label)
        yield Reason(code="action_without_effect", message=said, field="action", value=rule.action)


def _established(rule: RuleTerms) -> Iterator[Reason]:
    if not rule.is_illustrative and rule.confidence not in PROVING:
        said = _("Values are established by a contract, a law or a document that was read. Name it, or keep the badge.")
        yield Reason(code="not_established", message=said, field="is_illustrative", value=rule.confidence)


CHECKS: tuple[Callable[[RuleTerms], Iterator[Reason]], ...] = (
    _order,
    _unit,
    _window,
    _negative,
    _share,
    _effect,
    _established,
)
