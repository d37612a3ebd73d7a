"""Asking for a bulk job: what page and API share."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from cardfleet.accounts.models import User
from cardfleet.jobs.models import Job
from cardfleet.jobs.services import start_job
from cardfleet.kernel.errors import BadInput, NotAllowed, Reason
from cardfleet.kernel.forms import as_sent
from lifecycle.bulk.registry import BulkAction, BulkForm, action_named, actions_of
from lifecycle.bulk.selection import Selection, refuse_number, selected
from lifecycle.errors import UnknownAction


def allowed_action(name: str, person: User) -> BulkAction:
    """Return an action the person has the right to. UnknownAction names those, NotAllowed."""
    action = action_named(name)
    if action is None:
        known = ", ".join(one.name for one in actions_of(person))
        text = _("There is no such action. Yours are: %(names)s.")
        raise UnknownAction(message=text % {"names": known})
    if not person.has_perm(action.right):
        raise NotAllowed
    return action


def count(selection: Selection, person: User) -> int:
    """Return of how many cards the question speaks: those in scope."""
    return selected(selection, person).order_by().count()


def ask_bulk(*, action: BulkAction, selection: Selection, given: Mapping[str, Any], actor: User, now: datetime) -> Job:
    """Ask for an action on cards and return its job, waiting; the edge that asks enqueues it.

    BadInput for values the form refuses; SelectionChanged, NothingSelected, TooManyCards as the job itself would.
    """
    checked(action, given, actor)
    found = count(selection, actor)
    shown = selection.shown if selection.shown is not None or selection.filter is None else found
    refuse_number(found, shown)
    asked = Selection(ids=selection.ids, filter=selection.filter, shown=shown)
    params = {"given": {name: value for name, value in given.items() if value not in ("", None)}, **asked.as_params()}
    return start_job(kind=action.kind, owner=actor, params=params, now=now)


def checked(action: BulkAction, given: Mapping[str, Any], person: User) -> dict[str, Any]:
    """Return the values of an action's form as it understands them, in the person's scope. BadInput."""
    ids = [name for name, field in action.form.base_fields.items() if getattr(field, "takes_ids", False)]
    form: BulkForm = action.form(as_sent(given, ids=ids), person=person)
    if unknown := set(given) - set(form.fields):
        message = _("This action takes no such value.")
        raise BadInput(reasons=[Reason(code="unknown_field", field=name, message=message) for name in sorted(unknown)])
    if form.is_valid():
        return dict(form.cleaned_data)
    raise BadInput(
        reasons=[
            Reason(code=error.code or "invalid", field=name, message=" ".join(error.messages))
            for name, errors in form.errors.as_data().items()
            for error in errors
        ]
    )
