"""The known formats, the more particular first: a general one would take their files for its own."""

from dataclasses import replace

from billing.errors import UnknownFormat
from billing.importers import (
    android,
    asterisk,
    asterisk_custom,
    china_mobile,
    china_telecom,
    china_telecom_columns,
    china_unicom,
    freeswitch,
    generic,
    normalised,
)
from billing.importers.layout import Format, Layout, Sample
from cardfleet.kernel.errors import BadInput, Text

FORMATS: tuple[Format, ...] = (
    normalised.FORMAT,
    china_mobile.FORMAT,
    china_unicom.FORMAT,
    china_telecom.FORMAT,
    china_telecom_columns.FORMAT,
    generic.FORMAT,
    asterisk.FORMAT,
    asterisk_custom.FORMAT,
    freeswitch.FORMAT,
    android.FORMAT,
)


def names() -> list[str]:
    """Return the names that `--format` takes."""
    return [known.name for known in FORMATS]


def choices() -> list[tuple[str, Text]]:
    """Return the names with their labels, for people to choose from."""
    return [(known.name, known.label) for known in FORMATS]


def find(sample: Sample, wanted: str = "") -> Layout:
    """Return the layout of a file, by the wanted format or the first that recognises it.

    UnknownFormat when none does; where one almost does, its BadInput, which names the column that lacks.
    """
    if wanted and wanted not in names():
        raise UnknownFormat
    nearest: BadInput | None = None
    for known in FORMATS:
        if wanted in ("", known.name):
            try:
                layout = known.recognise(replace(sample, chosen=bool(wanted)))
            except BadInput as error:
                nearest = _nearer(nearest, error)
            else:
                if layout:
                    return layout
    raise nearest or UnknownFormat()


def _nearer(first: BadInput | None, second: BadInput) -> BadInput:
    """Return the refusal with fewer reasons: the format of which fewer columns lack."""
    return second if first is None or len(second.reasons) < len(first.reasons) else first
