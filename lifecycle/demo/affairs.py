"""What else the demo company has on its desk: who is away, who asks for cards, phones, marks, clocks, a notice.

A handful of each, whatever the size of the fleet, through the services, so that every page has something to show.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from agents.choices import AbsenceKind, ApprovalLevel
from agents.models import Agent
from agents.services.absences import record_absence
from agents.services.requests import ask_for_cards, decide_request
from agents.services.reservations import Keeping, reserve_cards
from cardfleet.accounts.models import Team, User
from cards.choices import ENDED, Condition, CustodyState, Network, Purpose, SignalCheck, SimForm, SpareDecision
from cards.models import Card, Device
from cards.rules.devices import MOST_SLOTS
from cards.services.device_cards import put_card_in
from cards.services.devices import record_device
from cards.services.inspections import inspect_card
from lifecycle.choices import NoticeKind, ReportKind
from lifecycle.demo.calendar import Calendar
from lifecycle.demo.catalogue import TEAMS
from lifecycle.demo.numbers import imei
from lifecycle.demo.people import Staff
from lifecycle.models import Reverification
from lifecycle.services.complaints import record_complaint
from lifecycle.services.marks import end_mark, record_mark
from lifecycle.services.notices import record_notice
from lifecycle.services.reverification import confirm_verified
from lifecycle.services.reverification import record_notice as record_demand

AWAY = ((AbsenceKind.LEAVE, 1, -3), (AbsenceKind.SICK, 0, 0), (AbsenceKind.TRAVEL, -4, -8))  # kind, from and until, ago
PHONES = ("华为 畅享 70", "荣耀 Play 9T", "Redmi 13C", "vivo Y36")
PHONED = 16
FEW, MANY = 2, 50
"""Quotas: compliance decides as well, or the supervisor alone."""
MARKS = (("腾讯手机管家", "骚扰电话"), ("360 手机卫士", "推销电话"), ("搜狗号码通", "广告推销"))


def write_affairs(calendar: Calendar, staff: Staff) -> None:
    """Write all of it as of the reference day and the days before."""
    working = list(Agent.objects.active().select_related("user__team").order_by("pk"))
    held = list(Card.objects.in_service().filter(holder__isnull=False).order_by("pk")[:PHONED])
    _write_absences(working[1:], calendar, staff.supervisor)
    _write_requests(working, calendar, staff)
    _write_phones(held, calendar, staff.supervisor)
    _write_conduct(held[::-1], calendar, staff.compliance)
    _write_notice(held, calendar, staff.supervisor)
    _write_stock(calendar, staff)


def _write_absences(agents: Sequence[Agent], calendar: Calendar, supervisor: User) -> None:
    for agent, (kind, since, until) in zip(agents, AWAY, strict=False):
        record_absence(
            agent_id=agent.pk,
            kind=kind,
            starts_on=calendar.day(since),
            ends_on=calendar.day(until),
            actor=supervisor,
            now=calendar.at(max(since, 0) + 1, 17),
        )


def _write_requests(agents: Sequence[Agent], calendar: Calendar, staff: Staff) -> None:
    """One that waits for the supervisor, one that waits for compliance, one approved and one rejected."""
    wanted = (
        (1, "常用卡被停机，客户回访无法进行", 0, None, ""),
        (3, "周末活动外呼，需要临时增加卡", 1, FEW, ""),
        (1, "新客户线需要单独号码", 2, MANY, ""),
        (5, "备用", 3, MANY, "请先用完手上的卡，写明用途后再申请"),
    )
    for agent, (count, reason, ago, quota, rejected) in zip(agents, wanted, strict=False):
        asked = ask_for_cards(
            count=count,
            purpose=Purpose.CALL_BACK,
            reason=reason,
            needed_until=None,
            actor=agent.user,
            now=calendar.at(ago, 9),
        )
        if quota is not None:
            decide_request(
                request_id=asked.pk,
                level=ApprovalLevel.SUPERVISOR,
                is_approved=not rejected,
                reason=rejected,
                quota=quota,
                actor=staff.supervisor,
                now=calendar.at(ago, 11),
            )


def _write_phones(cards: Sequence[Card], calendar: Calendar, supervisor: User) -> None:
    """Record phones of the teams, and put two cards of a holder's team into each; the last stays without a licence."""
    now = calendar.at(5, 9)
    for place in range(0, len(cards), MOST_SLOTS):
        inside = cards[place : place + MOST_SLOTS]
        device = _record_phone(place, inside[0].team, is_last=place + MOST_SLOTS >= len(cards), by=supervisor, now=now)
        for card in inside:
            put_card_in(card_id=card.pk, device_id=device.pk, actor=supervisor, now=now)


