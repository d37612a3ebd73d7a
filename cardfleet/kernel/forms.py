"""What a service refused, told beside the fields of the form it came from."""

from django.forms import BaseForm

from cardfleet.kernel.errors import Refusal


def add_refusal(form: BaseForm, refusal: Refusal) -> None:
    """Say on a form why its values were refused, each reason beside the field it names."""
    form.add_error(None, str(refusal))
    for reason in refusal.reasons:
        field = reason.field if reason.field in form.fields else None
        form.add_error(field, f"{reason.message} {reason.clears}".strip())
