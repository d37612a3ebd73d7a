"""Asterisk's `Master.csv` of cdr_custom, as its shipped template writes it: 18 or 19 columns without a header.

The columns of cdr_csv in another order (formats.md 4.4), but for `linkedid`: the legs of a call share `uniqueid`.
"""

from django.utils.translation import gettext_lazy as _

from billing.importers.asterisk import by_place
from billing.importers.layout import Format, Layout, Sample

NAME = "asterisk_custom"
COLUMNS = (
    "clid", "src", "dst", "dcontext", "channel", "dstchannel", "lastapp", "lastdata", "start", "answer", "end",
    "duration", "billsec", "disposition", "amaflags", "accountcode", "uniqueid", "userfield", "sequence",
)  # fmt: skip
LEAST = 18


def recognise(sample: Sample) -> Layout | None:
    """Return the layout when most of the first rows are of this form."""
    return by_place(sample, COLUMNS, name=NAME, least=LEAST)


FORMAT = Format(name=NAME, label=_("Asterisk cdr_custom"), recognise=recognise)
