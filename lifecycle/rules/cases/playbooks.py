"""What a playbook may not be, whoever writes it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason


def wrong_steps(steps: Sequence[Mapping[str, Any]], *, kept: Collection[str]) -> Iterator[Reason]:
    """Yield what is wrong with the steps of a playbook; `kept` are codes that hold a card back and have to stay."""
    codes = [step["code"] for step in steps]
    if not steps:
        yield Reason(code="no_steps", message=_("A playbook has at least one step."))
    if len(set(codes)) < len(codes):
        yield Reason(code="code_twice", message=_("Two steps have the same code."), field="code")
    if missing := sorted(set(kept) - {step["code"] for step in steps if step["holds"] and step["is_gate"]}):
        message = _("These steps hold a card back until compliance releases it and have to stay so: {codes}.")
        yield Reason(code="hold_missing", message=format_lazy(message, codes=", ".join(missing)))
    for step in steps:
        if step["holds"] and not step["is_gate"]:
            yield Reason(
                code="hold_is_no_gate", message=_("A step that holds the card back is a gate."), field="is_gate"
            )
        if step["awaits"] and step["people"] > 1:
            yield Reason(
                code="awaits_two",
                message=_("What the card's state does by itself needs no second person."),
                field="people",
            )
