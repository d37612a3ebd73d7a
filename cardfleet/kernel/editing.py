"""Putting values on a model instance the way a form does: what differs, checked whole, refused by field."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models

from cardfleet.kernel.errors import BadInput, Reason


def assign(thing: models.Model, changes: Mapping[str, Any], *, editable: AbstractSet[str]) -> list[str]:
    """Set the values that differ on a new or locked instance, check it whole, return the names of what changed.

    `editable` is what the calling service lets people write; another name is a defect of the caller (KeyError).
    BadInput names each field that does not hold. Nothing is saved.
    """
    if unknown := set(changes) - editable:
        raise KeyError(f"not editable here: {', '.join(sorted(unknown))}")
    changed = [name for name, value in changes.items() if getattr(thing, name, None) != value]
    for name in changed:
        setattr(thing, name, changes[name])
    check(thing)
    return sorted(changed)


def check(thing: models.Model) -> None:
    """Refuse an instance whose fields or constraints do not hold, with one reason a fault.

    A column that may be null may be left so, whether or not a form would ask for it.
    """
    unset = {
        field.name
        for field in thing._meta.concrete_fields
        if field.null and not field.blank and field.value_from_object(thing) is None
    }
    try:
        thing.full_clean(exclude=unset)
    except ValidationError as error:
        raise BadInput(reasons=_reasons(error)) from error


def _reasons(error: ValidationError) -> list[Reason]:
    return [
        Reason(
            code=fault.code or "invalid",
            message=" ".join(fault.messages),
            field="" if name == NON_FIELD_ERRORS else name,
        )
        for name, faults in error.error_dict.items()
        for fault in faults
    ]
