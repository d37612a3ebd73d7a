"""Files read as a person mapped their columns: by the same header under any source, without a header by the width."""

import hashlib
from collections.abc import Iterator, Sequence

from django.db.models import Q

from billing.choices import CallDirection, DurationSpelling, FeeUnit, SourceRole, TimeSpelling
from billing.errors import OwnNumberMissing
from billing.importers.details import NUMBER
from billing.importers.layout import Layout, Sample, column
from billing.models import UsageProfile
from billing.rules.numbers import Direction
from billing.rules.times import read_time
from cardfleet.kernel.reading import Unreadable
from cardfleet.kernel.tabular.header import normalise

# Values that say whose a call is; without one the number is given with the file or stands in its name.
OWNERS = frozenset({"own", "iccid", "imsi"})
DAY_OF_TIME = r"'^\s*(\d\d?)[-/.](\d\d?)[-/.](\d\d\d\d)'"
TIMES = {
    TimeSpelling.PLAIN: "{0}",
    TimeSpelling.DAY_FIRST: rf"regexp_replace({{0}}, {DAY_OF_TIME}, '\3-\2-\1')",
    TimeSpelling.MONTH_FIRST: rf"regexp_replace({{0}}, {DAY_OF_TIME}, '\3-\1-\2')",
    TimeSpelling.UTC: "CASE WHEN btrim({0}) = '' THEN '' ELSE btrim({0}) || 'Z' END",
}
COUNTED = r"CASE WHEN btrim({{0}}) ~ '^\d+(\.\d+)?$' THEN ({reckoned})::text ELSE {{0}} END"
DURATIONS = {
    DurationSpelling.SECONDS: "{0}",
    DurationSpelling.MINUTES: COUNTED.format(reckoned="ceil(btrim({0})::numeric * 60)"),
    DurationSpelling.MILLISECONDS: COUNTED.format(reckoned="ceil(btrim({0})::numeric / 1000)"),
}
EVERY = {CallDirection.OUT: "'out'", CallDirection.IN: "'in'"}
FEES = {
    FeeUnit.YUAN: "{0}",
    FeeUnit.FEN: COUNTED.format(reckoned="round(btrim({0})::numeric / 100, 4)"),
    FeeUnit.LI: COUNTED.format(reckoned="round(btrim({0})::numeric / 1000, 4)"),
}


def signature(header: Sequence[str]) -> str:
    """Return what is compared of a header: its names in their order, however spaced and written; empty without one."""
    names = [normalise(title) for title in header]
    return hashlib.sha256("\x1f".join(names).encode()).hexdigest() if any(names) else ""


def find(sample: Sample, *, source: str, wanted: str = "") -> Layout | None:
    """Return the layout by the mapping that fits, the source's own before another's; `wanted` names one.

    OwnNumberMissing where the mapping names no card and neither does the file.
    """
    headers = {signature(cells): line for line, cells in reversed(sample.rows) if any(cells)}
    for profile in _candidates(sample, list(headers), source, wanted):
        if profile.signature in headers:
            return layout_of(profile, sample, header_line=headers[profile.signature])
        if not profile.signature and _fits(profile, sample):
            return layout_of(profile, sample, header_line=0)
    return None


def layout_of(profile: UsageProfile, sample: Sample, *, header_line: int) -> Layout:
    """Return how a file is read by a mapping; `header_line` 0: it has none. OwnNumberMissing."""
    header = next((cells for line, cells in sample.rows if line == header_line), [])
    return Layout(
        format=profile.name,
        role=SourceRole(profile.role),
        width=profile.width,
        least=1 + max(profile.columns.values()),
        first_line=header_line + 1,
        values=_values(profile),
        titles={value: _title(header, index) for value, index in profile.columns.items()},
        header=header,
        own_number="" if OWNERS & profile.columns.keys() else _own_number(sample),
        period=sample.period,
        codes=dict(_codes(profile)),
    )


def _candidates(sample: Sample, signatures: list[str], source: str, wanted: str) -> list[UsageProfile]:
    by_width = Q(signature="", source__slug=source, width__in={len(cells) for _line, cells in sample.rows})
    profiles = UsageProfile.objects.filter(Q(signature__in=[one for one in signatures if one]) | by_width)
    if wanted:
        profiles = UsageProfile.objects.filter(name=wanted)
    own_first = sorted(profiles.select_related("source").order_by("-changed_at"), key=lambda p: p.source.slug != source)
    return sorted(own_first, key=lambda profile: not profile.signature)


def _fits(profile: UsageProfile, sample: Sample) -> bool:
    """Tell whether most rows have the width of a mapping without a header, and a time where it says."""
    rows = [cells for _line, cells in sample.rows if len(cells) == profile.width]
    return len(rows) * 2 > len(sample.rows) and sum(_is_time(cells, profile) for cells in rows) * 2 > len(rows)


def _is_time(cells: Sequence[str], profile: UsageProfile) -> bool:
    if profile.times in {TimeSpelling.DAY_FIRST, TimeSpelling.MONTH_FIRST} or "clock" in profile.columns:
        return any(letter.isdigit() for letter in cells[profile.columns["started"]])
    try:
        read_time(cells[profile.columns["started"]])
    except Unreadable as error:
        return error.code == "year_missing"
    return True


def _values(profile: UsageProfile) -> dict[str, str]:
    cell = {value: column(index) for value, index in profile.columns.items()}
    clock = cell.pop("clock", "")
    started = f"btrim({cell['started']}) || ' ' || btrim({clock})" if clock else cell["started"]
    cell["started"] = TIMES[TimeSpelling(profile.times)].format(started)
    cell["duration"] = DURATIONS[DurationSpelling(profile.durations)].format(cell["duration"])
    if "fee" in cell:
        cell["fee"] = FEES[FeeUnit(profile.fees)].format(cell["fee"])
    if profile.direction:
        cell["direction"] = EVERY[CallDirection(profile.direction)]
    return cell


def _title(header: Sequence[str], index: int) -> str:
    title = header[index].strip() if index < len(header) else ""
    return (title or f"#{index + 1}")[:40]


def _own_number(sample: Sample) -> str:
    in_name = NUMBER.search(sample.name)
    if not sample.own_number and not in_name:
        raise OwnNumberMissing
    return sample.own_number or f"+86{in_name[1] if in_name else ''}"


def _codes(profile: UsageProfile) -> Iterator[tuple[str, Direction]]:
    for word in _words(profile.out_words):
        yield word, "out"
    for word in _words(profile.in_words):
        yield word, "in"


def _words(text: str) -> list[str]:
    return [word.strip().lower() for word in text.replace("，", ",").replace("、", ",").split(",") if word.strip()]
