"""Small forms of dialogs: what they say, or a refusal that names what is wrong."""

from typing import Any

from django import forms

from cardfleet.kernel.errors import BadInput, Reason


def usable(form: forms.Form) -> dict[str, Any]:
    """Return what a form says. BadInput names each field that cannot be used."""
    if form.is_valid():
        return form.cleaned_data
    raise BadInput(
        reasons=[
            Reason(code="invalid", message=" ".join(map(str, errors)), field=name)
            for name, errors in form.errors.items()
        ]
    )
