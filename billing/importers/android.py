"""An Android phone's call log, `calls-*.xml` of SMS Backup & Restore (formats.md 4.4); or as CSV of the same names.

A phone with two SIM cards says of each call by which `subscription_id` it went: an ICCID, which names the card, or a
name that the source's aliases explain. Only a phone with one SIM card may leave that to the number given with the
file: else the calls of the agent's own SIM card would become the company's.
"""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from billing.choices import SourceRole
from billing.errors import OwnNumberMissing
from billing.importers import switches
from billing.importers.details import stated_number
from billing.importers.headed import named, read_header
from billing.importers.layout import Format, Layout, Sample, constant
from billing.rules.numbers import ANDROID_CODES

NAME = "android_calls"
ALIASES = {
    "counterpart": ("number",),
    "duration": ("duration",),
    "started": ("date",),
    "direction": ("type",),
    "presentation": ("presentation",),
    "subscription": ("subscription_id",),
    "name": ("contact_name",),
}
REQUIRED = ("counterpart", "duration", "started", "direction", "presentation")
ICCID = "'^89[0-9]{4}[0-9A-Za-z]{13,14}$'"


def recognise(sample: Sample) -> Layout | None:
    """Return where the values stand; OwnNumberMissing where nothing says whose calls they are."""
    header = read_header(sample, ALIASES, REQUIRED)
    if header is None:
        return None
    own_number = stated_number(sample)
    if "subscription" not in header and not own_number:
        raise OwnNumberMissing
    layout = named(header, sample, name=NAME, role=SourceRole.PHONE, own_number=own_number)
    values, kind = dict(layout.values), layout.values["direction"]
    withheld = f"{values['presentation']} IN ('2', '3', '4') OR {values['counterpart']} ~ '^''?-[0-9]$'"
    values["counterpart"] = f"CASE WHEN {withheld} THEN '' ELSE {values['counterpart']} END"
    values["answered"] = f"CASE WHEN {kind} IN ('3', '4', '5', '6') THEN 'no' ELSE '' END"
    values.pop("name", None)
    if "subscription" in values:
        values["own"] = _own(values.pop("subscription"), own_number)
    titles = {**layout.titles, "own": layout.titles.get("subscription", "msisdn")}
    return replace(layout, values=values, titles=titles, codes=ANDROID_CODES)


def _own(subscription: str, own_number: str) -> str:
    """Return SQL for whose a call is: by its subscription, or the number given where the phone has but one."""
    known = switches.first_known([subscription], switches.EXTENSIONS)
    iccid = f"CASE WHEN {subscription} ~ {ICCID} THEN {subscription} END"
    told = f"nullif(nullif({subscription}, 'null'), '-1')"
    several = f"(SELECT count(DISTINCT nullif({told}, '')) > 1 FROM usage_stage)"
    given = constant(own_number)
    return f"coalesce({known}, {iccid}, CASE WHEN {given} = '' OR {several} THEN {subscription} ELSE {given} END)"


FORMAT = Format(name=NAME, label=_("Android call log (SMS Backup & Restore)"), recognise=recognise)
