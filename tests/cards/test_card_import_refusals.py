"""Bad lines of a card file come back with line, column, value and reason; good ones land (issue: bad input)."""

import io

import pytest

from cardfleet.accounts.models import ScopeGrant, Team
from cardfleet.kernel.tabular import open_table
from cards.choices import RegistrantKind
from cards.exporters.rejects import write_rejects
from cards.models import Card
from cards.services.card_import import import_cards
from tests.cards.files import HEADER, codes, iccid, load, sheet
from tests.conftest import FRIDAY
from tests.factories.accounts import PersonFactory
from tests.factories.cards import (
    CardFactory,
    CarrierFactory,
    RatePlanFactory,
    RegistrantFactory,
    SanctionFactory,
)

pytestmark = pytest.mark.django_db


def test_good_lines_land_and_bad_ones_come_back_with_line_column_and_value(mobile):
    CardFactory(iccid=iccid(9), msisdn="+8613800000009", carrier=mobile)
    outcome = load(
        (*HEADER, "到期日期"),
        (iccid(1), "13800000001", "移动", "2026-12-31"),
        ("8.98601E+19", "13800000002", "移动", ""),
        (iccid(3), "1380000", "移动", "2027-02-31"),
        (iccid(4), "13800000004", "火星通信", ""),
        (iccid(1), "13800000005", "移动", ""),
        (iccid(6), "13800000001", "移动", ""),
        (iccid(7), "13800000009", "移动", ""),
        (iccid(8), "13800000008", "", ""),
    )
    assert codes(outcome) == {
        3: ["mangled_by_spreadsheet"],
        4: ["msisdn_unreadable", "no_such_day"],
        5: ["carrier_unknown"],
        6: ["iccid_doubled"],
        7: ["msisdn_doubled"],
        8: ["number_taken"],
        9: ["missing"],
    }
    places = {line.number: [(reason.column, reason.value) for reason in line.reasons] for line in outcome.refused}
    assert places[3] == [("ICCID", "8.98601E+19")]
    assert places[4] == [("手机号", "1380000"), ("到期日期", "2027-02-31")]
    assert places[5] == [("运营商", "火星通信")]
    assert [stored.line for stored in outcome.stored] == [2]
    assert Card.objects.count() == 2


def test_no_number_comes_in_the_name_of_somebody_under_sanction(mobile):
    """联合惩戒办法 art. 3: by line and column; whose number it was before keeps it."""
    company, staff = RegistrantFactory(name="甲公司"), PersonFactory()
    RegistrantFactory(name="张三", kind=RegistrantKind.PERSON, staff=staff)
    RegistrantFactory(name="乙公司")
    CardFactory(iccid=iccid(4), msisdn="+8613800000004", carrier=mobile, registrant=company)
    SanctionFactory(registrant=company)
    SanctionFactory(person=staff)
    names = {1: "甲公司", 2: "张三", 3: "乙公司", 4: "甲公司"}

    outcome = load((*HEADER, "登记人"), *((iccid(at), f"1380000000{at}", "移动", name) for at, name in names.items()))

    assert codes(outcome) == {2: ["sanctioned"], 3: ["sanctioned"]}
    places = [(reason.column, reason.value) for line in outcome.refused for reason in line.reasons]
    assert places == [("登记人", "甲公司"), ("登记人", "张三")]
    assert [stored.line for stored in outcome.stored] == [4, 5]


def test_plan_of_another_carrier_is_refused(mobile):
    card = CardFactory(iccid=iccid(1), carrier=mobile, plan=RatePlanFactory(carrier=mobile))
    CarrierFactory(name="中国电信")
    outcome = load(HEADER, (iccid(1), "13800000001", "中国电信"))
    assert codes(outcome) == {2: ["plan_of_other_carrier"]}
    card.refresh_from_db()
    assert card.carrier == mobile


def test_reason_that_does_not_fit_the_state_is_refused(mobile):
    outcome = load(
        (*HEADER, "状态", "停机原因"),
        (iccid(1), "13800000001", "移动", "停机", "丢失"),
        (iccid(2), "13800000002", "移动", "", "欠费"),
        (iccid(3), "13800000003", "移动", "停机", ""),
    )
    assert codes(outcome) == {2: ["reason_unfit"], 3: ["reason_without_state"]}


def test_card_outside_the_scope_is_refused_without_telling_of_it(mobile, person):
    ours, theirs = (Team.objects.create(name=name, path=path) for name, path in (("一", "/1/"), ("二", "/2/")))
    actor = person()
    ScopeGrant.objects.create(user=actor, team=ours)
    CardFactory(iccid=iccid(1), msisdn="+8613800000001", carrier=mobile, team=theirs)
    CardFactory(iccid=iccid(2), msisdn="+8613800000002", carrier=mobile, team=ours)
    outcome = load(
        (*HEADER, "存放位置"),
        (iccid(1), "13800000001", "移动", "柜 X"),
        (iccid(2), "13800000002", "移动", "柜 X"),
        (iccid(3), "13800000003", "移动", "柜 X"),
        actor=actor,
        team=ours,
    )
    assert codes(outcome) == {2: ["outside_scope"]}
    assert set(Card.objects.filter(location="柜 X").values_list("iccid", "team")) == {
        (iccid(2), ours.pk),
        (iccid(3), ours.pk),
    }


def test_refused_lines_come_back_as_a_file_that_can_be_corrected(mobile):
    outcome_of = sheet(
        (*HEADER, "PIN码", "外星列", "备注"),
        ("1", "13800000001", "移动", "1234", "x", "=1+1"),
        (iccid(2), "13800000002", "移动", "12", "y", "z"),
    )
    outcome = import_cards(sheet=outcome_of, create_missing=False, team=None, reason="", actor=None, now=FRIDAY)
    target = io.BytesIO()
    write_rejects(target, outcome_of, outcome.refused)
    assert b"1234" not in target.getvalue()
    header, first, second = (cells for _line, cells in open_table(target, "r.csv").rows())
    assert header[:6] == ["ICCID", "手机号", "运营商", "PIN码", "外星列", "备注"]
    assert first[:8] == ["1", "13800000001", "移动", "", "x", "'=1+1", "2", "ICCID, 备注"]
    assert second[:7] == [iccid(2), "13800000002", "移动", "", "y", "z", "3"]
    first[0], first[5], first[3] = iccid(1), "", "1234"
    again = load(header, first, [*second[:3], "1234", *second[4:]], reason="")
    assert again.counts()["created"] == 2
    assert [warning.column for warning in again.warnings if warning.code == "column_unknown"] == ["外星列"]