def _record_phone(place: int, team: Team | None, *, is_last: bool, by: User, now: datetime) -> Device:
    facts = {
        "imei": imei(2 * place + 1),
        "imei2": imei(2 * place + 2),
        "model": PHONES[place // MOST_SLOTS % len(PHONES)],
        "team": team,
        "network": Network.G5,
        "sim_forms": [SimForm.NANO],
        "licence_no": "" if is_last else f"示例 02-{place:04}",
    }
    return record_device(facts=facts, actor=by, now=now)


def _write_conduct(cards: Sequence[Card], calendar: Calendar, compliance: User) -> None:
    """Marks of numbers, one of them gone; a notification; a clock of re-verification that runs and one that is over."""
    for card, (ago, (platform, label)) in zip(cards, enumerate(MARKS, start=2), strict=False):
        mark = record_mark(
            card_id=card.pk,
            platform=platform,
            label=label,
            marked_on=calendar.day(ago),
            actor=compliance,
            now=calendar.at(ago, 11),
        )
    if cards:
        end_mark(mark_id=mark.pk, ended_on=calendar.day(1), actor=compliance, now=calendar.at(1, 11))
    for card in cards[3:4]:
        record_complaint(
            card_id=card.pk,
            received_at=calendar.at(6, 10),
            channel="运营商转来",
            kind=ReportKind.NOTIFIED,
            summary="运营商通报：一周内有多位用户反映营销电话，要求自查。",
            actor=compliance,
            now=calendar.at(6, 10),
        )
    for card, ago in zip(cards[4:6], (2, 0), strict=False):
        record_demand(
            card_ids=[card.pk],
            noticed_at=calendar.at(ago, 9),
            source="10086 短信",
            actor=compliance,
            now=calendar.at(ago, 9, 20),
        )
    for clock in Reverification.objects.open().filter(card__in=cards[4:5]):
        confirm_verified(reverification_id=clock.pk, actor=compliance, now=calendar.at(2, 15))


def _write_notice(cards: Sequence[Card], calendar: Calendar, supervisor: User) -> None:
    for card in cards[:1]:
        record_notice(
            carrier=card.carrier,
            kind=NoticeKind.MAINTENANCE,
            title="核心网割接，凌晨语音业务可能中断",
            regions=[],
            starts_at=calendar.at(0, 0) - timedelta(hours=1),
            ends_at=calendar.at(0, 0) + timedelta(hours=5),
            source="运营商公告",
            actor=supervisor,
            now=calendar.at(1, 16),
        )


def _write_stock(calendar: Calendar, staff: Staff) -> None:
    """Keep two cards of the stock for a team, and have one spare that was to be used by now: it is due to be seen."""
    stock = Card.objects.exclude(service_state__in=ENDED).order_by("pk")
    lying = list(stock.filter(custody_state=CustodyState.IN_STOCK).values_list("pk", flat=True)[:2])
    if lying:
        keeping = Keeping(
            team=staff.units[TEAMS[0]], starts_on=calendar.day(0), ends_on=calendar.day(-6), note="新员工入职"
        )
        reserve_cards(
            keeping=keeping, cards=Card.objects.all(), card_ids=lying, actor=staff.supervisor, now=calendar.at(0, 9)
        )
    for card in stock.filter(custody_state=CustodyState.SPARE)[:1]:
        inspect_card(
            card_id=card.pk,
            condition=Condition.GOOD,
            signal=SignalCheck.FOUND,
            decision=SpareDecision.USE,
            use_by=calendar.day(2),
            actor=staff.supervisor,
            now=calendar.at(9, 14),
        )
