"""Forms where no browser fills them: what JSON says as they read it; what a service refused, beside their fields."""

from collections.abc import Collection, Mapping
from typing import Any

from django.forms import BaseForm
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from cardfleet.kernel.errors import BadInput, Reason, Refusal


def add_refusal(form: BaseForm, refusal: Refusal) -> None:
    """Say on a form why its values were refused, each reason beside the field it names."""
    form.add_error(None, str(refusal))
    for reason in refusal.reasons:
        field = reason.field if reason.field in form.fields else None
        form.add_error(field, f"{reason.message} {reason.clears}".strip())


def as_sent(given: Mapping[str, Any], *, ids: Collection[str] = ()) -> MultiValueDict[str, Any]:
    """Return values of JSON as a browser sends them, texts all; what a form itself sent stays. BadInput for objects.

    Of the fields in `ids` a number stays one: it means an id there, and a text a name.
    """
    if isinstance(given, MultiValueDict):
        return given
    parts = {name: value if isinstance(value, list) else [value] for name, value in given.items()}
    nested = [name for name, values in parts.items() if any(isinstance(value, list | dict) for value in values)]
    if nested:
        message = _("Give a text, a number, or a list of them.")
        raise BadInput(reasons=[Reason(code="invalid", field=name, message=message) for name in nested])
    sent = {name: values if name in ids else [_text(value) for value in values] for name, values in parts.items()}
    return MultiValueDict(sent)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def refuse_misplaced(data: MultiValueDict[str, Any], *forms: BaseForm) -> None:
    """Refuse what no form of these reads: names of no field, and several values where a field takes one. BadInput."""
    faults = []
    fields = {name: field for form in forms for name, field in form.fields.items()}
    for name in data:
        if name not in fields:
            message = _("There is no field of this name. Use one of: {names}.").format(names=", ".join(sorted(fields)))
            faults.append(Reason(code="unknown_field", field=name, message=message))
        elif len(data.getlist(name)) > 1 and not getattr(fields[name].widget, "allow_multiple_selected", False):
            faults.append(Reason(code="invalid", field=name, message=_("Give one value here.")))
    if faults:
        raise BadInput(reasons=faults)
