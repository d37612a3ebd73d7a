"""When a person may be erased, and which words are theirs."""

import re
from datetime import date

import pytest

from cardfleet.kernel.errors import Reason
from lifecycle.rules.erasure import ErasureFacts, Floor, Identity, may_erase_from, obstacles, without

TODAY = date(2026, 11, 20)
WITNESS = Reason(code="named_in_case", message="named")


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({}, []),
        ({"is_erased": True, "cards_held": 2}, ["erased_already"]),
        ({"is_oneself": True}, ["oneself"]),
        ({"has_access": True}, ["has_access"]),
        ({"cards_held": 1}, ["holds_cards"]),
        ({"cards_registered": 1}, ["cards_registered"]),
        ({"tasks_open": 1}, ["tasks_open"]),
        ({"named_in": [WITNESS]}, ["named_in_case"]),
        ({"floors": [Floor(law="l", until=date(2026, 11, 21))]}, ["kept_by_law"]),
        ({"floors": [Floor(law="l", until=TODAY)]}, []),
        ({"cards_held": 1, "tasks_open": 1, "named_in": [WITNESS]}, ["holds_cards", "tasks_open", "named_in_case"]),
    ],
)
def test_each_obstacle_is_named(facts: dict, codes: list[str]) -> None:
    """R83: with what to do next; a law says until when."""
    found = obstacles(ErasureFacts(**facts), today=TODAY)
    assert [reason.code for reason in found] == codes
    assert all(reason.clears for reason in found if reason.code not in {"erased_already", "named_in_case"})
    assert all(reason.value == "2026-11-21" for reason in found if reason.code == "kept_by_law")


def test_the_first_day_is_the_last_of_the_floors() -> None:
    floors = [Floor(law="l", until=date(2027, 1, 1)), Floor(law="m", until=date(2028, 1, 1))]
    assert (may_erase_from(floors, today=TODAY), may_erase_from([], today=TODAY)) == (date(2028, 1, 1), TODAY)


SOMEBODY = Identity(
    name="欧阳鹤鸣",
    codes=["8001", "A7"],
    mobile="13912345678",
    email="hm@example.com",
    id_numbers=["11010119900307867X"],
)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("交给欧阳鹤鸣保管", "交给#保管"),
        ("8001 领用; 18001 不是, 8001A 也不是", "# 领用; 18001 不是, 8001A 也不是"),
        ("工号A7太短", "工号A7太短"),
        ("打 13912345678 或 +86 139-1234-5678", "打 # 或 #"),
        ("139123456789 不是", "139123456789 不是"),
        ("hm@example.com.", "#."),
        ("证件11010119900307867X", "证件#"),
        ("?search=%E6%AC%A7%E9%98%B3%E9%B9%A4%E9%B8%A3&x=1", "?search=#&x=1"),
    ],
)
def test_words_are_found_whole_and_nothing_else(text: str, left: str) -> None:
    """R83: names, codes, numbers in the spellings people use."""
    assert without(text, SOMEBODY.pattern(), "#") == left


def test_letters_are_a_name_only_as_a_whole_word() -> None:
    pattern = Identity(name="Li An").pattern()
    assert without("Li An met Li Anna", pattern, "#") == "# met Li Anna"


def test_json_is_changed_in_its_texts_only() -> None:
    pattern = SOMEBODY.pattern()
    given = {"欧阳鹤鸣": [{"no": "8001", "sum": 8001, "is": True}, None]}
    assert without(given, pattern, "#") == {"#": [{"no": "#", "sum": 8001, "is": True}, None]}


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le"])
def test_lists_are_read_in_the_encodings_they_come_in(encoding: str) -> None:
    found = SOMEBODY.in_files()
    assert found.search("序号,姓名\n1,欧阳鹤鸣\n".encode(encoding))
    assert not found.search("1,8001,欧阳".encode(encoding))


def test_who_has_no_words_is_found_nowhere() -> None:
    """A name that others bear too is left out by the caller."""
    assert Identity().in_files() is None
    assert not re.search(Identity(codes=["12345678"]).pattern(), "123456789")
