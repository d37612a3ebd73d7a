"""Card files are stored line by line, matched by ICCID (issue: take-over; R14, R63)."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from cardfleet.journal.models import Entry
from cardfleet.kernel.clock import SHANGHAI
from cardfleet.kernel.errors import BadInput
from cards.choices import Axis, ChangeSource, RealNameState, ServiceState
from cards.models import Card, CardChange, CardSecret, Carrier, Contract, RatePlan, Registrant
from cards.services.card_import import import_cards
from cards.services.states import change_service_state
from tests.cards.files import HEADER, codes, iccid, load, sheet_of, xls_bytes
from tests.conftest import FRIDAY
from tests.factories.cards import CardFactory, RatePlanFactory, RegistrantFactory

pytestmark = pytest.mark.django_db


def test_every_column_is_stored(mobile):
    """R7, R8, R15, R22, R23, R24: the columns of the design's card file, Chinese headers."""
    plan, registrant = RatePlanFactory(carrier=mobile, name="畅打 99"), RegistrantFactory(name="华星公司")
    titles = (
        "批次,卡号,号码,IMSI,运营商,套餐,机主,激活日期,有效期至,PIN码,PUK码,存放位置,归属地,"
        "用途,状态,停机原因,实名状态,IMEI"
    )
    cells = (
        f"B7,{iccid(1)},138 0000 0001,460001234567890,移动,畅打99,华星公司,2026/1/5,2027-01-04,0123,01234567,柜 A,"
        "北京,客服,单停,欠费,已实名,490154203237518"
    )
    outcome = load(titles.split(","), cells.split(","))
    assert outcome.counts() == {"created": 1, "updated": 0, "unchanged": 0, "refused": 0}
    card = Card.objects.get()
    expected = {
        "iccid": iccid(1),
        "msisdn": "+8613800000001",
        "imsi": "460001234567890",
        "carrier": mobile,
        "plan": plan,
        "registrant": registrant,
        "activated_on": date(2026, 1, 5),
        "expires_on": date(2027, 1, 4),
        "location": "柜 A",
        "region": "北京",
        "purpose": "service",
        "service_state": "half_stop",
        "stop_reason": "arrears",
        "real_name_state": "valid",
        "device_imei": "490154203237518",
        "batch": "B7",
        "custody_state": "in_stock",
        "holder": None,
        "team": None,
    }
    assert {name: getattr(card, name) for name in expected} == expected
    assert (card.secret.pin1, card.secret.puk1) == ("0123", "01234567")
    history = list(card.changes.order_by("id").values_list("axis", "from_state", "to_state", "reason", "source"))
    assert history == [
        (Axis.SERVICE, "", "half_stop", "arrears", ChangeSource.TAKEOVER),
        (Axis.CUSTODY, "", "in_stock", "", ChangeSource.TAKEOVER),
    ]
    entry = Entry.objects.get(action="cards.card_taken_over")
    assert (entry.subject, entry.reason) == (f"cards.card:{card.pk}", "the register of October")
    assert "0123" not in str(entry.data)


def test_an_excel_97_file_is_read_like_any_other(mobile):
    """R14: an old workbook; texts stay whole, days are days, and a bad line names its place."""
    content = xls_bytes(
        (*HEADER, "到期日期", "存放位置", "PUK码"),
        (iccid(1), "13800000001", "移动", date(2027, 1, 4), "柜 A", "01234567"),
        (iccid(2), 13800000002.0, "移动", date(2027, 1, 5), "柜 B", ""),
        (8.98600261900000000e19, "13800000003", "移动", "", "", ""),
    )
    outcome = import_cards(
        sheet=sheet_of(content, "cards.xls"), create_missing=False, team=None, reason="", actor=None, now=FRIDAY
    )
    assert codes(outcome) == {4: ["mangled_by_spreadsheet"]}
    stored = Card.objects.order_by("iccid").values_list("iccid", "msisdn", "expires_on", "location")
    assert list(stored) == [
        (iccid(1), "+8613800000001", date(2027, 1, 4), "柜 A"),
        (iccid(2), "+8613800000002", date(2027, 1, 5), "柜 B"),
    ]
    assert CardSecret.objects.get(card__iccid=iccid(1)).puk1 == "01234567"


def test_english_headers_and_only_what_is_required(mobile):
    outcome = load(("carrier", "msisdn", "iccid"), ("cmcc", "+8613800000001", iccid(1).lower()), reason="")
    assert outcome.counts()["created"] == 1
    card = Card.objects.get()
    assert (card.service_state, card.real_name_state) == ("pending", RealNameState.UNKNOWN)


def test_card_activated_before_today_is_in_service_since_then(mobile):
    load(
        (*HEADER, "激活日期"),
        (iccid(1), "13800000001", "移动", "2026-03-01"),
        (iccid(2), "13800000002", "移动", "2026-12-01"),
        reason="",
    )
    active, pending = Card.objects.order_by("iccid")
    assert active.service_state == "active"
    assert active.service_since == datetime(2026, 3, 1, tzinfo=SHANGHAI)
    assert pending.service_state == "pending"


def test_take_over_facts_are_handed_on(mobile):
    """R12: holder, issue date and balance belong to higher apps and come back with the card."""
    outcome = load(
        (*HEADER, "领用人工号", "领用日期", "余额"), (iccid(1), "13800000001", "移动", "S001", "2026-10-01", "-12.5")
    )
    (stored,) = outcome.stored
    assert (stored.row.holder, stored.row.issued_on, stored.row.balance) == (
        "S001",
        date(2026, 10, 1),
        Decimal("-12.50"),
    )
    assert stored.card_id == Card.objects.get().pk


