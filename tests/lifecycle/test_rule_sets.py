"""Rule sets as YAML: given out, brought in by command and page, and every fault with its line (R2, R21)."""

from datetime import date
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse

from cardfleet.accounts.choices import Role
from cards.models import CarrierRule
from lifecycle.importers.rule_sets import RuleSetRefused, read_rule_set
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory
from tests.factories.cards import CarrierFactory, RatePlanFactory
from tests.factories.lifecycle import UsageDailyFactory

HEAD = "rules:\n  - kind: daily_out_calls\n    severity: high\n    source: x\n"


def faults(text: str) -> list[tuple]:
    with pytest.raises(RuleSetRefused) as refused:
        read_rule_set(text.encode())
    return [(reason.code, reason.line, reason.column) for reason in refused.value.reasons]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rules:\n  - kind: daily_out_cals\n    severity: high\n    source: x\n", [("unknown_kind", 2, "kind")]),
        (HEAD + "    warm: 3\n", [("unknown_field", 5, "warm")]),
        (HEAD + "    warn: 3 calls\n", [("not_a_number", 5, "warn")]),
        (HEAD + "    warn: .nan\n    severity: low\n",
         [("given_twice", 6, "severity"), ("unknown_value", 6, "severity"), ("not_a_number", 5, "warn")]),
        (HEAD + f"    warn: {'9' * 5000}\n", [("not_a_number", 5, "warn")]),
        (HEAD + "    limit: 1e999999100\n", [("not_a_number", 5, "limit")]),
        (HEAD + "    limit: 1e-999999100\n", [("not_a_number", 5, "limit")]),
        (HEAD + "    params: [1]\n", [("params_unusable", 5, "params")]),
        (HEAD + "    illustrative: maybe\n", [("unknown_value", 5, "illustrative")]),
        ("rules:\n  - kind: burst\n", [("missing", 2, "severity"), ("missing", 2, "source")]),
        ("rules:\n  - burst\n", [("no_fields", 2, "")]),
        ("- kind: burst\n", [("no_rules", 1, "")]),
        ("", [("no_rules", 1, "")]),
        ("rules:\n  - kind: [\n", [("not_yaml", 3, "")]),
        ("rules: &a\n  - *a\n", [("no_fields", 1, "")]),
    ],
)  # fmt: skip
def test_every_fault_names_its_line(text, expected):
    """R2: who wrote the file finds the place."""
    assert faults(text) == expected


def test_hours_stay_what_was_written():
    """YAML itself would read 12:00 as 720."""
    [entry] = read_rule_set((HEAD + "    params: {allowed: [[09:00, 12:00]], least_calls: 30}\n").encode())
    assert entry.values["params"] == {"allowed": [["09:00", "12:00"]], "least_calls": 30}


def run(*arguments) -> str:
    said = StringIO()
    call_command(*arguments, stdout=said)
    return said.getvalue()


def with_cap(text: str, *, warn: int, limit: int) -> str:
    """Return a rule set with other marks for the calls of a day."""
    before, kind, after = text.partition("- kind: daily_out_calls\n  warn: 160\n  limit: 200\n")
    assert kind
    return f"{before}- kind: daily_out_calls\n  warn: {warn}\n  limit: {limit}\n{after}"


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
def test_what_was_given_out_comes_in_unchanged_and_what_differs_is_a_new_version(tmp_path, time_machine):
    """R2, R21: by command; a second time changes nothing; all or none."""
    time_machine.move_to(FRIDAY, tick=False)
    plan = RatePlanFactory(carrier=CarrierFactory(name="联通"), name="A/B")
    path = tmp_path / "rules.yaml"
    run("export_rules", "--output", str(path))
    count = CarrierRule.objects.count()
    again = ["import_rules", str(path), "--reason", "来函", "--from", "2026-12-01"]
    assert run(*again) == f"new 0, changed 0, same {count}\n"
    text = with_cap(path.read_text(), warn=120, limit=150)
    path.write_text(f"{text}- {{kind: burst, plan: 联通/A/B, limit: 9, severity: warn, source: 合同}}\n")
    assert "daily_out_calls changed warn, limit" in run(*again, "--dry-run")
    assert run(*again) == f"new 1, changed 1, same {count - 1}\n"
    assert run(*again) == f"new 0, changed 0, same {count + 1}\n"
    assert CarrierRule.objects.get(plan=plan).unit == "calls"
    changed = CarrierRule.objects.get(kind="daily_out_calls", version=2)
    assert (changed.limit, changed.warn, changed.effective_from) == (150, 120, date(2026, 12, 1))
    wrong = (
        "{kind: burst, limit: 10, warn: 15, severity: warn, source: x}",
        "{kind: burst, carrier: 无, limit: 9, severity: warn, source: x}",
        "{kind: min_gap, limit: 3, severity: warn, source: x}",
    )
    path.write_text("".join(["rules:\n", *(f"- {rule}\n" for rule in wrong)]))
    with pytest.raises(CommandError) as refused:
        run(*again)
    assert "2: warn: 15" in str(refused.value)
    assert "3: carrier: 无" in str(refused.value)
    assert CarrierRule.objects.filter(kind="min_gap").count() == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("reference")
def test_the_page_shows_what_changes_before_it_writes(client, time_machine):
    """R21: with what each change would have hit; a rule that hits the fleet is confirmed by its number."""
    time_machine.move_to(FRIDAY, tick=False)
    UsageDailyFactory(calls=50, day=date(2026, 11, 19))
    client.force_login(PersonFactory(role=Role.ADMIN, language="en"))
    url = reverse("admin:cards_carrierrule_import_set")
    exported = client.get(reverse("admin:cards_carrierrule_export_set")).content.decode()
    text = with_cap(exported, warn=30, limit=40)
    given = {"effective_from": "2026-11-20", "reason": "来函"}
    wrong = client.post(url, given | {"file": SimpleUploadedFile("r.yaml", b"rules:\n- kind: weather\n")})
    assert [line for line, *_rest in wrong.context["faults"]] == [2, 2, 2]
    shown = client.post(url, given | {"file": SimpleUploadedFile("r.yaml", text.encode())})
    [row] = shown.context["rows"]
    assert (row.planned.state, row.replay.old_hit, row.replay.new_hit, shown.context["hits"]) == ("changed", 0, 1, 1)
    seen = given | {"text": text, "_seen": shown.context["seen"]}
    assert client.post(url, seen).status_code == 200
    assert client.post(url, seen | {"_confirmed": "1", "text": text + "\n# x"}).status_code == 200
    assert not CarrierRule.objects.filter(version=2).exists()
    assert client.post(url, seen | {"_confirmed": "1"}).status_code == 302
    assert CarrierRule.objects.get(version=2).limit == 40
    client.force_login(PersonFactory(role=Role.COMPLIANCE))
    assert client.get(url).status_code == 403
