"""The settings of a connection over HTTP, read and checked: what is asked, how it is paged, where values stand. Pure.

{"url": "https://open.carrier.example/balances", "method": "POST",
 "headers": {"Authorization": "Bearer {secret}"}, "body": {"since": "{since}", "pageNo": "{page}"},
 "rows": "data.items", "total": "data.total", "as_of": "data.asOf", "page_size": 200,
 "fields": {"msisdn": "phone", "balance": "bal"}, "units": {"balance": "fen"}}
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason, Text
from lifecycle.choices import ConnectionSubject

PLACEHOLDER = re.compile(r"\{([a-z]+)\}")
PLACEHOLDERS = ("secret", "since", "until", "page", "cursor", "numbers")
METHODS = ("GET", "POST")
TIMES = ("local", "utc")
UNITS: Mapping[str, Collection[str]] = {
    "balance": ("yuan", "fen", "li"),
    "fee": ("yuan", "fen", "li"),
    "duration_s": ("seconds", "minutes"),
}
SOURCE = re.compile(r"[-a-zA-Z0-9_]{1,40}")
REQUIRED: Mapping[str, Collection[str]] = {
    ConnectionSubject.BALANCES: ("msisdn", "balance"),
    ConnectionSubject.STATES: ("msisdn", "state"),
    ConnectionSubject.USAGE: ("msisdn", "started_at", "direction", "counterpart", "duration_s", "fee"),
}
OPTIONAL: Mapping[str, Collection[str]] = {
    ConnectionSubject.BALANCES: ("as_of",),
    ConnectionSubject.STATES: ("as_of", "reason"),
    ConnectionSubject.USAGE: ("uid", "answered"),
}
# What is as of a moment, so that an answer of yesterday can be told from one of today.
DATED = frozenset({ConnectionSubject.BALANCES, ConnectionSubject.STATES})
NUMBERS = {"first_page": (0, 1), "page_size": (0, 10_000), "numbers_per_call": (1, 1000)}
"""The least and the most of each; a page size of 0 is one that is not known."""


@dataclass(frozen=True, kw_only=True)
class HttpSettings:
    """How a server is asked and its answer read. Paths are names and places joined by dots, `data.items`.

    `ok` is a path and `ok_values` what stands there when all is well. `times` says what times without an offset are;
    `writes` how moments are written into the request: `iso`, `unix`, `unix_ms` or a pattern of strftime (Shanghai).
    `as_of` is the path of the moment an answer is of, `as_of_is_now` says that it is always of the moment of asking.
    `source` is the short name of the usage source whose the calls are.
    """

    url: str
    source: str = ""
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    rows: str = ""
    total: str = ""
    next: str = ""
    as_of: str = ""
    as_of_is_now: bool = False
    ok: str = ""
    ok_values: Sequence[str] = ()
    first_page: int = 1
    page_size: int = 0
    numbers_per_call: int = 100
    times: str = "local"
    writes: str = "iso"
    fields: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def asks_for(self) -> frozenset[str]:
        """What is filled in for each request."""
        return frozenset(_placeholders([self.url, self.headers, self.params, self.body]))


def read_settings(given: Any, subject: str) -> tuple[HttpSettings | None, list[Reason]]:
    """Return the settings, or all that stands against them, each with the name of its setting as the column."""
    if not isinstance(given, Mapping):
        return None, [_reason("", _("Write the settings as an object with names and values."))]
    reasons = list(_misshapen(given))
    if reasons:
        return None, reasons
    settings = HttpSettings(**{"url": "", **given})
    reasons = [*_unfit_request(settings), *_unfit_reading(settings, subject)]
    return (None, reasons) if reasons else (settings, [])


def _misshapen(given: Mapping[str, Any]) -> Iterator[Reason]:
    """Yield what is no setting at all, or of another type than its setting."""
    known = {one.name for one in fields(HttpSettings)}
    for name, value in given.items():
        if name not in known:
            yield _reason(name, _("There is no setting of this name."))
        elif not _has_type(name, value):
            yield _reason(name, _("This value is of another type than the setting."))


def _has_type(name: str, value: Any) -> bool:
    if name in NUMBERS:
        least, most = NUMBERS[name]
        return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
    if name == "words":
        return isinstance(value, Mapping) and all(_is_texts(words) for words in value.values())
    if name in ("headers", "params", "fields", "units"):
        return _is_texts(value)
    if name == "body":
        return isinstance(value, Mapping)
    if name == "ok_values":
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    return isinstance(value, bool if name == "as_of_is_now" else str)


def _is_texts(value: Any) -> bool:
    return isinstance(value, Mapping) and all(isinstance(one, str) for one in value.values())


def _unfit_request(settings: HttpSettings) -> Iterator[Reason]:
    if not settings.url.startswith(("https://", "http://")):
        yield _reason("url", _("Write an address that begins with https:// and names a public server."))
    if settings.method not in METHODS:
        yield _one_of("method", METHODS)
    if settings.body and settings.method != "POST":
        yield _reason("body", _("Only a POST has a body."))
    for unknown in sorted(settings.asks_for - set(PLACEHOLDERS)):
        yield _one_of(unknown, [f"{{{name}}}" for name in PLACEHOLDERS])
    if "cursor" in settings.asks_for and not settings.next:
        yield _reason("next", _("Name the path at which the answer gives the cursor of the next page."))
    if any(control in value for value in settings.headers.values() for control in "\r\n"):
        yield _reason("headers", _("A header is one line."))


def _unfit_reading(settings: HttpSettings, subject: str) -> Iterator[Reason]:
    required, optional = REQUIRED[subject], OPTIONAL[subject]
    for name in required:
        if not settings.fields.get(name):
            yield _reason(f"fields.{name}", _("Name the path at which this value stands in a row."))
    for name in sorted(settings.fields.keys() - {*required, *optional}):
        yield _one_of(f"fields.{name}", [*required, *optional])
    for name, unit in settings.units.items():
        if unit not in UNITS.get(name, ()):
            yield _one_of(f"units.{name}", UNITS.get(name, ()))
    if subject == ConnectionSubject.USAGE and not SOURCE.fullmatch(settings.source):
        yield _reason("source", _("Give the short name of the usage source whose calls these are."))
    if settings.times not in TIMES:
        yield _one_of("times", TIMES)
    if subject in DATED and not (settings.as_of or settings.fields.get("as_of") or settings.as_of_is_now):
        yield _reason("as_of", _("Say of which moment the answer is: a path, or that it is of the moment of asking."))


def _placeholders(parts: Any) -> Iterator[str]:
    if isinstance(parts, str):
        yield from PLACEHOLDER.findall(parts)
    elif isinstance(parts, Mapping):
        for part in parts.values():
            yield from _placeholders(part)
    elif isinstance(parts, list):
        for part in parts:
            yield from _placeholders(part)


def _one_of(name: str, choices: Collection[str]) -> Reason:
    return _reason(name, format_lazy(_("Choose one of: {choices}."), choices=", ".join(choices) or "—"))


def _reason(name: str, message: Text) -> Reason:
    return Reason(code="setting_unfit", field="settings", column=name, message=message)
