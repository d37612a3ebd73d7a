"""How long data is kept at the least, and from when on it is (domain.md section 2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from billing.choices import RetainedData
from cardfleet.kernel.clock import month_start
from cardfleet.kernel.errors import Text


@dataclass(frozen=True)
class Floor:
    """The months below which nobody may set a retention, what a new installation begins with, and why."""

    months: int
    default: int
    basis: Text


# Logs six months: 网络安全法 21(3). A call centre's caller, callee and time thirty days: MIIT 2020-06. Carriers keep
# raw billing data five months, so that what a dispute needs is ours to keep. PIPL: no longer than needed. What callees
# said is kept as long as it holds; its months begin when it ended.
FLOORS: Mapping[str, Floor] = {
    RetainedData.CALLS: Floor(6, 24, _("Network logs are kept six months at least (Cybersecurity Law, art. 21).")),
    RetainedData.REJECTS: Floor(2, 6, _("Caller, callee and time are kept 30 days at least (MIIT notice, 2020-06).")),
    RetainedData.FILES: Floor(6, 24, _("The carrier keeps raw details five months; disputes need the original.")),
    RetainedData.REVOKED: Floor(6, 24, _("Network logs are kept six months at least (Cybersecurity Law, art. 21).")),
    RetainedData.SIGNALS: Floor(6, 24, _("Network logs are kept six months at least (Cybersecurity Law, art. 21).")),
    RetainedData.CONSENTS: Floor(60, 60, _("Proof of consent is kept five years at least (Shanghai, art. 31).")),
    RetainedData.REFUSALS: Floor(6, 24, _("A list of refusals is kept six months at least (insurance sales, 2013).")),
}


def kept_from(on: date, months: int) -> date:
    """Return the first day that is kept: this month and so many whole months before it."""
    index = on.year * 12 + on.month - 1 - months
    return month_start(date(index // 12, index % 12 + 1, 1))
