"""Every playbook that has no browser test of its own, end to end in a real Chromium, in Chinese: rows, driven alike."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

from django.utils import timezone

from billing.choices import EntryKind
from billing.models import LedgerEntry
from billing.services.ledger import post
from cardfleet.kernel.clock import business_day
from cards.choices import CustodyState
from cards.models import Card, VoidedSim
from cards.services.states import change_service_state
from lifecycle.models import CallQuality, Case, CaseStep, NumberMark
from tests.cases.driving import PROOF, Run, drive, windows
from tests.factories.agents import hand_over
from tests.factories.billing import AccountFactory
from tests.factories.cards import CardFactory, RatePlanFactory
from tests.factories.lifecycle import NumberMarkFactory

ASKED = {"channel": "hotline", "whom": "8021", "ticket": "GD-7", "note": "客服称原因见短信"}
CALLED = {"connected": True, "note": "拨打公司热线，双方清晰"}
NEW = "89860070310112094338"
TODAY = business_day(timezone.now())

STOPS = (
    Run(
        kind="suspension",
        reason="arrears",
        stop=("half_stop", "arrears"),
        steps={
            "contact": ASKED,
            "cause": {"cause": "arrears", "note": "短信：欠费停机"},
            "pay": {"amount": "50", "reference": "A-1", "files": PROOF},
            "resume": {"note": "10086 短信：已恢复"},
            "test_call": CALLED,
        },
        by={"pay": "finance"},
        amiss={"pay": ({"amount": "50"}, ["evidence_missing"])},
        outcome="restored",
        early=True,
    ),
    Run(
        kind="suspension",
        reason="maintenance",
        stop=("full_stop", "maintenance"),
        steps={
            "contact": ASKED,
            "cause": {"cause": "maintenance", "note": "基站割接"},
            "contingency": {"channels": ["wechat", "incoming"], "basis": "CRM 2026-10", "until": str(TODAY)},
            "resume": {"note": "割接完成"},
            "test_call": CALLED,
        },
        amiss={"resume": ({}, ["evidence_missing"])},
        outcome="restored",
        papers=("contingency",),
    ),
    Run(
        kind="suspension",
        reason="unknown",
        stop=("full_stop", "other"),
        steps={
            "contact": ASKED,
            "cause": {"cause": "high_fee", "note": "客服：高额话费停机"},
            "pay": {"amount": "120", "files": PROOF},
            "resume": {"note": "客服：已恢复"},
            "test_call": CALLED,
        },
        by={"pay": "finance"},
        outcome="restored",
    ),
    Run(
        kind="reverification",
        reason="reverification",
        steps={
            "summon": {"note": "已通知机主当日到营业厅"},
            "verify": {"note": "机主本人已在营业厅核验"},
            "resume": {"note": "未停机"},
            "test_call": CALLED,
        },
        outcome="kept",
    ),
    Run(
        kind="fault",
        reason="unknown",
        steps={
            "diagnose": {"fault": "unreadable", "area": "city", "note": "换手机仍不识别"},
            "ticket": {"ticket": "GZ-1"},
            "swap": {"iccid": NEW, "why": "fault", "in_hand": True, "note": "营业厅换卡，号码不变"},
            "repair": {"cause": "card_fault", "note": "换卡后正常"},
            "test": {"score": "2", "cause": "noise"},
        },
        amiss={"test": ({"score": "2"}, ["cause_missing"])},
        outcome="replaced",
    ),
    Run(
        kind="drill",
        reason="planned",
        steps={"fetch": {}, "call": {"minutes": "7", "connected": True, "note": "拨打公司热线"}, "back": {}},
        outcome="kept",
    ),
)
FUTURES = (
    Run(
        kind="number_review",
        reason="planned",
        steps={"weigh": {"decision": "keep", "next_review_on": str(TODAY + timedelta(days=90)), "note": "客户仍来电"}},
        amiss={"weigh": ({"decision": "keep", "note": "客户仍来电"}, ["review_unfit"])},
        outcome="kept",
        closes=False,
    ),
    Run(
        kind="number_review",
        reason="unused",
        steps={"weigh": {"decision": "cancel", "note": "一年无人来电"}},
        outcome="cancelled",
        closes=False,
    ),
    Run(
        kind="transfer",
        reason="real_name",
        card={"registrant": "person"},
        steps={
            "receiver": {"to": "company", "registrant": {"label": "星河科技有限公司"}, "note": "收归公司名下"},
            "papers": {},
            "submitted": {"note": "双方到营业厅递交"},
            "confirmed": {"files": PROOF},
        },
        amiss={"confirmed": ({"note": "口头告知"}, ["evidence_missing"])},
        outcome="kept",
        papers=("application",),
        closes=False,
    ),
    Run(
        kind="user_change",
        reason="business_change",
        card={"registrant": "company"},
        steps={
            "user": {"user": {"label": "李娜"}},
            "papers": {},
            "submitted": {"note": "营业厅收件"},
            "registered": {"files": PROOF},
        },
        outcome="kept",
        papers=("application",),
        closes=False,
    ),
    Run(
        kind="plan_change",
        reason="planned",
        steps={
            "plan": {"plan": {"label": "畅打 39"}},
            "approve": {"note": "同意"},
            "asked": {"note": "10086 受理"},
            "changed": {"since": str(TODAY), "note": "短信：已生效"},
        },
        by={"approve": "finance"},
        outcome="kept",
        closes=False,
    ),
    Run(
        kind="port_out",
        reason="demand_change",
        card={"registrant": "person"},
        steps={
            "eligible": {"note": "10086：无合约、无欠费"},
            "asked": {"note": "机主已发短信"},
            "applied": {"note": "新运营商营业厅受理"},
            "ported": {"files": PROOF},
        },
        outcome="ported_out",
        papers=("conditions",),
        closes=False,
        ends="ported_out",
    ),
    Run(
        kind="mark_appeal",
        reason="wrong_mark",
        steps={
            "evidence": {"note": "回访老客户，无营销内容"},
            "sent": {"note": "平台申诉单 88"},
            "answer": {"answer": "corrected", "ended_on": str(TODAY), "note": "平台短信：已取消"},
        },
        outcome="corrected",
        papers=("evidence",),
        closes=False,
    ),
)


def card_of(house: SimpleNamespace, run: Run) -> Card:
    """Make the card of a row, as its playbook finds it."""
    who = run.card.get("registrant")
    activated_on = (house.now - timedelta(days=300)).date()
    facts = {"team": house.team, "carrier": house.carrier, "activated_on": activated_on}
    card = CardFactory(**facts, registrant=getattr(house, who) if who else None)
    if run.stop:
        to, reason = run.stop
        at = house.now - timedelta(hours=3)
        change_service_state(
            card_id=card.pk, to=to, reason=reason, source="carrier_sms", at=at, actor=None, now=house.now
        )
    if run.kind in ("transfer", "port_out"):
        account = AccountFactory(carrier=house.carrier, cards=[card])
        post(account=account, kind=EntryKind.OPENING, amount=Decimal(20), actor=None, now=house.now)
    if run.kind == "plan_change":
        RatePlanFactory(carrier=house.carrier, name="畅打 39")
    if run.kind == "mark_appeal":
        NumberMarkFactory(card=card, marked_on=TODAY - timedelta(days=2))
    if run.kind in ("fault", "drill"):
        hand_over(card, house.agent, at=house.now - timedelta(days=3))
    return card


def driven(live, house, runs) -> list[Case]:
    """Drive each row to its end, and return the cases: ended as they should, with no gate open."""
    cards = [card_of(house, run) for run in runs]
    with windows(live, house.sessions) as sides:
        for run, card in zip(runs, cards, strict=True):
            drive(sides, run, card=card.iccid)
    cases = [Case.objects.select_related("card").get(card=card, parent=None) for card in cards]
    assert [case.outcome for case in cases] == [run.outcome for run in runs]
    assert [case.card.service_state for case in cases] == [run.ends for run in runs]
    gates = CaseStep.objects.standing().filter(case__in=cases, is_gate=True)
    assert set(gates.values_list("state", flat=True)) == {"done"}
    return cases


def test_cards_that_stood_still_are_in_use_again(live, house) -> None:
    """R34, R36, R38, R39, R44, R45, R47, R53, R55, R77, R78, R79: from the carrier's word to the outcome.

    Paid by finance with proof and due back by the carrier's terms; the unknown cause goes on by the steps of the
    cause the carrier named; a swapped SIM keeps its number.
    """
    CardFactory(team=house.team, carrier=house.carrier, custody_state=CustodyState.SPARE)
    arrears, works, unknown, verified, fault, drill = driven(live, house, STOPS)
    paid = LedgerEntry.objects.filter(kind=EntryKind.TOP_UP).values_list("amount", flat=True)
    assert sorted(paid) == [50, 120]
    assert "due_resume" in arrears.facts
    assert (unknown.cause, unknown.steps.filter(state="void").exists()) == ("high_fee", True)
    assert works.steps.standing().get(code="contingency").state == "done"
    assert verified.card.reverifications.get().done_at
    old = VoidedSim.objects.get(card=fault.card)
    assert (fault.card.iccid, old.in_hand, fault.facts["in_law"]) == (NEW, True, True)
    assert CallQuality.objects.get(case=fault).score == 2
    assert drill.facts["minutes"] == 7


def test_what_becomes_of_numbers_is_decided_and_recorded(live, house) -> None:
    """R40, R48, R74, R98, R99, R101: kept, given up, transferred, changed, ported, appealed; papers on one sheet."""
    _kept, given_up, transfer, user, changed, _ported, appeal = driven(live, house, FUTURES)
    assert changed.card.plan is not None
    assert changed.card.plan.name == "畅打 39"
    assert list(given_up.children.values_list("kind", "outcome")) == [("cancellation", "")]
    assert (transfer.card.registrant, transfer.card.real_name_state) == (house.company, "valid")
    assert user.card.actual_user == house.agent.user
    assert NumberMark.objects.get(card=appeal.card).ended_on == TODAY
