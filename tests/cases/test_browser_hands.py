"""Playbooks that reach beyond the page of the case, or ask for two people, in a real Chromium, in Chinese."""

from datetime import timedelta

from django.urls import reverse

from billing.choices import EntryKind
from billing.services.ledger import post
from cardfleet.kernel.clock import business_day
from cards.choices import CustodyState
from cards.services.secrets import set_secrets
from lifecycle.models import Case, Forwarding, NumberNotice
from tests.cases.driving import (
    PHOTO,
    at_step,
    close,
    open_case,
    printed,
    record,
    refused,
    step_states,
    windows,
)
from tests.factories.billing import AccountFactory
from tests.factories.cards import CardFactory

LIST = {
    "name": "客户.csv",
    "mimeType": "text/csv",
    "buffer": "手机号,称呼\n13800001234,王女士\n13800005678,\n".encode("gbk"),
}


def test_two_people_destroy_a_dead_card_and_its_certificate_verifies(live, house) -> None:
    """R17, R92: the wrong card, a magnet, no photo and one person alone are refused; the certificate says what was."""
    card = CardFactory(iccid="89860000000000123456", team=house.team, carrier=house.carrier, service_state="cancelled")
    set_secrets(card_id=card.pk, secrets={"pin1": "1234"}, actor=None, now=house.now)
    right = card.iccid[-6:]
    with windows(live, house.sessions) as sides:
        first, second = sides["supervisor"], sides["compliance"]
        address = open_case(first, "destruction", "unused", card=card.iccid)
        record(first, iccid_end="654321")
        assert refused(first) == ["wrong_card"]
        record(first, iccid_end=right)
        record(first, iccid_end="654321", method="cut", files=PHOTO)
        assert first.locator("#next .wrong").count() == 1
        record(first, iccid_end=right, method="degauss", files=PHOTO)
        assert refused(first) == ["degauss_useless"]
        record(first, iccid_end=right, method="cut")
        assert refused(first) == ["evidence_missing"]
        record(first, iccid_end=right, method="cut", files=PHOTO)
        assert step_states(first) == {"identify": "done", "destroy": "half_done"}
        assert first.locator("#next form").count() == 0, "one person alone confirms nothing"
        close(first, "destroyed")
        assert "gate_open" in refused(first)
        record(at_step(second, address, "destroy"), note="当面剪断芯片")
        assert step_states(second)["destroy"] == "done"
        first.goto(address)
        close(first, "destroyed")
        printed(first, address, "certificate")
        live.screenshot(first, "destruction-certificate")
        assert first.locator("main svg.qr").count() == 1
        first.goto(address)
        first.click("a[href*='/certificates/']")
        first.wait_for_selector("main")
        assert card.iccid[-4:] in first.inner_text("main")
    card.refresh_from_db()
    step = Case.objects.get().steps.standing().get(code="destroy")
    assert (card.custody_state, card.secret.pin1) == (CustodyState.DESTROYED, "")
    assert step.second_by not in (None, step.done_by)


def test_a_number_is_changed_and_its_customers_are_told(live, house) -> None:
    """R110, R111: nobody listed and results missing are refused; listed, forwarded, told by hand."""
    facts = {"team": house.team, "carrier": house.carrier, "registrant": house.company}
    old, new = CardFactory(**facts), CardFactory(**facts)
    until = business_day(house.now) + timedelta(days=30)
    with windows(live, {"supervisor": house.sessions["supervisor"]}) as sides:
        page = sides["supervisor"]
        address = open_case(page, "number_change", "business_change", card=old.iccid)
        record(page, new_card=new.iccid)
        record(page)
        assert refused(page) == ["nobody_listed"]
        page.click("a[href*='/number-notices/']")
        page.set_input_files("[name=list-file]", LIST)
        page.click("form[action$='/list/'] button")
        page.wait_for_selector("[name=people]")
        assert "13800001234" not in page.content()
        assert "138****1234" in page.inner_text("main")
        assert "星河科技有限公司" in page.locator("textarea").first.input_value()
        notice = page.url
        record(at_step(page, address, "people"))
        record(at_step(page, address, "forward"), until=str(until))
        record(at_step(page, address, "told"))
        assert refused(page) == ["results_missing"]
        page.goto(notice)
        for row, result in enumerate(("sent", "failed")):
            page.locator("[name=people]").nth(row).check()
            page.click(f"button[name=result][value={result}]")
            page.wait_for_load_state()
        live.screenshot(page, "number-change-notice")
        record(at_step(page, address, "told"))
        record(at_step(page, address, "old_number"), note="保留到转移结束")
        close(page, "replaced")
        assert page.locator("#close").count() == 0
    told = NumberNotice.objects.get()
    assert (told.new_card, told.told, told.failed) == (new, 1, 1)
    assert Forwarding.objects.get().ends_on == until
    assert Case.objects.get().outcome == "replaced"


def test_a_silent_card_is_topped_up_or_released(live, house) -> None:
    """R95, R100, R109: nobody's word is use; a top-up on record is; to release opens the cancellation at once."""
    cards = CardFactory.create_batch(2, team=house.team, carrier=house.carrier)
    post(
        account=AccountFactory(carrier=house.carrier, cards=cards),
        kind=EntryKind.OPENING,
        amount=20,
        actor=None,
        now=house.now,
    )
    with windows(live, house.sessions) as sides:
        page, money = sides["supervisor"], sides["finance"]
        address = open_case(page, "idle", "idle", card=cards[0].iccid)
        record(page, decision="use", note="李娜用于回访")
        record(page)
        assert refused(page) == ["not_used_yet"]
        money.goto(reverse("billing:post") + f"?card={cards[0].iccid}")
        money.select_option("main [name=kind]", "top_up")
        money.fill("main [name=amount]", "30")
        money.click("main form button[type=submit]")
        money.wait_for_load_state()
        record(at_step(page, address, "used"))
        assert page.locator("#next").count() == 0
        open_case(page, "idle", "unused", card=cards[1].iccid)
        record(page, decision="release", note="无人需要")
        assert page.locator("#facts a[href*='/cases/']").count() == 1
    ends = Case.objects.order_by("pk").values_list("kind", "outcome")
    assert list(ends) == [("idle", "kept"), ("idle", "cancelled"), ("cancellation", "")]
