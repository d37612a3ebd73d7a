"""What CardFleet says when it will not do a thing: a code for programs and a sentence for people (rule 6)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One unmet condition: what it is, and what would clear it.

    `clear_url` names where the clearing is done, when a page for it exists.
    """

    code: str
    message: Text
    clears: Text = ""
    clear_url: str = ""
    field: str = ""
    line: int | None = None
    column: str = ""
    value: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the set fields as plain JSON, texts in the active language."""
        facts = asdict(self)
        return {name: str(value) if isinstance(value, Promise) else value for name, value in facts.items() if value}


@dataclass(kw_only=True)
class Refusal(Exception):
    """Base of every anticipated refusal. Subclass it with a `code`, a `status` and a default sentence."""

    message: Text = ""
    reasons: Sequence[Reason] = ()
    context: Mapping[str, Any] = field(default_factory=dict)

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    retry_after: ClassVar[int] = 0  # seconds; 0 where coming again is no use
    sentence: ClassVar[Text] = _("This cannot be done now. See the reasons for what would allow it.")

    def __post_init__(self) -> None:
        self.message = self.message or self.sentence
        super().__init__(str(self.code))

    def __str__(self) -> str:
        return str(self.message)

    def as_json(self) -> dict[str, Any]:
        """Return the one shape of every error answer: code, message, details (design, section 8)."""
        return {
            "code": self.code,
            "message": str(self.message),
            "details": [reason.as_json() for reason in self.reasons],
        }


class BadInput(Refusal):
    """What was sent cannot be read or breaks a rule of the data; `reasons` name field, line and column."""

    code = "bad_input"
    status = 400
    sentence = _("Some of what was sent cannot be used. Correct the places named and send it again.")


class NotAllowed(Refusal):
    """The person may see the thing but not do this with it."""

    code = "not_allowed"
    status = 403
    sentence = _("Your role does not allow this. Ask an administrator if you need it.")


class TokenReadsOnly(NotAllowed):
    """The API token may read, and nothing else."""

    code = "token_reads_only"
    sentence = _("This token may only read. Use one that may change things.")


class TokenTooNarrow(NotAllowed):
    """The API token is for other areas."""

    code = "token_too_narrow"
    sentence = _("This token is for other areas. Use one that is for this too.")


class NotVisible(Refusal):
    """The thing does not exist or lies outside the person's scope; the answer is the same."""

    code = "not_found"
    status = 404
    sentence = _("There is nothing here, or it is outside your scope.")


class Conflict(Refusal):
    """Somebody else changed the thing first."""

    code = "conflict"
    status = 409
    sentence = _("Somebody changed this at the same moment. Reload and look before you try again.")


class Stale(Refusal):
    """The thing is no longer as the caller saw it, and the caller asked to be told."""

    code = "stale"
    status = 412
    sentence = _("This was changed after you read it. Read it again, and send what should still be done.")


class TooLarge(Refusal):
    """More was sent at once than is read; nothing of it was."""

    code = "too_large"
    status = 413
    sentence = _("More was sent than is read at once. Send it in parts.")
