"""The settings of connections as fields of a form: how a server is asked, where each value stands in its rows."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from cardfleet.kernel.errors import Text
from lifecycle.choices import ConnectionKind
from lifecycle.rules.connections.http import METHODS, NUMBERS, TIMES, UNITS, HttpSettings

PLAIN = HttpSettings(url="")
UNIT_WORDS: Mapping[str, Text] = {
    "yuan": _("In yuan"),
    "fen": _("In fen"),
    "li": _("In li (a tenth of a fen)"),
    "seconds": _("In seconds"),
    "minutes": _("In minutes"),
}
# Each value of a row, what it is called, whether its words may be others than ours.
VALUES: Sequence[tuple[str, Text, bool]] = (
    ("msisdn", _("Number"), False),
    ("balance", _("Balance"), False),
    ("state", _("State"), True),
    ("reason", _("Reason"), True),
    ("as_of", _("Data as of"), False),
    ("started_at", _("Start"), False),
    ("direction", _("Direction"), True),
    ("counterpart", _("Other number"), False),
    ("duration_s", _("Duration"), False),
    ("fee", _("Fee"), False),
    ("uid", _("Mark of the call"), False),
    ("answered", _("Answered"), True),
)


class Pairs(forms.CharField):
    """Names and values, one pair a line."""

    def __init__(self, sign: str, **options: Any) -> None:
        super().__init__(required=False, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}), **options)
        self.sign = sign

    def clean(self, value: Any) -> dict[str, str]:
        """Return them by name. Invalid where a line has no sign between the two."""
        pairs = {}
        for line in filter(str.strip, super().clean(value).splitlines()):
            name, found, said = line.partition(self.sign.strip())
            if not found or not name.strip():
                raise ValidationError(_("Write a name, %(sign)s and a value on each line."), params={"sign": self.sign})
            pairs[name.strip()] = said.strip()
        return pairs

    def prepare_value(self, value: Any) -> Any:
        """Return them as lines."""
        return (
            "\n".join(f"{name}{self.sign}{said}" for name, said in value.items()) if isinstance(value, dict) else value
        )


class Body(forms.JSONField):
    """A body in JSON; one that is not there is empty."""

    def prepare_value(self, value: Any) -> Any:
        """Return it as text."""
        return super().prepare_value(value) if value else ""


def _text(label: Any, help_text: Any = "", **options: Any) -> forms.Field:
    return forms.CharField(
        label=label, help_text=help_text, required=False, widget=UnfoldAdminTextInputWidget(), **options
    )


def _chosen(label: Any, choices: Sequence[tuple[str, Text]]) -> forms.Field:
    return forms.ChoiceField(label=label, choices=choices, required=False, widget=UnfoldAdminSelectWidget())


def _number(name: str, label: Any, help_text: Any = "") -> forms.Field:
    least, most = NUMBERS[name]
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        required=False,
        min_value=least,
        max_value=most,
        widget=UnfoldAdminIntegerFieldWidget(),
    )


def _switch(label: Any, help_text: Any = "") -> forms.Field:
    return forms.BooleanField(label=label, help_text=help_text, required=False, widget=UnfoldBooleanSwitchWidget())


ASKED: Mapping[str, Callable[[], forms.Field]] = {
    "url": lambda: _text(
        _("Address"), _("{since}, {until}, {page}, {cursor}, {numbers} and {secret} are filled in, here and below.")
    ),
    "method": lambda: _chosen(_("Method"), [(one, one) for one in METHODS]),
    "headers": lambda: Pairs(": ", label=_("Headers"), help_text=_("One a line: Authorization: Bearer {secret}")),
    "params": lambda: Pairs("=", label=_("Query"), help_text=_("One a line: page={page}")),
    "body": lambda: Body(
        label=_("Body of a POST"), required=False, widget=UnfoldAdminTextareaWidget(attrs={"rows": 4})
    ),
    "writes": lambda: _text(_("How moments are written"), _("iso, unix, unix_ms, or a pattern such as %Y%m%d%H%M%S.")),
    "first_page": lambda: _number("first_page", _("First page")),
    "page_size": lambda: _number("page_size", _("Rows on a page"), _("0: not known.")),
    "numbers_per_call": lambda: _number("numbers_per_call", _("Numbers in a call")),
    "rows": lambda: _text(_("Path of the list"), _("Names and places joined by dots: data.items. Empty: all of it.")),
    "total": lambda: _text(_("Path of the number of rows"), _("Nothing is stored where another number came.")),
    "next": lambda: _text(_("Path of the next cursor")),
    "ok": lambda: _text(_("Path of the result code")),
    "ok_values": lambda: _text(_("Its values when all is well"), _("Separated by commas.")),
    "as_of": lambda: _text(_("Path of the moment the answer is of")),
    "as_of_is_now": lambda: _switch(_("It is always of the moment of asking")),
    "times": lambda: _chosen(_("Times without an offset"), list(zip(TIMES, (_("in Shanghai"), _("UTC")), strict=True))),
    "source": lambda: _text(_("Usage source"), _("Its short name, where calls are fetched.")),
}
FILES: Mapping[str, Callable[[], forms.Field]] = {
    "folder": lambda: _text(
        _("Folder"), _("Below CONNECTIONS_DIR. Files are laid there, and move on to done or refused.")
    ),
    "create_missing": lambda: _switch(_("Make teams that are not there"), _("Where agents are fetched.")),
}


def _row(name: str, is_worded: bool) -> tuple[str, ...]:  # noqa: FBT001 - as in VALUES
    unit, words = [f"unit_{name}"] * (name in UNITS), [f"words_{name}"] * is_worded
    return (f"path_{name}", *unit, *words)


JSON, FOLDER, CALLS = "shown-for-kind-json", "shown-for-kind-folder", "shown-for-subject-usage"
PARTS: Sequence[tuple[Text, str, Sequence[Sequence[str]]]] = (
    (
        _("JSON over HTTP: how it is asked"),
        JSON,
        (
            *(("url", "method"), ("headers", "params"), ("body", "writes")),
            *(("first_page", "page_size"), ("numbers_per_call",)),
        ),
    ),
    (
        _("JSON over HTTP: how the answer is read"),
        JSON,
        (("rows", "total"), ("next",), ("ok", "ok_values"), ("as_of", "as_of_is_now"), ("times",)),
    ),
    (
        _("JSON over HTTP: where each value stands in a row"),
        JSON,
        [_row(name, is_worded) for name, _label, is_worded in VALUES],
    ),
    (_("Files laid into a folder"), FOLDER, (("folder", "create_missing"),)),
    (_("Call records"), CALLS, (("source",),)),
)
"""The headings of the form, each with when it is shown (static/js/admin.js) and its fields line by line."""


def setting_fields() -> dict[str, forms.Field]:
    """Return a field for each setting of every kind, by name."""
    found = {name: make() for name, make in (*ASKED.items(), *FILES.items())}
    for name, label, is_worded in VALUES:
        found[f"path_{name}"] = _text(label)
        if name in UNITS:
            found[f"unit_{name}"] = _chosen(_("Unit"), [(unit, UNIT_WORDS[unit]) for unit in UNITS[name]])
        if is_worded:
            found[f"words_{name}"] = Pairs("=", label=_("Words"), help_text=_("Theirs and ours, one a line: 1=out"))
    return found


def shown(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return what stands in the fields for settings."""
    values = {name: settings.get(name, getattr(PLAIN, name, "")) for name in (*ASKED, *FILES)}
    values["ok_values"] = ", ".join(values["ok_values"])
    for name, _label, _is_worded in VALUES:
        values[f"path_{name}"] = settings.get("fields", {}).get(name, "")
        values[f"unit_{name}"] = settings.get("units", {}).get(name, "")
        values[f"words_{name}"] = settings.get("words", {}).get(name, {})
    return values


