"""Writing plans, contracts and registrants, and the cards by the file in which the company kept them."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from cardfleet.accounts.models import User
from cardfleet.journal.recording import Deed, record_many
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.tabular import open_table
from cards.choices import ChangeSource, CustodyState, RegistrantKind
from cards.importers.cards import read_cards
from cards.models import Card, Carrier
from cards.services.card_rows import write_cards
from cards.services.contracts import record_contract
from cards.services.custody import CustodyMove, change_custodies
from cards.services.plans import record_plan, set_price
from cards.services.registrants import record_registrant
from lifecycle.demo.blueprint import CardPlan
from lifecycle.demo.calendar import Calendar
from lifecycle.demo.catalogue import CONTRACTS, DAILY_CALL_LIMIT, PLANS, REGISTRANTS
from lifecycle.demo.chance import dice
from lifecycle.demo.people import Staff
from lifecycle.demo.timeline import held_at_opening, state_at_opening
from lifecycle.services.takeover import import_card_file

ATTESTED = "示例：按接管日台账与运营商后台核对"
BATCH = "DEMO"
COLUMNS = (
    *("ICCID", "手机号", "IMSI", "运营商", "套餐", "登记人", "激活日期", "到期日期", "PIN码", "PUK码"),
    *("合同编号", "存放位置", "归属地", "用途", "状态", "停机原因", "领用人工号", "领用日期", "实名状态", "批次"),
)


def write_catalogue(calendar: Calendar) -> None:
    """Write what carriers sell and what was signed with them, as of the take-over."""
    now = calendar.opening
    carriers = {carrier.code: carrier for carrier in Carrier.objects.all()}
    for plan in PLANS:
        facts = {
            "carrier": carriers[plan.carrier],
            "name": plan.name,
            "payment": plan.payment,
            "tariff_no": plan.tariff_no,
        }
        stored = record_plan(facts=facts, actor=None, now=now)
        prices = {"included_minutes": plan.minutes, "minute_price": plan.beyond}
        for ago, fee in ((1200, plan.fee + 10), (300, plan.fee)):
            first = calendar.day(ago).replace(day=1)
            whole = {**prices, "monthly_fee": fee}
            set_price(plan_id=stored.pk, effective_from=first, prices=whole, actor=None, now=now)
    for terms in CONTRACTS.values():
        facts = {
            "number": terms.number,
            "carrier": carriers[terms.carrier],
            "starts_on": calendar.day(-terms.starts),
            "ends_on": calendar.day(-terms.ends),
            "daily_call_limit": DAILY_CALL_LIMIT,
            "number_change_banned": terms.number_change_banned,
        }
        record_contract(facts=facts, actor=None, now=now)
    for holder in REGISTRANTS.values():
        facts = {
            "kind": RegistrantKind.COMPANY,
            "name": holder.name,
            "id_number": holder.code,
            "proof_valid_until": calendar.day(-holder.proof_in),
        }
        record_registrant(facts=facts, actor=None, now=now)


def write_cards_of(plans: Sequence[CardPlan], staff: Staff, calendar: Calendar, now: datetime) -> dict[int, Card]:
    """Take cards over by a file a site, and return them by their place in the blueprint."""
    for site in sorted({plan.site for plan in plans}):
        text = _file([plan for plan in plans if plan.site == site], calendar)
        sheet = read_cards(open_table(io.BytesIO(text.encode("gb18030")), f"{site}.csv"))
        done = import_card_file(
            sheet=sheet,
            create_missing=False,
            team=staff.units[site],
            reason=ATTESTED,
            dry_run=False,
            actor=staff.supervisor,
            now=now,
        )
        if done.cards.refused:
            raise ValueError(f"the demo's own card file was refused: {done.cards.refused[0].reasons}")
    places = {plan.iccid: plan.index for plan in plans}
    cards = Card.objects.filter(iccid__in=places).select_related("carrier", "plan", "contract", "registrant")
    found = {places[card.iccid]: card for card in cards}
    _register_users(found.values(), staff.supervisor, now)
    _set_spares_aside([found[plan.index] for plan in plans if plan.fate.custody == CustodyState.SPARE], staff, now)
    return found


def _file(plans: Iterable[CardPlan], calendar: Calendar) -> str:
    names: Mapping[str, str] = dict(Carrier.objects.values_list("code", "name"))
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(COLUMNS)
    for plan in plans:
        state, reason = state_at_opening(plan)
        holder = held_at_opening(plan)
        rng = dice("secrets", plan.iccid)
        is_active = plan.fate.code != "pending"
        writer.writerow(
            [
                plan.iccid,
                plan.msisdn,
                plan.imsi,
                names[plan.plan.carrier],
                plan.plan.name,
                REGISTRANTS[plan.site].name,
                calendar.day(plan.activated_ago) if is_active else "",
                calendar.day(-plan.expires_in) if is_active else "",
                f"{rng.randrange(10**4):04}",
                f"{rng.randrange(10**8):08}",
                CONTRACTS[plan.plan.carrier].number,
                plan.location,
                plan.region,
                plan.purpose,
                state,
                reason,
                holder.staff_no if holder else "",
                calendar.day(max(calendar.days + 5, plan.activated_ago - 12)) if holder else "",
                plan.fate.real_name,
                f"{BATCH}-{business_day(calendar.at(plan.activated_ago, 12)):%Y%m}",
            ]
        )
    return target.getvalue()


def _register_users(cards: Iterable[Card], actor: User, now: datetime) -> None:
    """Record the holders as registered users, in one set, as `edit_facts` does card by card."""
    held = list(Card.objects.filter(pk__in=[card.pk for card in cards], holder__isnull=False).locked())
    for card in held:
        card.actual_user_id = card.holder_id
    if held:
        write_cards(held, ["actual_user"], now=now)
        deeds = [Deed(action="cards.card_edited", subject=card, data={"fields": ["actual_user"]}) for card in held]
        record_many(deeds, actor=actor, now=now)


def _set_spares_aside(cards: Sequence[Card], staff: Staff, now: datetime) -> None:
    moves = [CustodyMove(card_id=card.pk, to=CustodyState.SPARE, holder=None, team=card.team, at=now) for card in cards]
    if moves:
        change_custodies(moves=moves, actor=staff.supervisor, now=now, source=ChangeSource.PERSON)


def is_demo() -> bool:
    """Whether all cards there are, if any, were made here."""
    return not Card.objects.exclude(batch__startswith=f"{BATCH}-").exists()
