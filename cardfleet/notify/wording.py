"""What each message says. Apps register their messages in a module named `messages`:

    register("lifecycle.alert_opened", subject=_("{card}: {kind}"), body=_("{reason} Do this today: {todo}"))

A message is stored as code and parameters where it is read in CardFleet, and worded for its reader; what leaves by a
channel is worded when it is queued, in the language of the installation.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation

from cardfleet.kernel.errors import Text


@dataclass(frozen=True)
class Wording:
    """Subject and body of a message, as templates with {names} or filled in."""

    subject: Text
    body: Text


_wordings: dict[str, Wording] = {}


def register(code: str, *, subject: Text, body: Text) -> str:
    """Make a message known under `<app>.<what happened>` and return the code; the same code twice is a defect."""
    if code in _wordings:
        raise ValueError(f"message {code} is registered twice")
    _wordings[code] = Wording(subject, body)
    return code


def word(code: str, params: Mapping[str, Any], language: str = "") -> Wording:
    """Return a message in a language (the installation's by default). KeyError for an unknown code or name."""
    template = _wordings[code]
    with translation.override(language or settings.LANGUAGE_CODE):
        return Wording(str(template.subject).format(**params), str(template.body).format(**params))
