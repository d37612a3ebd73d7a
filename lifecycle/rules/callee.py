"""May this callee be called now (R40, R57, R60; 消费者权益保护法实施条例 art. 24)?

Repeats are those of all cards together, so that another card changes nothing. A rule refuses only where its action is
block; one that warns is left to the alerts.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason
from cards.choices import RuleAction
from cards.rules.scope import Choice
from lifecycle.rules.allowance import Allowance, CalleeCaps, Cap, cap_of, of_broken
from lifecycle.rules.conduct import NEED_CONSENT

DAY_KIND, MONTH_KIND = "callee_repeat", "callee_repeat_30d"
OF_A_CALLEE = frozenset({DAY_KIND, MONTH_KIND, "consent", "dnc"})
LEAVE = _("Leave this person in peace; another card changes nothing.")


@dataclass(frozen=True, kw_only=True)
class CalleeFacts:
    """What is known of a callee for the card's purpose; calls are outgoing ones of all cards, by the call lists."""

    purpose: str
    do_not_call: bool
    consent: bool
    calls_24h: int
    calls_30d: int


def with_callee(
    may: Allowance, known: CalleeFacts, rules: Mapping[str, Choice], *, broken: AbstractSet[str] = frozenset()
) -> Allowance:
    """Return what a card may do now, as it is for this callee; a rule that cannot be read refuses."""
    day, month = cap_of(rules, DAY_KIND, known.calls_24h), cap_of(rules, MONTH_KIND, known.calls_30d)
    caps = CalleeCaps(do_not_call=known.do_not_call, consent=known.consent, day=day, month=month)
    more = (*_of_lists(known, rules), *_of_repeats(day, month), *of_broken(broken & OF_A_CALLEE))
    return replace(may, reasons=(*may.reasons, *more), callee=caps)


def _of_lists(known: CalleeFacts, rules: Mapping[str, Choice]) -> Iterator[Reason]:
    if known.do_not_call and _blocks(rules, "dnc"):
        yield Reason(
            code="do_not_call",
            message=_("The callee is on the do-not-call list."),
            clears=_("Do not call this person, with any card."),
        )
    elif not known.consent and _blocks(rules, "consent") and known.purpose in _purposes(rules["consent"]):
        yield Reason(
            code="no_consent",
            message=_("The callee has not consented to calls of this purpose."),
            clears=_("Call only after the person agreed and the proof is recorded."),
        )


def _of_repeats(day: Cap | None, month: Cap | None) -> Iterator[Reason]:
    if day and day.blocks and not day.left:
        said = _("This callee was called {used} times within 24 hours by all cards together; the cap is {limit}.")
        yield Reason(code=DAY_KIND, message=format_lazy(said, used=day.used, limit=day.limit), clears=LEAVE)
    if month and month.blocks and not month.left:
        said = _("This callee was called {used} times within 30 days by all cards together; the cap is {limit}.")
        yield Reason(code=MONTH_KIND, message=format_lazy(said, used=month.used, limit=month.limit), clears=LEAVE)


def _blocks(rules: Mapping[str, Choice], kind: str) -> bool:
    return kind in rules and rules[kind].terms.action == RuleAction.BLOCK


def _purposes(rule: Choice) -> tuple[str, ...]:
    return tuple(rule.terms.params.get("purposes", NEED_CONSENT))
