"""Lines that a file spells plainly are stored set by set, and as if each had been read by itself (G9; R14, R63)."""

import pytest
from django.db import transaction

from cardfleet.journal.models import Entry
from cards.models import Card, CardChange
from cards.services import card_import
from tests.cards.files import HEADER, codes, iccid, load, sheet
from tests.conftest import FRIDAY
from tests.factories.cards import CardFactory, CarrierFactory, RatePlanFactory, RegistrantFactory

pytestmark = pytest.mark.django_db

TITLES = (*HEADER, "套餐", "登记人", "IMSI", "激活日期", "到期日期", "用途", "存放位置", "备注", "IMEI")
KNOWN = ("华星公司", "460001234567890", "2026-01-05", "2027-01-04")
ROWS = (
    (iccid(1), "13800000001", "移动", "畅打99", *KNOWN, "客服", "柜 A", "a\\b\tc\nd", "490154203237518"),
    (iccid(2), "138 0000 0002", "中国移动", "", "", "", "2026/12/31", "", "销售", "", "-", ""),
    (iccid(3)[:-1] + "0", "13800000003", "移动", "", "", "", "", "", "", "柜 B", "", ""),
    (iccid(4), "13800000004", "移动", "", "", "", "2027-01-05", "2026-01-05", "", "", "", ""),
    (iccid(5), "13800000005", "移动", "", "", "", "", "", "酒水", "", "", ""),
    (iccid(6), "13800000006", "移动", "无此", "", "", "", "", "", "", "", ""),
    (iccid(7), "13800000007", "移动", "", "新来的人", "", "", "", "", "", "", ""),
    (iccid(8), "13800000008", "移动", "", "", "", "", "", "", "one", "", ""),
    (iccid(8), "13800000018", "移动", "", "", "", "", "", "酒水", "two", "", ""),
    (iccid(9), "13800000001", "移动", "", "", "", "", "", "", "", "", ""),
    (iccid(10), "13800000099", "移动", "", "", "", "", "", "", "", "", ""),
    (iccid(11), "13800000011", "移动", "", "", "", "", "", "", "柜 C", "", ""),
    ("8.98601E+19", "13800000012", "移动", "", "", "", "", "", "", "", "", ""),
    (iccid(13), "13800000013", "移动"),
)
AS_STORED = ("iccid", *(field.attname for field in Card._meta.concrete_fields if field.attname not in ("id", "iccid")))


@pytest.fixture
def ground(mobile):
    """Return the carrier, with what the lines name or meet."""
    RatePlanFactory(carrier=mobile, name="畅打99")
    RegistrantFactory(name="华星公司")
    CardFactory(iccid=iccid(20), msisdn="+8613800000099", carrier=mobile)
    CardFactory(iccid=iccid(11), msisdn="+8613800000011", carrier=mobile, batch="B1")
    return mobile


def brought(*rows):
    """Import rows, tell all that they left, and take it back."""
    with transaction.atomic():
        before = Entry.objects.order_by("-id").values_list("id", flat=True).first() or 0
        outcome = load(*rows)
        history = CardChange.objects.order_by("card__iccid", "id")
        entries = Entry.objects.filter(id__gt=before, action__startswith="cards.card_")
        names = dict(Card.objects.values_list("pk", "iccid"))
        told = (
            outcome.counts(),
            codes(outcome),
            {(warning.code, warning.line, warning.column, warning.value) for warning in outcome.warnings},
            {(card.line, names[card.card_id], card.is_new, tuple(sorted(card.changed))) for card in outcome.stored},
            list(Card.objects.order_by("iccid").defer("id").values_list(*AS_STORED)),
            list(history.values_list("card__iccid", "axis", "to_state", "reason", "at", "source", "actor")),
            {
                (names[int(e.subject.partition(":")[2])], e.action, e.reason, str(e.data), str(e.related))
                for e in entries
            },
        )
        transaction.set_rollback(True)
    return told


def test_plain_lines_are_stored_as_if_each_was_read_by_itself(ground, monkeypatch):
    at_once = brought(TITLES, *ROWS)
    one_by_one = brought((*TITLES, "余额"), *((*row, *[""] * (13 - len(row))) for row in ROWS))
    registrants = at_once[4], one_by_one[4]
    place = AS_STORED.index("registrant_id")
    # The one new registrant is another row each time.
    cards = [[(*row[:place], bool(row[place]), *row[place + 1 :]) for row in rows] for rows in registrants]
    assert cards[0] == cards[1]
    assert at_once[:4] + at_once[5:] == one_by_one[:4] + one_by_one[5:]
    assert at_once[0] == {"created": 7, "updated": 1, "unchanged": 0, "refused": 6}


@pytest.mark.parametrize("count", [1, 3])
def test_plain_lines_take_a_fixed_number_of_statements(ground, count, django_assert_num_queries):
    rows = [(iccid(30 + number), f"1380000003{number}", "移动") for number in range(count)]
    asked = sheet(HEADER, *rows)
    assert len(asked.unread) == count
    with django_assert_num_queries(15):
        card_import.import_cards(sheet=asked, create_missing=False, team=None, reason="", actor=None, now=FRIDAY)
    assert Card.objects.filter(iccid__in=[row[0] for row in rows]).count() == count


def test_names_of_another_carriers_plan_are_left_to_the_rules(ground):
    CarrierFactory(name="中国电信")
    outcome = load((*HEADER, "套餐"), (iccid(1), "13800000001", "中国电信", "畅打99"))
    assert codes(outcome) == {2: ["plan_unknown"]}
