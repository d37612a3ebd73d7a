"""What was decided about a card that rules let through only with an approval."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date

from lifecycle.models import Approval


def latest_decisions(card_id: int) -> Mapping[int, Approval]:
    """Return the decision that holds for each rule version, by its id; one query."""
    said = Approval.objects.filter(card=card_id).order_by("rule_id", "-pk").distinct("rule_id")
    return {decision.rule_id: decision for decision in said.select_related("decided_by")}


def approved_rules(card_id: int, day: date) -> frozenset[int]:
    """Return the rule versions that are approved for a card on a day."""
    return frozenset(
        rule_id
        for rule_id, said in latest_decisions(card_id).items()
        if said.is_granted and (said.until is None or said.until >= day)
    )


def approved_rules_of(card_ids: Collection[int], day: date) -> Mapping[int, frozenset[int]]:
    """Return the same of many cards by card id, in one query."""
    said = Approval.objects.filter(card__in=card_ids).order_by("card_id", "rule_id", "-pk")
    approved: defaultdict[int, frozenset[int]] = defaultdict(frozenset)
    for decision in said.distinct("card_id", "rule_id"):
        if decision.is_granted and (decision.until is None or decision.until >= day):
            approved[decision.card_id] |= {decision.rule_id}
    return approved
