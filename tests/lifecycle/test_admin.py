"""The administration of carrier rules: superseded, never edited; and what was found, only shown."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cardfleet.accounts.choices import Role
from cardfleet.jobs.models import Job
from cardfleet.jobs.tasks import run_job
from cardfleet.journal.models import Entry
from cards.models import CarrierRule
from lifecycle.models import Alert
from lifecycle.services.assessment import assess_suspension_risk
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory
from tests.factories.cards import CarrierFactory, RatePlanFactory
from tests.factories.lifecycle import AlertFactory, ComplaintFactory, UsageDailyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

ADD = "admin:cards_carrierrule_add"
CHANGE = "admin:cards_carrierrule_change"
LIST = "admin:cards_carrierrule_changelist"


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(FRIDAY, tick=False)


@pytest.fixture
def administrator(client):
    person = PersonFactory(role=Role.ADMIN, language="en")
    client.force_login(person)
    return person


def cap() -> CarrierRule:
    return CarrierRule.objects.get(kind="daily_out_calls", carrier=None, effective_to=None)


def values(**given) -> dict[str, str]:
    """Return what the page of a rule sends."""
    return {
        "kind": "daily_out_calls",
        "warn": "120",
        "limit": "150",
        "params": "{}",
        "severity": "high",
        "action": "block",
        "source": "合同 HT-1 第 5 条",
        "confidence": "contract",
        "effective_from": "2026-12-01",
        "reason": "运营商来函",
    } | given


def save(client, url, given):
    """Save as a person does: look at the replay that comes first, then save again; return the last answer."""
    shown = client.post(url, given)
    if "shown" not in (shown.context or {}):
        return shown
    confirmed = str(shown.context["replay"].new_hit)
    return client.post(url, {**given, "_shown": shown.context["shown"], "_confirmed": confirmed})


def test_a_change_writes_the_next_version_from_its_day_on(client, administrator):
    """R2, R21: the present version stays as it is until then, and explains what it found."""
    before = cap()
    answer = save(client, reverse(CHANGE, args=[before.pk]), values())
    assert answer.status_code == 302
    before.refresh_from_db()
    after = CarrierRule.objects.get(lineage=before.lineage, version=2)
    assert (before.limit, before.effective_to) == (200, date(2026, 12, 1))
    assert (after.limit, after.effective_from, after.is_illustrative) == (150, date(2026, 12, 1), False)
    assert (after.unit, after.window) == ("calls", "day")
    entry = Entry.objects.get(action="cards.rule_version_written")
    assert (entry.actor, entry.reason) == (administrator, "运营商来函")


def test_a_version_begins_today_at_the_earliest(client, administrator):
    """R21: what was found until now stays explained by the rule it was found by."""
    answer = save(client, reverse(CHANGE, args=[cap().pk]), values(effective_from="2026-11-19"))
    assert answer.status_code == 200
    assert CarrierRule.objects.filter(kind="daily_out_calls").count() == 1


def test_an_older_version_is_only_shown(client, administrator):
    before = cap()
    save(client, reverse(CHANGE, args=[before.pk]), values())
    answer = client.post(reverse(CHANGE, args=[before.pk]), values(limit="90", effective_from="2026-12-05"))
    assert answer.status_code == 403
    assert CarrierRule.objects.filter(lineage=before.lineage).count() == 2


def test_a_rule_for_one_carrier_wins_over_the_general_one(client, administrator, now):
    """R2: per carrier, from the administration to the assessment."""
    carrier = CarrierFactory()
    answer = save(client, reverse(ADD), values(carrier=str(carrier.pk), effective_from="2026-11-20"))
    assert answer.status_code == 302
    card = UsageDailyFactory(card__carrier=carrier, calls=155, distinct_callees=10).card
    assess_suspension_risk(now=now)
    assert Alert.objects.get(card=card).rule == CarrierRule.objects.get(carrier=carrier)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "weather"}, "kind"),
        ({"kind": "call_window", "params": '{"allowed": ["09:00"]}'}, "params"),
        ({"warn": "160"}, "warn"),
        ({"unit": "minutes"}, "unit"),
        ({"window": "90min"}, "window"),
        ({"limit": "-1", "warn": ""}, "limit"),
        ({"kind": "connect_rate", "warn": "20", "limit": "40"}, "warn"),
        ({"kind": "short_call_ratio", "warn": "0.5", "limit": "0.7"}, "limit"),
        ({"confidence": "weak"}, "is_illustrative"),
        ({"params": "{"}, "params"),
        ({"reason": ""}, "reason"),
        ({"effective_from": "31.02.2026"}, "effective_from"),
    ],
)
def test_what_cannot_be_applied_is_refused_beside_its_field(client, administrator, given, field):
    """A rule whose values cannot be read would stop every assessment."""
    before = CarrierRule.objects.count()
    answer = client.post(reverse(ADD), values(**given))
    assert field in answer.context["adminform"].form.errors
    assert CarrierRule.objects.count() == before


def test_two_rules_for_the_very_same_cards_are_refused(client, administrator):
    """R2: of overlapping rules it would be chance which one holds; the first one gets its next version instead."""
    answer = save(client, reverse(ADD), values())
    assert "kind" in answer.context["adminform"].form.errors
    assert CarrierRule.objects.filter(kind="daily_out_calls").count() == 1


def test_a_plan_of_another_carrier_is_refused(client, administrator):
    plan, carrier = RatePlanFactory(), CarrierFactory()
    answer = client.post(reverse(ADD), values(plan=str(plan.pk), carrier=str(carrier.pk)))
    assert "plan" in answer.context["adminform"].form.errors


def test_values_are_confirmed_by_naming_their_source(client, administrator):
    """R2: the badge goes with the contract that states the values, and no value changes."""
    rule = cap()
    url = reverse("admin:cards_carrierrule_confirm", args=[rule.pk])
    assert client.get(url).status_code == 200
    client.post(url, {"_form_submitted": "on", "source": "", "confidence": "contract"})
    rule.refresh_from_db()
    assert rule.is_illustrative
    client.post(url, {"_form_submitted": "on", "source": "合同 HT-1", "confidence": "contract"})
    rule.refresh_from_db()
    assert (rule.is_illustrative, rule.source, rule.limit) == (False, "合同 HT-1", 200)


def test_the_list_shows_what_is_in_force_with_its_badge(client, administrator):
    """Rows whose values are not established carry a visible badge (invariant 9)."""
    save(client, reverse(CHANGE, args=[cap().pk]), values())
    shown = client.get(reverse(LIST)).context["cl"].queryset
    assert shown.filter(kind="daily_out_calls").get().version == 1
    every = client.get(reverse(LIST), {"versions": "every"}).context["cl"].queryset
    assert every.filter(kind="daily_out_calls").count() == 2
    assert "Illustrative" in client.get(reverse(LIST)).content.decode()


def test_what_it_would_have_hit_is_shown_before_it_is_saved(client, administrator):
    """R2, R21: nothing is written before; other values are replayed anew; what hits half the fleet is confirmed."""
    url, rule = reverse(CHANGE, args=[cap().pk]), cap()
    yesterday = date(2026, 11, 19)
    for calls in (10, 155, 160, 210):
        UsageDailyFactory(calls=calls, day=yesterday)
    shown = client.post(url, values())
    found = shown.context["replay"]
    assert (found.cards, found.old_hit, found.new_hit, found.newly_hit) == (4, 1, 3, 2)
    assert (found.old_alerts, found.new_alerts) == (0.0, 0.1)
    assert CarrierRule.objects.filter(lineage=rule.lineage).count() == 1
    seen = {"_shown": shown.context["shown"]}
    other = client.post(url, values(limit="205", **seen))
    assert other.context["replay"].new_hit == 1
    for typed in ("", "2"):
        assert client.post(url, values(_confirmed=typed, **seen)).context["replay"].hits_whole_fleet
    assert CarrierRule.objects.filter(lineage=rule.lineage).count() == 1
    assert client.post(url, values(_confirmed="3", **seen)).status_code == 302
    assert client.post(url, values(_shown="x")).status_code == 403  # it is a former version now


def test_a_change_of_its_words_alone_is_saved_at_once(client, administrator):
    rule = cap()
    same = {"warn": "160", "limit": "200", "unit": "calls", "window": "day", "is_illustrative": "on"}
    same |= {"confidence": "default", "source": "来函"}
    answer = client.post(reverse(CHANGE, args=[rule.pk]), values(**same))
    assert answer.status_code == 302


def test_what_rollups_do_not_hold_is_replayed_by_a_job(client, administrator):
    """R37: another short-call length is counted on the calls; the job's page leads back to the form."""
    rule = CarrierRule.objects.get(kind="short_call_ratio")
    given = values(kind=rule.kind, warn="50", limit="70", action="warn", unit="%", window="day",
                   params='{"least_calls": 30, "shorter_than": 15}')  # fmt: skip
    answer = client.post(reverse(CHANGE, args=[rule.pk]), given)
    job = Job.objects.get(kind="lifecycle.replay")
    assert answer.url == reverse("admin:cards_carrierrule_replay", args=[job.pk])
    assert client.get(answer.url)["Refresh"]
    run_job(job.pk)
    page = client.get(answer.url)
    assert "Refresh" not in page
    back = dict(page.context["kept"]) | {"_job": str(job.pk)}
    shown = client.post(page.context["form_url"], back)
    assert shown.context["replay"].new_hit == 0
    assert client.post(page.context["form_url"], {**back, "_shown": shown.context["shown"]}).status_code == 302
    assert CarrierRule.objects.get(lineage=rule.lineage, version=2).params["shorter_than"] == 15


