"""Bodies of the API: JSON that has one meaning, or a refusal that says what is wrong with it."""

import json
import math
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from rest_framework.parsers import BaseParser, MultiPartParser

from cardfleet.kernel.errors import BadInput, Reason, Text


class OneMeaningJSONParser(BaseParser):
    """JSON in UTF-8. A name given twice, a number beyond all bounds and text no database holds are BadInput."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Return what the body says."""
        try:
            text = stream.read().decode()
        except UnicodeDecodeError as error:
            raise bad("not_utf8", _("The text is not UTF-8. Send it encoded as UTF-8.")) from error
        return meaning(text)


# Where a file may come with what is sent, but need not.
WITH_FILES = (OneMeaningJSONParser, MultiPartParser)


def meaning(text: str) -> Any:
    """Return the value of a JSON text; BadInput says why it has none, or more than one."""
    try:
        value = json.loads(text, object_pairs_hook=_named_once, parse_float=_finite, parse_constant=_no_number)
    except RecursionError as error:
        raise bad("too_deep", _("The JSON is nested too deeply. Send a flatter one.")) from error
    except ValueError as error:
        raise bad("not_json", _("This is no JSON. Correct it and send it again.")) from error
    if "\\u" in text:
        _check_texts(value)
    return value


def bad(code: str, message: Text, *, field: str = "") -> BadInput:
    """Return the refusal of a body for one reason."""
    return BadInput(reasons=[Reason(code=code, message=message, field=field)])


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _value in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise bad("duplicate_key", _("This name is given twice. Give it once."), field=twice)
    return found


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise bad("number_too_large", _("A number is too large. Send one that fits."))
    return number


def _no_number(_name: str) -> float:
    raise bad("not_json", _("This is no JSON. Correct it and send it again."))


def _check_texts(value: Any) -> None:
    """Refuse NUL and halves of characters anywhere in the value; both can be written only as `\\u` escapes."""
    waiting = [value]
    while waiting:
        match waiting.pop():
            case dict() as found:
                waiting += [*found.keys(), *found.values()]
            case list() as found:
                waiting += found
            case str() as found:
                _check_text(found)


def _check_text(text: str) -> None:
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise bad("bad_character", _("The text holds a character that cannot be stored. Take it out."))
