"""What makes a contact one that can be relied on: words, and a moment that can be."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason


def unmet_of_contact(*, said: str, at: datetime, opened_at: datetime, now: datetime) -> Iterator[Reason]:
    """Yield what is wrong with a contact."""
    if not said.strip():
        yield Reason(code="words_missing", message=_("Write what was said."), field="said")
    if at > now:
        yield Reason(code="in_the_future", message=_("This has not happened yet. Correct the time."), field="at")
    elif at < opened_at.replace(second=0, microsecond=0):
        yield Reason(code="dates_run_backwards", message=_("The case was opened later than this."), field="at")
