"""The administration's two kinds of pages: those whose saves go through a service, and those that only show.

No save of the administration touches a model itself, so that each is locked, checked and journalled as everywhere.
"""

from typing import Any, Generic, TypeVar, cast

from django.db.models import Model, QuerySet
from django.forms import BaseForm, ModelForm
from django.http import HttpRequest, HttpResponse
from unfold.admin import ModelAdmin

from cardfleet.kernel.errors import Refusal
from cardfleet.kernel.forms import add_refusal

M = TypeVar("M", bound=Model)


class ScopedAdmin(ModelAdmin, Generic[M]):  # type: ignore[misc]
    """Shows what the person may see anywhere else, and deletes nothing."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[M]:
        """Return the rows in the person's scope, where the model knows scopes."""
        rows: QuerySet[M] = super().get_queryset(request)
        return rows.visible_to(request.user) if hasattr(rows, "visible_to") else rows

    def has_delete_permission(self, _request: HttpRequest, _obj: M | None = None) -> bool:
        """Answer no: what was once true stays."""
        return False


class ReadOnlyAdmin(ScopedAdmin[M]):
    """Shows rows that only services write."""

    def has_add_permission(self, _request: HttpRequest, _obj: M | None = None) -> bool:
        """Answer no."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: M | None = None) -> bool:
        """Answer no."""
        return False


class ServiceModelAdmin(ScopedAdmin[M]):
    """Saves through a service: a subclass gives `create` and `change`, each one call of a service.

    A refusal comes back as an error of the form, with everything that was entered still in it. `form.cleaned_data`
    is what the service is given; many-to-many fields are the service's to write, too.
    """

    def create(self, request: HttpRequest, given: dict[str, Any]) -> M:
        """Make the row by a service and return it."""
        raise NotImplementedError

    def change(self, request: HttpRequest, row: M, given: dict[str, Any]) -> M:
        """Change the row by a service and return it."""
        raise NotImplementedError

    def save_form(self, request: HttpRequest, form: "ModelForm[M]", change: bool) -> M:  # noqa: FBT001 - Django's
        """Hand what was entered to the service, and go on with what it stored."""
        if change:
            row = self.get_queryset(request).get(pk=form.instance.pk)
            form.instance = self.change(request, row, form.cleaned_data)
        else:
            form.instance = self.create(request, form.cleaned_data)
        return form.instance

    def save_model(self, request: HttpRequest, obj: M, form: "ModelForm[M]", change: bool) -> None:  # noqa: FBT001
        """Do nothing more: the service has stored the row."""

    def save_related(self, request: HttpRequest, form: "ModelForm[M]", formsets: Any, change: bool) -> None:  # noqa: FBT001
        """Do nothing more: the service has stored what belongs to the row."""

    def construct_change_message(self, *_args: Any, **_kwargs: Any) -> list[dict[str, Any]]:
        """Leave the telling to the journal, also of rows beside the main one."""
        return []

    def log_addition(self, request: HttpRequest, obj: M, message: Any) -> None:
        """Leave the telling to the journal."""

    def log_change(self, request: HttpRequest, obj: M, message: Any) -> None:
        """Leave the telling to the journal."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form, again with the refusal when the service refused what was entered."""
        try:
            response: HttpResponse = super().changeform_view(request, *args, **kwargs)
        except Refusal as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]
            response = super().changeform_view(request, *args, **kwargs)
        return response

    def get_form(self, request: HttpRequest, obj: M | None = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        """Return the form, carrying the refusal where there was one."""
        form = super().get_form(request, obj, change, **kwargs)
        refusal = getattr(request, "refusal", None)
        return type(form.__name__, (_Refused, form), {"refusal": refusal}) if refusal else form


class _Refused:
    """Makes a form invalid for the reason a service gave."""

    refusal: Refusal

    def clean(self) -> dict[str, Any] | None:
        """Say why, beside the fields the reasons name."""
        cleaned: dict[str, Any] | None = super().clean()  # type: ignore[misc]
        add_refusal(cast("BaseForm", self), self.refusal)
        return cleaned
