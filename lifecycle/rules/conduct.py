"""Rules about conduct: purpose, complaints, marks, consent (R3, R35, R40, R60, R113; 消费者权益保护法 art. 29)."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from cards.choices import Purpose
from cards.rules.scope import RuleTerms
from lifecycle.rules.desk.forbidden import BY_LAW
from lifecycle.rules.facts import CardFacts
from lifecycle.rules.findings import Finding, Said, ceiling, flag
from lifecycle.rules.registry import HINT, LEADS_TO, rule_kind

DECIDED_WITHIN = timedelta(days=5)
"""Carriers decide about a complaint within days; later it counts as one of several alone."""

# Calls that sell need consent; a contract that is being fulfilled needs none (PIPL art. 13(2)).
NEED_CONSENT = (Purpose.SALES, Purpose.CALL_BACK, Purpose.RESEARCH, Purpose.OTHER)


@rule_kind(
    "purpose_match",
    label=_("Used for the purpose confirmed"),
    unit="",
    facts=("purpose", "purpose_matches"),
    blocks=("issue", "call"),
)
def purpose_match(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R3; 华翔联信 annex cl. 3: other use than the carrier confirmed stops every number of the company."""
    broken = None if facts.purpose_matches is None else not facts.purpose_matches
    return flag(rule, broken, Said(advice="confirm_purpose"))


@rule_kind(
    "reported_rate",
    label=_("Share of numbers notified"),
    unit="%",
    window="26th-25th",
    facts=("reported_rate",),
    blocks=("call",),
)
def reported_rate(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R35; 华翔联信 annex cl. 4: at 0.5% of calling numbers notified all are cancelled. A fact of the fleet."""
    return ceiling(rule, facts.reported_rate, Said(advice="stop_and_review"))


@rule_kind(
    "complaints",
    label=_("Valid complaints"),
    unit="complaints",
    window="30d",
    facts=("complaints_30d",),
    blocks=("call",),
)
def complaints(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R35, R40: valid complaints about a card within 30 days."""
    latest = facts.last_complaint_on
    is_fresh = latest is None or facts.today - latest <= DECIDED_WITHIN
    return ceiling(rule, facts.complaints_30d, Said(advice="rectify", is_fresh=is_fresh))


@rule_kind("marked", label=_("Marks by callees"), unit="marks", facts=("marks",), weight=HINT, blocks=("call",))
def marked(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R87: marks or platforms that show one; a wrong mark is appealed, never dodged by another number."""
    return ceiling(rule, facts.marks, Said(advice="appeal_mark"))


@rule_kind(
    "consent",
    label=_("Calls without consent"),
    unit="calls",
    window="day",
    facts=("purpose", "calls_without_consent"),
    weight=LEADS_TO,
    blocks=("callee",),
)
def consent(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R57; 消费者权益保护法实施条例 art. 24: no commercial call without consent; `purposes` are the commercial ones."""
    calls = facts.calls_without_consent
    if facts.purpose is not None and facts.purpose not in rule.params.get("purposes", NEED_CONSENT):
        return None
    return flag(rule, None if calls is None else calls > 0, Said(advice="get_consent", params={"calls": calls or 0}))


@rule_kind(
    "dnc",
    label=_("Calls to do-not-call numbers"),
    unit="calls",
    window="day",
    facts=("calls_to_do_not_call",),
    weight=LEADS_TO,
    blocks=("callee",),
)
def dnc(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R40, R60: who has refused is not called again."""
    calls = facts.calls_to_do_not_call
    return flag(rule, None if calls is None else calls > 0, Said(advice="rectify", params={"calls": calls or 0}))


@rule_kind(
    "industry_ban",
    label=_("Industry restricted by the carrier"),
    unit="",
    facts=("industry",),
    blocks=("issue",),
)
def industry_ban(facts: CardFacts, rule: RuleTerms) -> Finding | None:
    """R3, R101, R113: industries in the rule's list need an approval (Huawei Cloud's list), as what the law forbids."""
    if facts.industry is None:
        return None
    industry = facts.industry.strip()
    broken = bool(industry) and (industry in rule.params.get("industries", ()) or industry in BY_LAW)
    return flag(rule, broken, Said(advice="ask_carrier", params={"industry": industry}))
