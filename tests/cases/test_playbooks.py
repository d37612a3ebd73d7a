"""Playbooks in the administration: a version is never rewritten, running cases keep theirs."""

import pytest
from django.test import Client
from django.urls import reverse

from cardfleet.accounts.choices import Role
from lifecycle.choices import CaseKind
from lifecycle.models import Playbook
from tests.factories.accounts import PersonFactory
from tests.factories.cases import CaseFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
TERMS = ("position", "code", "title", "who", "evidence", "people", "starts", "awaits", "clock_amount", "clock_unit")
FLAGS = ("is_gate", "holds")


def form_of(playbook: Playbook, **changes) -> dict:
    """Return what the browser sends for a playbook: its head, and its steps with changes by code."""
    steps = list(playbook.steps.order_by("position"))
    sent = {
        "kind": playbook.kind,
        "reason": playbook.reason,
        "carrier": playbook.carrier_id or "",
        "effective_from": "2026-11-20",
        "steps-TOTAL_FORMS": len(steps),
        "steps-INITIAL_FORMS": len(steps),
    }
    for place, step in enumerate(steps):
        values = {name: getattr(step, name) for name in TERMS} | changes.get(step.code, {})
        values |= {name: "on" for name in FLAGS if getattr(step, name)}
        values |= {"id": step.pk, "playbook": playbook.pk}
        sent |= {f"steps-{place}-{name}": value for name, value in values.items()}
    return sent


def test_saving_a_playbook_writes_its_next_version() -> None:
    """R97: the steps in the form are the next version's; the version shown, and the cases on it, stay."""
    shipped = Playbook.objects.get(kind=CaseKind.DRILL)
    before = CaseFactory()
    client = Client()
    client.force_login(PersonFactory(role=Role.ADMIN))
    address = reverse("admin:lifecycle_playbook_change", args=[shipped.pk])
    assert client.get(address).status_code == 200
    answer = client.post(address, form_of(shipped, fetch={"clock_amount": 5}))
    assert answer.status_code == 302, answer.context["errors"]
    first, second = Playbook.objects.filter(kind=CaseKind.DRILL).order_by("version")
    hours = [playbook.steps.get(code="fetch").clock_amount for playbook in (first, second)]
    assert (first.version, second.version, hours) == (1, 2, [1, 5])
    assert [step.code for step in second.steps.order_by("position")] == ["fetch", "call", "back"]
    assert CaseFactory().playbook == second
    assert before.steps.get(code="fetch").clock_amount == 1


def test_a_playbook_whose_steps_contradict_themselves_is_refused_with_everything_kept() -> None:
    """The refusal comes back with the form; nothing is stored."""
    shipped = Playbook.objects.get(kind=CaseKind.DRILL)
    client = Client()
    client.force_login(PersonFactory(role=Role.ADMIN))
    wrong = form_of(shipped, fetch={"awaits": "active", "people": 2})
    answer = client.post(reverse("admin:lifecycle_playbook_change", args=[shipped.pk]), wrong)
    assert answer.status_code == 200
    assert Playbook.objects.filter(kind=CaseKind.DRILL).count() == 1
