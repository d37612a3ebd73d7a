"""The words of a notice of a changed number: which places they must have, and how they are filled (R110).

An advertisement names who sends it and how to refuse further ones (广告法 art. 43, 44); a notice does the same, so
that it may go to everybody who is told.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason, Text
from lifecycle.choices import NoticeChannel

PLACES = ("company", "old_number", "new_number", "changes_on", "opt_out", "called")
NEEDED = ("company", "old_number", "new_number", "opt_out")
KNOWN = " ".join("{" + name + "}" for name in PLACES)
PLACE = re.compile(r"\{([^{}]*)\}")
LONGEST_MESSAGE = 500


@dataclass(frozen=True, kw_only=True)
class Words:
    """A text with places, or filled in."""

    channel: str
    subject: str
    body: str


def faults(words: Words) -> Iterator[Reason]:
    """Yield what is wrong with a text: a place that is missing or unknown, too many signs, no subject."""
    found = PLACE.findall(words.body)
    for name in NEEDED:
        if name not in found:
            place = "{" + name + "}"
            yield _wrong("place_missing", format_lazy(_("The text must hold {place}."), place=place), place)
    for name in {*found, *PLACE.findall(words.subject)} - {*PLACES}:
        place = "{" + name + "}"
        message = format_lazy(_("No such place: {place}. Those there are: {known}."), place=place, known=KNOWN)
        yield _wrong("place_unknown", message, place)
    if words.channel == NoticeChannel.EMAIL and not words.subject.strip():
        yield Reason(code="subject_missing", field="subject", message=_("An e-mail needs a subject."))
    if words.channel == NoticeChannel.SMS and len(words.body) > LONGEST_MESSAGE:
        yield Reason(code="too_long", field="body", message=_("A short message has at most 500 signs. Shorten it."))


def _wrong(code: str, message: Text, place: str) -> Reason:
    return Reason(code=code, field="body", message=message, value=place)


def filled(words: Words, values: Mapping[str, str]) -> Words:
    """Return the text with its places filled; one without a value stays empty."""

    def value(found: "re.Match[str]") -> str:
        return values.get(found[1], "")

    return Words(
        channel=words.channel,
        subject=PLACE.sub(value, words.subject).strip(),
        body=PLACE.sub(value, words.body).strip(),
    )


# Data, in the tongue of the company's customers; edited in the administration.
OPT_OUT = "回复TD退订"
TEXTS: Mapping[str, Words] = {
    "短信：号码变更": Words(
        channel=NoticeChannel.SMS,
        subject="",
        body=(
            "【{company}】{called}您好，我司与您联系的号码自{changes_on}起由{old_number}变更为{new_number}，"
            "原号码将停止使用。{opt_out}"
        ),
    ),
    "邮件：号码变更": Words(
        channel=NoticeChannel.EMAIL,
        subject="{company}联系号码变更通知",
        body=(
            "{called}您好：\n\n我司与您联系的号码自{changes_on}起由{old_number}变更为{new_number}。"
            "请您惠存新号码，以便继续为您提供服务。\n\n如不希望再收到此类信息，请{opt_out}。\n\n{company}"
        ),
    ),
}
