"""What jobs refuse."""

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Refusal


class NothingToRetry(Refusal):
    """The job has not ended, or no row of it was refused."""

    code = "nothing_to_retry"
    sentence = _("No row of this job was refused, or it still runs. There is nothing to try again.")


class NothingToUndo(Refusal):
    """The job still runs, its kind cannot be undone, or all of it was undone."""

    code = "nothing_to_undo"
    sentence = _("There is nothing of this job that could be undone: it still runs, or it was undone already.")


class KeyInUse(Refusal):
    """A request with the same Idempotency-Key is still being answered."""

    code = "idempotency_key_in_use"
    retry_after = 5
    sentence = _("The same request is still being done. Wait a little, and send it again with the same key.")


class KeyReused(Refusal):
    """An Idempotency-Key came again with another request."""

    code = "idempotency_key_reused"
    status = 422
    sentence = _("This Idempotency-Key belongs to another request. Send a new key with a new request.")
