"""Headers and words of files in Traditional characters, read as the Simplified ones that readers know.

Only what is compared goes through here, never what is stored: a name stays as it was written.
"""

import re
from pathlib import Path

TABLE = Path(__file__).with_name("simplified.txt")


def _read(table: Path) -> tuple[dict[str, str], dict[int, str]]:
    words, characters = {}, {}
    for line in table.read_text("utf-8").splitlines():
        if "\t" in line:
            traditional, plain = line.split("\t")
            words[traditional] = plain
        elif not line.startswith("#"):
            characters.update({ord(pair[0]): pair[1] for pair in line.split(" ")})
    return words, characters


_WORDS, _CHARACTERS = _read(TABLE)
_ANY_WORD = re.compile("|".join(map(re.escape, sorted(_WORDS, key=len, reverse=True))))


def simplified(text: str) -> str:
    """Return a text in Simplified characters and the mainland's words; a Simplified one as it is."""
    if text.isascii():
        return text
    return _ANY_WORD.sub(lambda found: _WORDS[found[0]], text).translate(_CHARACTERS)
