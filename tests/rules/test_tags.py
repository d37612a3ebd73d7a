"""How tags are written."""

import pytest

from cardfleet.kernel.reading import Unreadable
from cards.rules.tags import read_tag, split_tags


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("VIP", ("VIP",)),
        (" 双十一   备用 ", ("双十一 备用",)),
        ("a,b，c、d;e；f|g\nh", ("a", "b", "c", "d", "e", "f", "g", "h")),
        ("VIP, vip,Vip", ("VIP",)),
        ("🔥热卖, 👨‍👩‍👧", ("🔥热卖", "👨‍👩‍👧")),
        (" ,, ", ()),
        ("x" * 40, ("x" * 40,)),
    ],
)
def test_several_in_one_text(text, names) -> None:
    """A cell or field holds several; one word is one tag, emoji and all."""
    assert split_tags(text) == names


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "tag_empty"),
        ("   ", "tag_empty"),
        ("x" * 41, "tag_too_long"),
        ("a,b", "tag_unfit"),
        ("a\x00b", "tag_unfit"),
    ],
)
def test_what_is_no_tag(text, code) -> None:
    """A name that could not be written in a list, or not be read, is refused."""
    with pytest.raises(Unreadable) as refused:
        read_tag(text)
    assert refused.value.code == code
