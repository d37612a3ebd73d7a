"""The demo fleet's cases: some of every kind, ended losses and faults, a destroyed card, switches, opinions."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q, QuerySet

from agents.rules.gates import parse_gates
from billing.models import UsageDaily
from cardfleet.accounts.models import User
from cardfleet.kernel.errors import Refusal
from cards.choices import CustodyState, ServiceState
from cards.models import Card
from cards.rules.transitions import CONDUCT
from lifecycle.choices import CaseKind, CaseOutcome, CaseSource, DestructionMethod
from lifecycle.demo.calendar import Calendar
from lifecycle.demo.people import Staff
from lifecycle.demo.personal import GIVES, TAKES
from lifecycle.models import Case, CaseStep
from lifecycle.playbooks.registry import Kind, kind_of, kinds
from lifecycle.selectors.failover import spares_for, standing_of
from lifecycle.services.cases import assign, close_case, complete_step, confirm_step, open_case
from lifecycle.services.failover import switch_to_standby
from lifecycle.services.faults import report_fault
from lifecycle.services.losses import report_loss
from lifecycle.services.quality import rate_calls

OF_A_KIND = 2
TRIED = 8
SILENT_DAYS = 30
Service = ServiceState
# Which cards a kind's cases are about; of the others, cards in service.
WHOSE: Mapping[str, Q] = {
    CaseKind.SUSPENSION: Q(service_state__in=[Service.HALF_STOP, Service.FULL_STOP, Service.FORCED_STOP]),
    CaseKind.REVERIFICATION: Q(service_state=Service.REVERIFY_STOP),
    CaseKind.CANCELLATION: Q(service_state=Service.VOLUNTARY_STOP),
    CaseKind.DESTRUCTION: Q(service_state__in=[Service.CANCELLED, Service.FROZEN]),
    CaseKind.IDLE: Q(service_state=Service.ACTIVE),
    CaseKind.DRILL: Q(service_state=Service.ACTIVE, custody_state=CustodyState.SPARE),
    CaseKind.MARK_APPEAL: Q(service_state=Service.ACTIVE, is_marked=True),
    CaseKind.TRANSFER: Q(service_state=Service.ACTIVE, registrant__name=GIVES),
    CaseKind.PORT_OUT: Q(service_state=Service.ACTIVE, registrant__name=TAKES),
}
USUAL = Q(service_state=Service.ACTIVE, custody_state=CustodyState.ISSUED)
# Faults: what, where, hours until told and mended, how good the calls were then.
FAULTS = (
    ("no_signal", "city", 2, 30, 4, ""),
    ("drops", "city", 3, 55, 3, "dropped"),
    ("noise", "rural", 1, 20, 5, ""),
)
OPINIONS = ((5, ""), (4, ""), (4, ""), (2, "dropped"), (5, ""), (3, "noise"), (4, ""), (1, "one_way"))
SINCE_THE_OPENING = timedelta(hours=12)


def write_cases(calendar: Calendar, staff: Staff) -> None:
    """Open and end cases as people would have, on cards in the order in which they came."""
    supervisor = staff.supervisor
    _faults(calendar, supervisor)
    _losses(calendar, supervisor)
    _opinions(calendar)
    _switches(calendar, supervisor)
    for kind in kinds():
        if kind.name not in (CaseKind.LOSS, CaseKind.FAULT):
            _open_some(kind, calendar, supervisor)
    _destroy(calendar, staff)


def _held(calendar: Calendar) -> QuerySet[Card]:
    """Return cards that agents have had since the books were opened, and on which no case is."""
    begun = calendar.opening + SINCE_THE_OPENING
    quiet = Card.objects.filter(USUAL, holder__isnull=False, service_since__lt=begun, custody_since__lt=begun)
    return quiet.exclude(pk__in=Case.objects.values("card")).select_related("holder").order_by("pk")


def _ago(calendar: Calendar, days: int, hour: int, minute: int) -> datetime:
    """Return a moment some days ago, within the days the demo has."""
    return calendar.at(max(0, min(days, calendar.days - 1)), hour, minute)


def _do(case: Case, code: str, supervisor: User, now: datetime, note: str = "", **given: object) -> None:
    step = CaseStep.objects.standing().get(case=case, code=code)
    complete_step(step_id=step.pk, note=note, given=given, actor=supervisor, now=now)


def _faults(calendar: Calendar, supervisor: User) -> None:
    """Three mended faults, one that is over the law's time, and a new one."""
    cards = list(_held(calendar)[: len(FAULTS) + 2])
    for number, (card, fault) in enumerate(zip(cards, FAULTS, strict=False)):
        kind, area, told, mended, score, cause = fault
        began = _ago(calendar, 12 - 2 * number, 10, 5)
        case = _reported(card, kind, area, began)
        _told(case, supervisor, min(began + timedelta(hours=told), calendar.moment), kind, area)
        end = min(began + timedelta(hours=told + mended), calendar.moment)
        _do(case, "repair", supervisor, end, "客服来电：已修复", cause="maintenance")
        _do(case, "test", supervisor, end, "拨打公司热线", score=score, cause=cause)
        close_case(case_id=case.pk, outcome=CaseOutcome.RESTORED, note="恢复正常", actor=supervisor, now=end)
    late, fresh = [*cards[len(FAULTS) :], None, None][:2]
    if late:
        began = _ago(calendar, 4, 9, 40)
        case = _reported(late, "no_calls_out", "city", began)
        assign(case_id=case.pk, person=supervisor, actor=supervisor, now=began)
        _told(case, supervisor, min(began + timedelta(hours=1), calendar.moment), "no_calls_out", "city")
    if fresh:
        _reported(fresh, "unreadable", "city", _ago(calendar, 0, 9, 10))