def test_a_wrong_version_is_restored_in_one_step_on_the_same_day(client, administrator, now):
    """R21: the former values hold again at once, as a new version; both stay, and history tells who and why."""
    first = cap()
    save(client, reverse(CHANGE, args=[first.pk]), values(limit="2", warn="1", effective_from="2026-11-20"))
    restore = reverse("admin:cards_carrierrule_restore", args=[first.pk])
    assert client.get(restore).status_code == 200
    assert client.post(restore, {"reason": ""}).status_code == 200
    assert client.post(restore, {"reason": "写错了"}).status_code == 302
    holds = CarrierRule.objects.in_force(now.date()).get(lineage=first.lineage)
    assert (holds.version, holds.warn, holds.limit, holds.is_illustrative) == (3, 160, 200, True)
    assert "latest version" in client.post(
        reverse("admin:cards_carrierrule_restore", args=[holds.pk]), {"reason": "x"}
    ).content.decode()  # fmt: skip
    history = client.get(reverse("admin:cards_carrierrule_history", args=[holds.pk])).context["changes"]
    assert [change.rule.version for change, _deeds in history] == [3, 2, 1]
    assert {line.right for line in history[1][0].lines} >= {"2", "1"}
    assert [change.rule.created_by for change, _deeds in history] == [administrator, administrator, None]
    compared = client.get(reverse("admin:cards_carrierrule_compare", args=[holds.pk]), {"with": first.pk})
    assert not [line for line in compared.context["lines"] if line.differs]


