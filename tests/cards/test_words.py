"""What carriers and spreadsheets call states and reasons (domain.md sections 4 and 5)."""

import pytest

from cardfleet.kernel.reading import Unreadable
from cards.choices import Purpose, RealNameState, ServiceState, StopReason
from cards.importers.words import read_purpose, read_real_name, read_state, read_stop_reason


@pytest.mark.parametrize(
    ("text", "state", "reason"),
    [
        ("正常", "active", None),
        (" 开通 ", "active", None),
        ("00", "active", None),
        ("单停", "half_stop", None),
        ("单向停机", "half_stop", None),
        ("停机", "full_stop", None),
        ("欠费停机", "full_stop", "arrears"),
        ("停机（欠费）", "full_stop", "arrears"),
        ("投诉-强制停机", "forced_stop", "complaint"),
        ("违章停机", "forced_stop", "violation"),
        ("报停", "voluntary_stop", None),
        ("停机保号", "voluntary_stop", None),
        ("挂失", "lost_stop", None),
        ("二次实人停机", "reverify_stop", None),
        ("预拆", "pre_cancelled", None),
        ("已注销", "cancelled", None),
        ("携号转出", "ported_out", None),
        ("HALF_STOP", "half_stop", None),
        ("Half stop", "half_stop", None),
    ],
)
def test_states(text, state, reason):
    """R34: one-way and two-way stop are told apart."""
    word = read_state(text)
    assert (word.state, word.reason) == (state, reason)


@pytest.mark.parametrize("state", ServiceState)
def test_every_state_is_understood_by_its_own_code(state):
    assert read_state(state.value).state == state


@pytest.mark.parametrize("reason", StopReason)
def test_every_reason_is_understood_by_its_own_code(reason):
    assert read_stop_reason(reason.value) == reason


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("已实名", RealNameState.VALID),
        ("是", RealNameState.VALID),
        ("未实名", RealNameState.INVALID),
        ("No", "invalid"),
    ],
)
def test_real_name_states(text, state):
    assert read_real_name(text) == state


def test_purposes():
    """R98, R3: cards serve sales, service, research; another purpose is for a person to place."""
    assert read_purpose("电话销售") == Purpose.SALES
    assert read_purpose("放贷") is None


@pytest.mark.parametrize("read", [read_state, read_stop_reason, read_real_name])
def test_an_unknown_word_is_refused_with_words_that_are_known(read):
    with pytest.raises(Unreadable) as refused:
        read("怪")
    assert any(word in str(refused.value.message) for word in ("正常", "欠费", "已实名"))