def _reported(card: Card, fault: str, area: str, now: datetime) -> Case:
    cards = Card.objects.filter(holder=card.holder)
    assert card.holder is not None  # noqa: S101 - chosen so
    return report_fault(
        card_id=card.pk, cards=cards, fault=fault, area=area, note="从早上开始", actor=card.holder, now=now
    )


def _told(case: Case, supervisor: User, now: datetime, fault: str, area: str) -> None:
    _do(case, "diagnose", supervisor, now, "换手机、换地点仍然如此", fault=fault, area=area)
    _do(case, "ticket", supervisor, now, ticket=f"GZ-{case.pk:04}", new_sim=False)


def _losses(calendar: Calendar, supervisor: User) -> None:
    """One loss that ended well, and one that goes on."""
    for card in _held(calendar)[:1]:
        now = _ago(calendar, 6, 15, 20)
        case = _lost(card, now, minutes=25)
        _do(case, "stop", supervisor, now + timedelta(minutes=12), "10086 已挂失", ticket="GS-0001")
        _planned(case, supervisor, now + timedelta(minutes=20))
        back = now + timedelta(hours=3)
        _do(case, "way", supervisor, back, way="found")
        _do(case, "found", supervisor, back, "在出租车上找回，外观完好", condition="good")
        _do(case, "test", supervisor, back, "拨打公司热线")
        close_case(case_id=case.pk, outcome=CaseOutcome.RESTORED, note="已找回", actor=supervisor, now=back)
    missing = Card.objects.filter(service_state=Service.LOST_STOP, holder__isnull=False).select_related("holder")
    for card in missing.order_by("pk")[:1]:
        now = max(card.service_since, _ago(calendar, 1, 16, 5))
        case = _lost(card, now, minutes=140)
        _do(case, "stop", supervisor, now, "营业厅已挂失", ticket="GS-0002")
        _planned(case, supervisor, now)


def _lost(card: Card, now: datetime, *, minutes: int) -> Case:
    assert card.holder is not None  # noqa: S101 - chosen so
    return report_loss(
        card_id=card.pk,
        cards=Card.objects.filter(holder=card.holder),
        noticed_at=now - timedelta(minutes=minutes),
        lost=["contacts"],
        note="外出拜访客户时丢失",
        actor=card.holder,
        now=now,
    )


