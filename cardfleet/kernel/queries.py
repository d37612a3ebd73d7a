"""What is asked of a report by its address: its page, its files and the API read the same words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from cardfleet.kernel.api.filters import unknown_parameter
from cardfleet.kernel.errors import BadInput, Reason


class Query(forms.Form):
    """The words of an address; a report adds those it knows. All may be left out."""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    @classmethod
    def read(cls, data: Mapping[str, Any], *, today: date) -> dict[str, Any]:
        """Return what is asked. BadInput names what cannot be used, and names that are none."""
        query = cls(data, today=today)
        unknown = [unknown_parameter(name, set(query.fields)) for name in data if name not in query.fields]
        if unknown or not query.is_valid():
            wrong = [
                Reason(code="invalid", message=" ".join(map(str, errors)), field=name)
                for name, errors in query.errors.items()
            ]
            raise BadInput(reasons=[*unknown, *wrong])
        return query.cleaned_data
