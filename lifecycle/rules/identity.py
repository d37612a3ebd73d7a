"""Rules about who a card is registered to and who uses it (R23, R74, R76, R79; 反电信网络诈骗法 art. 9-11, 31)."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from cards.choices import RealNameState, RegistrantKind, RuleAction, Severity
from cards.rules.scope import RuleTerms
from lifecycle.rules.facts import CardFacts
from lifecycle.rules.findings import Finding, Said, ceiling, finding, flag
from lifecycle.rules.registry import BOOKKEEPING, LEADS_TO, rule_kind

SECONDS_AN_HOUR = 3600


@rule_kind(
    "real_name",
    label=_("Real-name registration"),
    unit="",
    facts=("real_name_state",),
    weight=LEADS_TO,
    blocks=("issue", "call"),
)
def real_name(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R23; art. 9: no card is used without a valid registration. One that nobody has checked only warns here."""
    if facts.real_name_state in (None, RealNameState.VALID):
        return None
    if facts.real_name_state == RealNameState.UNKNOWN:
        said = Said(advice="check_registration", code="real_name_unchecked")
        return finding(rule, Decimal(1), said, reached=False)
    return finding(rule, Decimal(1), Said(advice="register"), reached=True)


@rule_kind(
    "user_match",
    label=_("Registered user is the holder"),
    unit="",
    facts=("user_matches", "registrant_kind"),
    weight=LEADS_TO,
    blocks=("issue",),
)
def user_match(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R74; art. 31: a person's card in another's hands is lending; a company card needs its user registered anew."""
    if facts.user_matches is not False:
        return None
    said = Said(advice="register_user")
    if facts.registrant_kind == RegistrantKind.PERSON:
        return finding(rule, Decimal(1), replace(said, code="user_match_person"), reached=True)
    milder = replace(rule, severity=Severity.WARN, action=RuleAction.WARN)
    return finding(milder, Decimal(1), said, reached=True)


@rule_kind(
    "outside_use",
    label=_("Used by own staff only"),
    unit="",
    facts=("holder_is_staff",),
    blocks=("issue", "call"),
)
def outside_use(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R74; 华翔联信 annex cl. 5: use by anybody but own staff ends the contract."""
    broken = None if facts.holder_is_staff is None else not facts.holder_is_staff
    return flag(rule, broken, Said(advice="take_back"))


@rule_kind(
    "id_card_count",
    label=_("Cards on one ID with one carrier"),
    unit="cards",
    facts=("cards_on_id_here", "registrant_kind"),
    weight=BOOKKEEPING,
    blocks=("buy",),
)
def id_card_count(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R85; art. 10: a person has at most five cards with one carrier; companies by contract."""
    if facts.registrant_kind != RegistrantKind.PERSON:
        return None
    return ceiling(rule, facts.cards_on_id_here, Said(advice="use_company_cards"))


@rule_kind(
    "id_card_total",
    label=_("Cards on one ID with all carriers"),
    unit="cards",
    facts=("cards_on_id", "registrant_kind"),
    weight=BOOKKEEPING,
)
def id_card_total(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R85; art. 10: some ten cards over all carriers, by weak sources."""
    if facts.registrant_kind != RegistrantKind.PERSON:
        return None
    return ceiling(rule, facts.cards_on_id, Said(advice="use_company_cards"))


@rule_kind(
    "reverify_due",
    label=_("Second verification"),
    unit="hours",
    window="24h",
    facts=("reverify_due_at",),
    blocks=("issue",),
)
def reverify_due(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R79; 2021 notice: verify within 24 hours or the carrier stops the card. The value is hours gone of these."""
    if facts.reverify_due_at is None or rule.limit is None:
        return None
    left = facts.reverify_due_at - facts.now
    hours_left = Decimal(int(left / timedelta(seconds=1))) / SECONDS_AN_HOUR
    gone = max(rule.limit - hours_left, Decimal(0)).quantize(Decimal("0.1"))
    due = facts.reverify_due_at.astimezone(facts.local_now.tzinfo)
    said = Said(advice="verify", params={"due": f"{due:%Y-%m-%d %H:%M}"}, limit_at=facts.reverify_due_at)
    return ceiling(rule, gone, said)