def _planned(case: Case, supervisor: User, now: datetime) -> None:
    taken = ["calls", "codes", "warn", "breach"]
    _do(case, "plan", supervisor, now, "没有联系人备份", lost=["contacts"], measures=taken)


def _opinions(calendar: Calendar) -> None:
    for number, card in enumerate(_held(calendar)[: 2 * len(OPINIONS)]):
        score, cause = OPINIONS[number % len(OPINIONS)]
        rate_calls(
            card_id=card.pk,
            cards=Card.objects.filter(holder=card.holder),
            score=score,
            cause=cause,
            actor=card.holder,
            now=_ago(calendar, number % 9, 17, 30),
        )


def _switches(calendar: Calendar, supervisor: User) -> None:
    """Let spares take the place of two stopped cards, of agents who stood still since this morning."""
    idle = Card.objects.filter(WHOSE[CaseKind.SUSPENSION], holder__isnull=False).exclude(stop_reason__in=CONDUCT)
    done, gates = 0, parse_gates(settings.GATES)
    for card in idle.exclude(holder__username="agent").order_by("pk")[:TRIED]:
        standing = standing_of(card, actor=supervisor, now=calendar.moment)
        spares = spares_for(standing, user=supervisor, now=calendar.moment, gates=gates)
        if standing.unmet or not spares.fit or done == OF_A_KIND:
            continue
        switch_to_standby(
            card_id=card.pk,
            standby_id=spares.fit[0].card.pk,
            old_goes_to=CustodyState.RETURN_DUE,
            note="停机期间换用备用卡",
            actor=supervisor,
            now=calendar.moment,
            gates=gates,
        )
        done += 1


def _open_some(kind: Kind, calendar: Calendar, supervisor: User) -> None:
    """Open two cases of a kind on the first cards that may have one."""
    opened = 0
    for card in _candidates(kind, calendar):
        try:
            with transaction.atomic():
                _open_one(kind, card, opened, calendar, supervisor)
        except Refusal:
            continue
        opened += 1
        if opened == OF_A_KIND:
            return


def _destroy(calendar: Calendar, staff: Staff) -> None:
    """Let two people destroy the second of the dead cards that wait for it."""
    waiting = Case.objects.open().filter(kind=CaseKind.DESTRUCTION, assignee=staff.supervisor).select_related("card")
    for case in waiting[:1]:
        now, digits = calendar.moment, case.card.iccid[-6:]
        _do(case, "identify", staff.supervisor, now, iccid_end=digits)
        cut = CaseStep.objects.standing().get(case=case, code="destroy")
        complete_step(
            step_id=cut.pk,
            note="剪断芯片",
            given={"iccid_end": digits, "method": DestructionMethod.CUT},
            evidence=[ContentFile("示例：剪断后的照片放在这里。\n".encode(), name="剪断的卡.txt")],
            actor=staff.supervisor,
            now=now,
        )
        confirm_step(step_id=cut.pk, note="在场见证", actor=staff.compliance, now=now)
        close_case(case_id=case.pk, outcome=CaseOutcome.DESTROYED, note="已销毁", actor=staff.supervisor, now=now)


def _candidates(kind: Kind, calendar: Calendar) -> Iterator[Card]:
    cards = Card.objects.filter(WHOSE.get(kind.name, USUAL)).exclude(pk__in=Case.objects.open().values("card"))
    if kind.name == CaseKind.IDLE:
        used = UsageDaily.objects.filter(day__gt=calendar.day(SILENT_DAYS))
        cards = cards.exclude(pk__in=used.values("card"))
    yield from cards.order_by("pk")[:TRIED]


def _open_one(kind: Kind, card: Card, number: int, calendar: Calendar, supervisor: User) -> None:
    values = kind_of(kind.name).reason_values
    reason = card.stop_reason if card.stop_reason in values else next(iter(values), "")
    now = max(_ago(calendar, 1 - number, 9 + number, 15), card.service_since)
    case = open_case(
        card_id=card.pk, kind=kind.name, reason=reason, source=CaseSource.PERSON, actor=supervisor, now=now
    )
    if number:
        assign(case_id=case.pk, person=supervisor, actor=supervisor, now=now)
