"""The pages of claims: filed on the phone, decided on at the desk, printed and taken out."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from billing.choices import ClaimState
from billing.models import Claim
from billing.services.claim_decisions import approve_claim, pay_claims
from billing.services.claims import add_line
from cardfleet.accounts.choices import Role
from cardfleet.files.models import StoredFile
from cardfleet.kernel.clock import business_day, month_start
from tests.factories.accounts import PersonFactory
from tests.factories.claims import COMPANY, OCTOBER, TAX_ID, claimant, drawn, given, numbers, picture, sent


def client_of(user) -> Client:
    """Return a signed-in client."""
    client = Client()
    client.force_login(user)
    return client


def entered(card, **changes) -> dict:
    """What an agent types, with the picture."""
    return {
        "card": card.pk,
        "file": SimpleUploadedFile("receipt.png", drawn()),
        "kind": "digital",
        "number": f"{next(numbers):020}",
        "issued_on": business_day(timezone.now()).isoformat(),
        "title": COMPANY,
        "tax_id": TAX_ID.lower(),
        "gross": "100.00",
        "net": "91.74",
        "tax": "8.26",
        "deed": "send",
        **changes,
    }


@pytest.fixture
def at_the_phone(reference):
    """An agent, the card held, a client, and the address of the form for this month."""
    agent, card = claimant()
    month = month_start(business_day(timezone.now()))
    return agent, card, client_of(agent.user), f"{reverse('billing:claim-new')}?month={month:%Y-%m}"


def test_an_agent_files_in_one_go_and_loses_nothing_on_a_fault(at_the_phone) -> None:
    """R67: what is wrong is said beside its field; the input and the picture are still there."""
    agent, card, client, address = at_the_phone
    answer = client.post(address, entered(card, number="123", title="别的公司"))
    assert answer.status_code == 422
    form = answer.context["form"]
    assert {"number", "title"} <= set(form.errors)
    assert (form["gross"].value(), answer.context["papers"]["file"].name) == ("100.00", "receipt.png")
    assert not Claim.objects.exists()

    again = entered(card, kept=form["kept"].value())
    del again["file"]
    sent_claim = client.post(address, again)
    claim = Claim.objects.get()
    assert sent_claim["Location"] == reverse("billing:claim", args=[claim.pk])
    assert claim.state == ClaimState.SUBMITTED
    stored = claim.lines.get().invoice.file
    assert (stored.subject, stored.delete_after) == (f"billing.claim:{claim.pk}", None)

    stolen = client_of(claimant()[0].user).post(address, {**again, "number": f"{next(numbers):020}"})
    assert stolen.context["form"].errors["card"]
    more = client.post(address, entered(card, deed="more", kept="forged"))
    assert more["Location"] == address
    draft = Claim.objects.get(state=ClaimState.DRAFT)
    client.post(reverse("billing:claim-line-remove", args=[draft.pk, draft.lines.get().pk]))
    assert client.post(reverse("billing:claim-send", args=[draft.pk])).status_code == 409
    client.post(reverse("billing:claim-withdraw", args=[draft.pk]))
    assert list(client.get(reverse("billing:my-claims")).context["mine"].values_list("state", flat=True)) == [
        ClaimState.WITHDRAWN,
        ClaimState.SUBMITTED,
    ]
    assert StoredFile.objects.filter(owner=agent.user).exists()


def test_what_is_wrong_is_said_while_the_form_is_filled_in(at_the_phone) -> None:
    """R67: empty fields are not wrong yet; once all can be read, everything is looked at. Nothing is stored."""
    _agent, card, client, address = at_the_phone
    check = f"{reverse('billing:claim-check')}?{address.partition('?')[2]}"
    half = client.post(check, {"card": card.pk, "issued_on": "yesterday"})
    assert [str(error) for _label, errors in half.context["wrong"] for error in errors]
    assert len(half.context["wrong"]) == 1
    whole = entered(card, title="别的公司")
    del whole["file"]
    checks = client.post(check, whole).context["checks"]
    assert [one.code for one in checks if not one.fits] == ["registered", "title", "tax_id"]
    assert not Claim.objects.exists()


def test_finance_decides_pays_and_takes_the_list_out(reference, now) -> None:
    """R67: approved on its page, paid by another, taken out as CSV without bank accounts, printed in capitals."""
    agent, card = claimant()
    claim = sent(agent, card)
    approver, payer = PersonFactory(role=Role.FINANCE), PersonFactory(role=Role.FINANCE)
    desk, other = client_of(approver), client_of(payer)
    page = desk.get(reverse("billing:claim", args=[claim.pk]))
    assert page.context["may_decide"]
    assert desk.post(reverse("billing:claim-refuse", args=[claim.pk])).status_code == 400
    desk.post(reverse("billing:claim-approve", args=[claim.pk]))
    assert desk.post(reverse("billing:claim-approve", args=[claim.pk])).status_code == 409
    assert [may for _claim, may in desk.get(reverse("billing:payments")).context["rows"]] == [False]

    refused = desk.post(reverse("billing:payments"), {"pick": [claim.pk], "reference": "P-7"})
    assert refused.status_code == 403
    paid = other.post(reverse("billing:payments"), {"pick": [claim.pk], "reference": "P-7"})
    assert other.get(paid["Location"]).status_code == 200
    export = other.get(f"{paid['Location']}export/")
    last = b"".join(export.streaming_content).decode("utf-8-sig").splitlines()[1]
    assert last == f"{agent.user.staff_no},{agent.user.name},100.00,P-7 / {claim.pk}"
    paper = desk.get(reverse("billing:claim-paper", args=[claim.pk])).content.decode()
    assert "人民币壹佰元整" in paper
    assert card.msisdn[3:] not in paper


def test_lists_and_pages_ask_as_often_for_one_as_for_three(reference, now, client) -> None:
    """The list of claims, a claim's page and the payments take a fixed number of queries; filters find a claim."""
    agent, card = claimant()
    finance = PersonFactory(role=Role.FINANCE)
    client.force_login(finance)
    first = sent(agent, card)
    pages = [reverse("billing:claims"), reverse("billing:claim", args=[first.pk]), reverse("billing:payments")]
    pages.append(reverse("billing:past-payments"))
    paid(sent(*claimant()))
    approve_claim(claim_id=first.pk, actor=PersonFactory(role=Role.FINANCE), now=now)
    counts = [_queries(client, page) for page in pages]
    for _again in range(2):
        other, theirs = claimant()
        claim = sent(other, theirs)
        approve_claim(claim_id=claim.pk, actor=PersonFactory(role=Role.FINANCE), now=now)
    draft = Claim.objects.get(pk=first.pk)
    for _line in range(2):
        line = add_line(month=date(2026, 9, 1), given=given(card), content=picture(), actor=agent.user, now=now)
        line.claim = draft
        line.save(update_fields=["claim"])
    for _again in range(2):
        paid(sent(*claimant()))
    assert len(client.get(pages[-1]).context["page_obj"]) == 3
    assert [_queries(client, page) for page in pages] == counts
    number = first.lines.first().invoice.number
    found = client.get(reverse("billing:claims"), {"search": number}).context["rows"]
    assert [claim.pk for claim in found] == [first.pk]
    batch = pay_claims(claim_ids=[first.pk], reference="P", actor=finance, now=now)
    assert batch.amount == Decimal(100)


def paid(claim: Claim) -> None:
    """Approve and pay a claim."""
    approve_claim(claim_id=claim.pk, actor=PersonFactory(role=Role.FINANCE), now=timezone.now())
    pay_claims(
        claim_ids=[claim.pk], reference=f"P{claim.pk}", actor=PersonFactory(role=Role.FINANCE), now=timezone.now()
    )


def _queries(client: Client, page: str) -> int:
    client.get(page)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    return len(queries)


def test_the_api_shows_ones_own_claims(reference, now) -> None:
    """R67: an agent's own, with what is paid back and each invoice; nobody else's."""
    agent, card = claimant()
    claim = sent(agent, card)
    sent(*claimant())
    answer = client_of(agent.user).get(reverse("api:claim-list")).json()["results"]
    assert [(one["id"], one["month"], one["payable"], len(one["lines"])) for one in answer] == [
        (claim.pk, OCTOBER.isoformat(), "100.00", 1)
    ]