def test_a_former_version_fills_the_form_of_the_next(client, administrator):
    first = cap()
    save(client, reverse(CHANGE, args=[first.pk]), values())
    answer = client.get(reverse("admin:cards_carrierrule_copy", args=[first.pk]), follow=True)
    form = answer.context["adminform"].form
    assert (form.instance.version, form.initial["limit"]) == (2, 200)


def test_the_document_stays_with_the_versions_that_follow(client, administrator):
    """R2: where the values are stated can be looked at by whoever sees the rules."""
    rule = cap()
    url = reverse("admin:cards_carrierrule_attach", args=[rule.pk])
    client.post(url, {"document": SimpleUploadedFile("合同.pdf", b"%PDF-1.4 x")})
    save(client, reverse(CHANGE, args=[rule.pk]), values())
    document = CarrierRule.objects.get(lineage=rule.lineage, version=2).document
    client.force_login(PersonFactory(role=Role.FINANCE))
    assert b"".join(client.get(reverse("files:download", args=[document.pk])).streaming_content) == b"%PDF-1.4 x"
    refused = client.post(url, {"document": SimpleUploadedFile("x.pdf", b"%PDF-1.4 x")})
    assert refused.status_code == 403


@pytest.mark.parametrize("role", [Role.COMPLIANCE, Role.FINANCE])
def test_others_read_rules_and_change_none(client, role):
    """R12: only administrators decide what everybody is held to."""
    client.force_login(PersonFactory(role=role))
    rule = cap()
    assert client.get(reverse(CHANGE, args=[rule.pk])).status_code == 200
    assert client.post(reverse(CHANGE, args=[rule.pk]), values()).status_code == 403
    assert client.post(reverse(ADD), values()).status_code == 403
    url = reverse("admin:cards_carrierrule_confirm", args=[rule.pk])
    assert client.post(url, {"_form_submitted": "on", "source": "x", "confidence": "law"}).status_code == 403
    assert CarrierRule.objects.filter(kind="daily_out_calls").count() == 1


@pytest.mark.parametrize("model", ["alert", "finding", "riskassessment", "reminder", "complaint"])
def test_what_was_found_is_only_shown(client, administrator, model, now):
    """Refusal 14: evidence is neither edited nor deleted."""
    UsageDailyFactory(calls=210)
    AlertFactory()
    ComplaintFactory()
    assess_suspension_risk(now=now)
    assert client.get(reverse(f"admin:lifecycle_{model}_changelist")).status_code == 200
    assert client.get(reverse(f"admin:lifecycle_{model}_add")).status_code == 403
