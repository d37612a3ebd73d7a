"""The rules a new installation begins with."""

import pytest

from cards.models import CarrierRule
from cards.services.rules import end_rule, write_version
from lifecycle.reference import load_rules
from lifecycle.rules.defaults import DEFAULTS
from lifecycle.rules.kinds import KINDS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


def test_every_kind_has_a_row_with_its_badge():
    """R2: rules are data; what no law states is marked illustrative."""
    rows = {(rule.kind, rule.industry): rule for rule in CarrierRule.objects.all()}
    assert set(rows) == {(rule.kind, rule.industry) for rule in DEFAULTS}
    assert {kind for kind, _industry in rows} == {code for code, kind in KINDS.items() if kind.per in ("card", "agent")}
    assert {kind for (kind, _industry), rule in rows.items() if not rule.is_illustrative} == {
        rule.kind for rule in DEFAULTS if rule.confidence == "law"
    }


def test_loading_again_changes_nothing(now):
    before = list(CarrierRule.objects.order_by("pk").values())
    load_rules(now=now)
    assert list(CarrierRule.objects.order_by("pk").values()) == before


def test_an_edited_and_an_ended_rule_stay_as_they_are(now):
    cap, holiday = (CarrierRule.objects.get(kind=kind) for kind in ("daily_out_calls", "holiday"))
    write_version(
        rule_id=cap.pk,
        changes={"limit": 150},
        effective_from=now.date(),
        reason="合同",
        actor=None,
        now=now,
    )
    end_rule(rule_id=holiday.pk, effective_to=now.date(), reason="不用", actor=None, now=now)
    load_rules(now=now)
    assert CarrierRule.objects.filter(kind="daily_out_calls").count() == 2
    assert CarrierRule.objects.filter(kind="holiday", effective_to=now.date()).count() == 1
