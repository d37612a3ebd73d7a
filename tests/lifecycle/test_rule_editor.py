"""The rule editor in a browser: an administrator looks at what a limit would hit, saves, compares and restores."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cardfleet.accounts.choices import Role
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.reference import load
from cards.models import CarrierRule
from tests.factories.accounts import PersonFactory
from tests.factories.lifecycle import UsageDailyFactory


@pytest.mark.usefixtures("transactional_db")
def test_a_limit_is_replayed_saved_compared_and_restored(live, client, now):
    """R2, R21: what was edited wrongly today holds no longer today."""
    load(now=now)
    today = business_day(timezone.now())
    for calls in (20, 100, 155, 210):
        UsageDailyFactory(calls=calls, day=today - timedelta(days=1))
    rule = CarrierRule.objects.get(kind="daily_out_calls", carrier=None)
    client.force_login(PersonFactory(role=Role.ADMIN))
    change = reverse("admin:cards_carrierrule_change", args=[rule.pk])
    complaints = []
    with live.page(session=client.session.session_key) as page:
        page.on("response", lambda answer: complaints.append(answer.url) if answer.status >= 400 else None)
        page.goto(change)
        page.fill("[name=warn]", "70")
        page.fill("[name=limit]", "90")
        page.fill("[name=effective_from]", today.isoformat())
        page.fill("[name=reason]", "运营商来函")
        save(page)
        figures = [page.locator(f"#{name}").inner_text() for name in ("old-hit", "new-hit", "newly-hit")]
        live.screenshot(page, "rule-replay")
        page.fill("[name=_confirmed]", "3")
        save(page)
        page.wait_for_url("**/carrierrule/")
        page.goto(change.replace("change", "compare"))
        differs = page.locator("#compared .is-different").count()
        live.screenshot(page, "rule-compare")
        page.goto(change.replace("change", "restore"))
        page.fill("[name=reason]", "写错了")
        live.screenshot(page, "rule-restore")
        page.click("button.rule-button")
        page.wait_for_url("**/change/")
        page.goto(change.replace("change", "history"))
        live.screenshot(page, "rule-history")
        steps = page.locator("section.rule-panel").count()
    assert figures == ["1", "3", "2"]
    assert differs == 2
    assert steps == 3
    assert complaints == []
    holds = CarrierRule.objects.in_force(today).get(lineage=rule.lineage)
    assert (holds.version, holds.warn, holds.limit, holds.reason) == (3, 160, 200, "写错了")


def save(page):
    """Press the button that saves."""
    page.click("button[name=_save]")
    page.wait_for_load_state("networkidle")
