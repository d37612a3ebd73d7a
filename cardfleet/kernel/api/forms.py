"""A page's form as the body of an operation: the same fields, limits and checks, so that both take the same.

`asks(PlanForm)` is the serializer, for the schema and for types; `filled(request, PlanForm, ...)` the valid form.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeAlias, TypeVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model
from rest_framework.fields import Field
from rest_framework.request import Request

from cardfleet.kernel.api import serializers
from cardfleet.kernel.errors import BadInput, Reason

Form = TypeVar("Form", bound=forms.Form)
AnyField: TypeAlias = Field[Any, Any, Any, Any]
LONGEST = 100_000


def filled(request: Request, form: type[Form], *, begins: Mapping[str, Any] | None = None, **by: Any) -> Form:
    """Return the form filled with what was sent, valid; BadInput and DRF's ValidationError name the fields.

    What is not sent is as in `begins`, where that is given: an edit names only what it changes. `by` is what the form
    is made with, as the person who asks.
    """
    kind = asks(form, partly=begins is not None)
    read = kind(data=request.data, context={"request": request})
    read.is_valid(raise_exception=True)
    given = {name: _as_sent(value) for name, value in {**(begins or {}), **read.validated_data}.items()}
    files: Any = {name: value for name, value in given.items() if isinstance(value, UploadedFile)}
    bound = form(data=given, files=files, **by)
    cleaned(bound)
    return bound


def cleaned(*filled_in: forms.BaseForm) -> list[dict[str, Any]]:
    """Return the values of forms; BadInput names each field that does not hold."""
    faults = [
        Reason(code=fault.code or "invalid", message=" ".join(fault.messages), field="" if name == "__all__" else name)
        for form in filled_in
        for name, errors in form.errors.items()
        for fault in errors.as_data()
    ]
    if faults:
        raise BadInput(reasons=faults)
    return [form.cleaned_data for form in filled_in]


@cache
def asks(form: type[forms.Form], *, partly: bool = False) -> type[serializers.Serializer[Any]]:
    """Return the serializer of what a form asks, in the form's own words; `partly` of an edit, which asks for nothing.

    Its name in the schema has the form's app, since forms of several apps are named alike.
    """
    app = form.__module__.removeprefix("cardfleet.").partition(".")[0]
    named = f"{app.capitalize()}{form.__name__.removesuffix('Form')}{'Changes' if partly else 'Given'}Serializer"
    fields = {name: _field(field, asked=field.required and not partly) for name, field in form.base_fields.items()}
    return type(named, (serializers.Serializer,), {"__doc__": form.__doc__, "__module__": form.__module__, **fields})


def _field(field: forms.Field, *, asked: bool) -> AnyField:
    """Return what an operation asks where a page asks a field; the form checks it once more."""
    usual = field.initial if isinstance(field.initial, str | int) else None
    common: dict[str, Any] = {"required": asked and usual is None, "help_text": field.help_text or field.label or None}
    if asked and usual is not None:
        common["default"] = usual
    make = next(make for kind, make in KINDS if isinstance(field, kind))
    return make(field, common)


def _text(field: Any, common: dict[str, Any]) -> AnyField:
    longest = field.max_length or LONGEST
    return serializers.CharField(max_length=longest, allow_blank=not field.required, **common)


def _whole(field: Any, common: dict[str, Any]) -> AnyField:
    least, most = field.min_value, field.max_value
    return serializers.IntegerField(
        min_value=-serializers.LARGEST_ID if least is None else least,
        max_value=serializers.LARGEST_ID if most is None else most,
        allow_null=not field.required,
        **common,
    )


def _amount(field: Any, common: dict[str, Any]) -> AnyField:
    return serializers.DecimalField(
        max_digits=field.max_digits or 13,
        decimal_places=2 if field.decimal_places is None else field.decimal_places,
        min_value=field.min_value,
        max_value=field.max_value,
        allow_null=not field.required,
        **common,
    )


def _choice(field: Any, common: dict[str, Any]) -> AnyField:
    choices = [one for one in _flat(field.choices) if one[0] not in ("", None)]
    return serializers.ChoiceField(choices=choices, allow_blank=not field.required, **common)


def _choices(field: Any, common: dict[str, Any]) -> AnyField:
    child = serializers.ChoiceField(choices=list(_flat(field.choices)))
    return serializers.ListField(child=child, max_length=500, allow_empty=not field.required, **common)


def _row(field: Any, common: dict[str, Any]) -> AnyField:
    return serializers.InScope(queryset=_all(field), allow_null=not field.required, **common)


def _rows(field: Any, common: dict[str, Any]) -> AnyField:
    child = serializers.InScope(queryset=_all(field))
    return serializers.ListField(child=child, max_length=500, allow_empty=not field.required, **common)


def _all(field: Any) -> Any:
    """Return all rows of the kind a field is about; the form says which of them may be chosen."""
    return field.queryset.model._default_manager.all()  # noqa: SLF001 - documented


def _simple(kind: type[Any], **options: Any) -> Callable[[Any, dict[str, Any]], AnyField]:
    return lambda field, common: kind(allow_null=not field.required, **options, **common)


def _flat(choices: Any) -> Any:
    """Yield the choices, those in groups as well."""
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield value, label


# A kind of field of a form, and what becomes of it; the first that fits.
KINDS: tuple[tuple[type[forms.Field], Callable[[Any, dict[str, Any]], AnyField]], ...] = (
    (forms.ModelMultipleChoiceField, _rows),
    (forms.ModelChoiceField, _row),
    (forms.MultipleChoiceField, _choices),
    (forms.ChoiceField, _choice),
    (forms.DecimalField, _amount),
    (forms.IntegerField, _whole),
    (forms.DateTimeField, _simple(serializers.DateTimeField)),
    (forms.DateField, _simple(serializers.DateField)),
    (forms.TimeField, _simple(serializers.TimeField)),
    (forms.BooleanField, lambda _field, common: serializers.BooleanField(**common)),
    (forms.FileField, _simple(serializers.FileField, max_length=255)),
    (forms.CharField, _text),
)


def _as_sent(value: Any) -> Any:
    """Return a value as a form reads it: rows by id."""
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, list | tuple):
        return [_as_sent(one) for one in value]
    return value
