"""How the cards called: by day and card beside the cap that held, and what rules found (R31, R37, R40, R57)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Count, F, Max, Min, Q
from django.utils.translation import gettext_lazy as _

from billing.choices import SourceRole
from billing.models import UsageDaily
from cardfleet.kernel.errors import Text
from cards.choices import Severity
from cards.models import CarrierRule
from cards.rules.scope import RuleTerms
from lifecycle.models import CardConduct, Finding
from lifecycle.rules.kinds import KINDS
from lifecycle.rules.packs.calls import cap_use
from lifecycle.selectors.packs.scope import COUNT, DAY, WHEN, PackScope, Part, columns, part, said
from lifecycle.selectors.rules import CONTRACT_KIND, RuleBook, terms_of

ROLES: dict[str, Any] = dict(SourceRole.choices)
SEVERITIES: dict[str, Any] = dict(Severity.choices)
FIGURES = ("calls", "answered", "seconds", "incoming", "distinct_callees", "most_to_one", "under_15", "outside_window")
OF_CARD = ("card__plan", "card__carrier", "card__region", "card__industry", "card__contract__daily_call_limit")
BY_DAY = columns(
    (_("card id"), COUNT),
    (_("day"), DAY),
    _("seen by"),
    (_("calls"), COUNT),
    (_("of them answered"), COUNT),
    (_("minutes"), COUNT),
    (_("incoming"), COUNT),
    (_("different callees"), COUNT),
    (_("most to one callee"), COUNT),
    (_("shorter than 15 seconds"), COUNT),
    (_("outside the calling hours"), COUNT),
    (_("cap of the day"), COUNT),
    (_("of the cap used (%)"), COUNT),
)
FOUND = columns(
    (_("card id"), COUNT),
    (_("day"), DAY),
    _("rule"),
    _("severity"),
    (_("value"), COUNT),
    (_("warn at"), COUNT),
    (_("limit"), COUNT),
    _("reached"),
    (_("rule id"), COUNT),
    (_("version"), COUNT),
    _("illustrative"),
    (_("last seen at"), WHEN),
)


def calls(scope: PackScope) -> list[Part]:
    """Return the calls by day and card, those to people who refused or never agreed, and findings."""
    return [_by_day(scope), _by_consent(scope), _findings(scope), _by_kind(scope)]


class Caps:
    """The caps of a time: versions are read once, and asked once for each scope of a day's rules that occurs."""

    def __init__(self, versions: Sequence[RuleTerms]) -> None:
        self._versions = versions
        self._books: dict[date, RuleBook] = {}

    def of(self, day: date, card: int, place: tuple[int | None, int, str, str], agreed: int | None) -> int | None:
        """Return the most calls that were allowed on a day; None without a cap."""
        if day not in self._books:
            self._books[day] = RuleBook([rule for rule in self._versions if rule.in_force(day)], day=day)
        book = self._books[day]
        chosen = book.for_scope(book.scope(card, *place), agreed=agreed, contract="").get(CONTRACT_KIND)
        return None if chosen is None or chosen.terms.limit is None else int(chosen.terms.limit)


def _caps(scope: PackScope) -> Caps:
    goes_on = Q(effective_to__isnull=True) | Q(effective_to__gt=scope.first)
    versions = CarrierRule.objects.filter(goes_on, kind=CONTRACT_KIND, effective_from__lte=scope.last)
    return Caps([terms_of(version) for version in versions])


def _by_day(scope: PackScope) -> Part:
    days = UsageDaily.objects.filter(scope.days("day"), card__in=scope.card_ids).order_by("card", "day", "role")
    names = ("card", "day", "role", *FIGURES, *OF_CARD)

    def rows() -> Any:
        caps = _caps(scope)
        for card, day, role, made, answered, seconds, *rest in days.values_list(*names).iterator(5000):
            incoming, callees, to_one, short, outside, *place, agreed = rest
            cap = caps.of(day, card, tuple(place), agreed)
            minutes, used = -(-seconds // 60), cap_use(made, cap)
            seen = (incoming, callees, to_one, short, outside, cap, used)
            yield [card, day, ROLES.get(role, role), made, answered, minutes, *seen]

    title = _("Calls by day and card")
    return Part(name="calls_by_day", title=title, columns=BY_DAY, count=lambda: days.order_by().count(), rows=rows)


def _by_consent(scope: PackScope) -> Part:
    told = columns(
        (_("card id"), COUNT),
        (_("day"), DAY),
        (_("calls to people on the do-not-call list"), COUNT),
        (_("calls without a recorded consent"), COUNT),
        (_("calls abroad"), COUNT),
    )
    fields = ("card", "day", "to_do_not_call", "without_consent", "abroad")
    kept = CardConduct.objects.filter(scope.days("day"), card__in=scope.card_ids).order_by("card", "day")
    return part("calls_by_consent", _("Calls against refusals and consents"), told, kept.values_list(*fields), list)


def _found(scope: PackScope) -> Any:
    return Finding.objects.filter(scope.days("day"), card__in=scope.card_ids)


def _findings(scope: PackScope) -> Part:
    fields = ("card", "day", "kind", "severity", "value", "warn", "limit", "rule", "seen_at")
    found = _found(scope).order_by("card", "day", "kind").values_list(*fields, "rule__version", "rule__is_illustrative")

    def row(told: Any) -> list[Any]:
        card, day, kind, severity, value, warn, limit, rule, seen_at, version, illustrative = told
        reached = limit is not None and value >= limit
        words = [_kind(kind), SEVERITIES.get(severity, severity)]
        return [card, day, *words, value, warn, limit, said(reached), rule, version, said(illustrative), seen_at]

    return part("findings", _("What rules found"), FOUND, found, row)


def _kind(code: str) -> Text:
    return KINDS[code].label if code in KINDS else code


def _by_kind(scope: PackScope) -> Part:
    told = columns(
        _("rule"),
        (_("findings"), COUNT),
        (_("cards"), COUNT),
        (_("limit reached"), COUNT),
        (_("first day"), DAY),
        (_("last day"), DAY),
    )
    kinds = _found(scope).values_list("kind").order_by("kind")
    counted = kinds.annotate(
        many=Count("pk"),
        on=Count("card", distinct=True),
        reached=Count("pk", filter=Q(value__gte=F("limit"))),
        since=Min("day"),
        until=Max("day"),
    )
    return part(
        "findings_by_kind", _("What rules found, by rule"), told, counted, lambda row: [_kind(row[0]), *row[1:]]
    )