def test_take_over_needs_a_reason(mobile):
    with pytest.raises(BadInput) as refused:
        load((*HEADER, "余额"), (iccid(1), "13800000001", "移动", "5"), reason=" ")
    assert refused.value.reasons[0].code == "reason_missing"
    assert not Card.objects.exists()


def test_same_file_twice_changes_nothing(mobile):
    rows = [
        (*HEADER, "PIN码", "状态", "存放位置", "实名状态"),
        (iccid(1), "13800000001", "移动", "1234", "停机", "柜", "否"),
    ]
    load(*rows)
    before = (CardChange.objects.count(), Entry.objects.count(), Card.objects.get().updated_at)
    outcome = load(*rows)
    assert outcome.counts() == {"created": 0, "updated": 0, "unchanged": 1, "refused": 0}
    assert (CardChange.objects.count(), Entry.objects.count(), Card.objects.get().updated_at) == before
    assert not outcome.warnings


def test_known_card_is_changed_where_the_file_says_otherwise(mobile):
    """R14, R65: an upsert by ICCID; an empty cell changes nothing."""
    load((*HEADER, "存放位置", "批次"), (iccid(1), "13800000001", "移动", "柜 A", "B1"), reason="")
    outcome = load(
        (*HEADER, "存放位置", "批次", "PUK码"), (iccid(1), "13800000002", "移动", "柜 B", "", "12345678"), reason=""
    )
    assert outcome.counts()["updated"] == 1
    card = Card.objects.get()
    assert (card.location, card.batch, card.msisdn) == ("柜 B", "B1", "+8613800000002")
    assert [warning.code for warning in outcome.warnings] == ["number_changed"]
    assert "13800000001" not in outcome.warnings[0].value
    assert CardSecret.objects.get().puk1 == "12345678"
    assert Entry.objects.filter(action="cards.card_imported").latest("id").data["fields"] == [
        "location",
        "msisdn",
        "puk1",
    ]


def test_missing_names_are_made_when_asked(mobile):
    rows = [
        (*HEADER, "套餐", "合同编号", "激活日期", "登记人"),
        (iccid(1), "13800000001", "远特通信", "大语音", "HT-9", "2026-05-01", "王小明"),
        (iccid(2), "13800000002", "远特通信", "大语音", "HT-9", "2026-04-01", "星河科技公司"),
        (iccid(3), "1380000", "无名通信", "x", "", "", ""),
    ]
    refused = load(*rows)
    assert codes(refused)[2] == ["carrier_unknown", "plan_unknown", "contract_unknown"]
    assert not RatePlan.objects.exists()
    outcome = load(*rows, create_missing=True)
    assert outcome.counts()["created"] == 2
    carrier = Carrier.objects.get(name="远特通信")
    assert carrier.code == "yttx"
    assert RatePlan.objects.get().carrier == carrier
    assert Contract.objects.get().starts_on == date(2026, 4, 1)
    assert set(Registrant.objects.values_list("name", "kind")) == {
        ("王小明", "person"),
        ("星河科技公司", "company"),
    }
    assert not Carrier.objects.filter(name="无名通信").exists()


def test_state_in_a_file_is_taken_until_somebody_recorded_another(mobile):
    """A stale spreadsheet must not put a stopped card back into service."""
    load(HEADER, (iccid(1), "13800000001", "移动"), reason="")
    told = (*HEADER, "状态")
    load(told, (iccid(1), "13800000001", "移动", "正常"))
    card = Card.objects.get()
    assert card.service_state == "active"
    change_service_state(
        card_id=card.pk,
        to=ServiceState.FORCED_STOP,
        reason="violation",
        source=ChangeSource.CARRIER_SMS,
        at=FRIDAY,
        actor=None,
        now=FRIDAY,
    )
    outcome = load(told, (iccid(1), "13800000001", "移动", "正常"))
    card.refresh_from_db()
    assert card.service_state == "forced_stop"
    assert [warning.code for warning in outcome.warnings] == ["state_kept"]


def test_real_name_found_by_compliance_is_kept(mobile):
    CardFactory(iccid=iccid(1), msisdn="+8613800000001", carrier=mobile, real_name_state=RealNameState.INVALID)
    outcome = load((*HEADER, "实名状态"), (iccid(1), "13800000001", "移动", "已实名"))
    assert Card.objects.get().real_name_state == "invalid"
    assert [warning.code for warning in outcome.warnings] == ["real_name_kept"]


def test_number_of_an_ended_card_may_live_again(mobile):
    CardFactory(msisdn="+8613800000001", service_state=ServiceState.CANCELLED, carrier=mobile)
    outcome = load(
        (*HEADER, "状态"), (iccid(1), "13800000001", "移动", "正常"), (iccid(2), "13800000001", "移动", "销户")
    )
    assert outcome.counts()["created"] == 2


@pytest.mark.parametrize("count", [1, 3])
def test_statements_do_not_depend_on_the_number_of_lines(mobile, count, django_assert_num_queries):
    RegistrantFactory(name="华星公司")
    header = (*HEADER, "登记人", "PIN码", "状态")
    rows = [(iccid(n), f"1380000000{n}", "移动", "华星公司", "1234", "正常") for n in range(count)]
    known = [CardFactory(iccid=iccid(n + 5), msisdn=f"+861390000000{n}", carrier=mobile) for n in range(count)]
    rows += [(card.iccid, card.msisdn, "移动", "华星公司", "1234", "停机") for card in known]
    with django_assert_num_queries(26):
        outcome = load(header, *rows)
    assert outcome.counts() == {"created": count, "updated": count, "unchanged": 0, "refused": 0}
