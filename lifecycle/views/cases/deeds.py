"""What people do about a case beside its steps: each with its right, its form and the one service it calls."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import Form

from cardfleet.accounts.models import User
from lifecycle.forms.cases import AssignForm, AttachForm, CommentForm, ContactForm, EscalateForm
from lifecycle.models import Case
from lifecycle.playbooks.registry import VIEW, WORK
from lifecycle.services import cases as services


@dataclass(frozen=True, kw_only=True)
class Deed:
    """`service` is called with the values of the form by their names."""

    right: str
    form: Callable[..., Form]
    service: Callable[..., object]


DEEDS: Mapping[str, Deed] = {
    "contact": Deed(right=WORK, form=ContactForm, service=services.record_contact),
    "comment": Deed(right=VIEW, form=CommentForm, service=services.comment),
    "assign": Deed(right=WORK, form=AssignForm, service=services.assign),
    "escalate": Deed(right=WORK, form=EscalateForm, service=services.escalate),
    "attach": Deed(right=WORK, form=AttachForm, service=services.attach_proof),
}


def form_of(name: str, case: Case, person: User, *sent: Any) -> Form:
    """Return the form of a deed with what was sent; what it offers is the person's and the case's."""
    beside: dict[str, Any] = {}
    if name == "assign":
        beside = {"asking": person, "initial": {"person": case.assignee_id}}
    elif name == "attach":
        beside = {"case": case}
    elif name == "escalate":
        beside = {"initial": {"level": case.level + 1}}
    return DEEDS[name].form(*sent, **beside)
