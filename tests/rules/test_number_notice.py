"""The words of a notice, and lists of people: tables without a database."""

from io import BytesIO

import pytest

from cardfleet.kernel.errors import BadInput
from cardfleet.kernel.tabular import open_table
from lifecycle.importers.recipients import read_recipients
from lifecycle.rules.number_notice import TEXTS, Words, faults, filled

BODY = "{company} {old_number} {new_number} {opt_out}"


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (("sms", "", BODY), []),
        (("sms", "", BODY.replace("{opt_out}", "")), ["place_missing"]),
        (("sms", "", BODY.replace("{company}", "x")), ["place_missing"]),
        (("sms", "", BODY + "{card.pin1}"), ["place_unknown"]),
        (("sms", "", BODY + "x" * 500), ["too_long"]),
        (("email", " ", BODY), ["subject_missing"]),
        (("email", "{nobody}", BODY), ["place_unknown"]),
    ],
)
def test_what_a_text_must_hold(words, codes) -> None:
    """R110: our name, both numbers and how to refuse further messages (广告法 art. 43)."""
    channel, subject, body = words
    assert [reason.code for reason in faults(Words(channel=channel, subject=subject, body=body))] == codes


@pytest.mark.parametrize("name", TEXTS)
def test_the_texts_that_come_along_are_in_order(name) -> None:
    """R110: and every place is filled."""
    assert not list(faults(TEXTS[name]))
    values = {"company": "华信", "old_number": "13800000001", "new_number": "13800000002", "opt_out": "回复TD"}
    words = filled(TEXTS[name], values)
    assert "{" not in words.body + words.subject
    assert all(value in words.body for value in values.values())


def read(text: str, *, encoding: str = "utf-8", with_results: bool = False):
    return read_recipients(open_table(BytesIO(text.encode(encoding)), "list.csv"), with_results=with_results)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_a_list_is_read_in_any_order_and_encoding(encoding) -> None:
    """R110: numbers and forms of address, nothing else."""
    lines = read("客户等级,称呼,手机号\n甲,王女士,138 0000 1234\n乙,,13800005678\n", encoding=encoding)
    assert [(line.channel, line.address, line.called) for line in lines] == [
        ("sms", "+8613800001234", "王女士"),
        ("sms", "+8613800005678", ""),
    ]
    [line] = read("邮箱\nWang@Example.com\n", encoding=encoding)
    assert (line.channel, line.address) == ("email", "wang@example.com")


@pytest.mark.parametrize(
    ("text", "with_results", "where", "code"),
    [
        ("手机号\n138****1234\n", False, (2, "手机号"), "number_masked"),
        ("手机号,称呼\n13800001234," + "长" * 41 + "\n", False, (2, "称呼"), "too_long"),
        ("邮箱\n无\n", False, (2, "邮箱"), "mail_unreadable"),
        ("手机号,结果\n13800001234,也许\n", True, (2, "结果"), "result_unknown"),
    ],
)
def test_bad_rows_are_named_by_line_and_column(text, with_results, where, code) -> None:
    """R110: and the answer never repeats an address."""
    [line] = read(text, with_results=with_results)
    [reason] = line.reasons
    assert (reason.line, reason.column, reason.code, reason.value) == (*where, code, "")


@pytest.mark.parametrize("text", ["称呼\n王女士\n", "手机号\n"])
def test_a_file_without_people_is_refused(text) -> None:
    with pytest.raises(BadInput):
        read(text)