def entered(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that were entered for a kind of connection; what is as it usually is is left out."""
    if kind == ConnectionKind.FOLDER:
        found = {name: given.get(name) for name in (*FILES, "source")}
        return {name: value for name, value in found.items() if value}
    said: dict[str, Any] = {name: given.get(name) for name in ASKED}
    said["ok_values"] = [one.strip() for one in (said["ok_values"] or "").split(",") if one.strip()]
    for setting, part in (("fields", "path"), ("units", "unit"), ("words", "words")):
        rows = {name: given.get(f"{part}_{name}") for name, _label, _is_worded in VALUES}
        said[setting] = {name: value for name, value in rows.items() if value}
    # The first unit is the usual one.
    said["units"] = {name: unit for name, unit in said["units"].items() if unit != next(iter(UNITS[name]))}
    return {
        name: value for name, value in said.items() if value not in (None, "", [], {}) and value != getattr(PLAIN, name)
    }


def field_of(setting: str) -> str:
    """Return the field that a setting named in a reason is entered in: `fields.balance` in `path_balance`."""
    group, _dot, name = setting.partition(".")
    part = {"fields": "path", "units": "unit", "words": "words"}.get(group)
    return f"{part}_{name}" if part and name else setting


SettingFields = type("SettingFields", (forms.Form,), setting_fields())
"""A form of these fields."""
