"""Signs beside Chinese characters are full-width, as in print: ，。；：！？（）."""

import re
from collections.abc import Iterator

CHINESE = "\u4e00-\u9fff"
WIDE = dict(zip(",.;:!?", "，。；：！？", strict=True))
# A sign after or before a Chinese character; a full stop also stands in names of files, so it needs more: another one
# after it, an opening mark, or the end.
SIGN = re.compile(rf"(?:(?<=[{CHINESE}])[,;:!?] ?|[,;:!?] ?(?=[{CHINESE}])|(?<=[{CHINESE}])\. ?(?=[{CHINESE}“《（]|$))")
# A pair of brackets, but those of a placeholder, with a Chinese character beside one of them.
BRACKETS = re.compile(r"(?<!%)\(((?:%\(\w+\)|[^()])*)\)")
AROUND = 8


def widened(text: str) -> str:
    """Return a text with full-width signs beside Chinese characters."""
    text = BRACKETS.sub(lambda pair: f"（{pair[1]}）" if _is_chinese(pair) else pair[0], text)
    return SIGN.sub(lambda sign: WIDE[sign[0][0]], text)


def half_width(text: str) -> Iterator[str]:
    """Yield the surroundings of each half-width sign beside Chinese characters."""
    for pair in BRACKETS.finditer(text):
        if _is_chinese(pair):
            yield _around(pair)
    for sign in SIGN.finditer(text):
        yield _around(sign)


def _is_chinese(pair: re.Match[str]) -> bool:
    text, (start, end) = pair.string, pair.span()
    beside = (text[start - 1 : start], text[start + 1 : start + 2], text[end - 2 : end - 1], text[end : end + 1])
    return any(re.fullmatch(rf"[{CHINESE}]", one) for one in beside)


def _around(found: re.Match[str]) -> str:
    return found.string[max(found.start() - AROUND, 0) : found.end() + AROUND]
