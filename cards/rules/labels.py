"""The sheets and rolls that labels are printed on. Sizes are millimetres; the style sheet has a class a layout."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Text

MOST_LABELS = 500
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A label stock: its name, how many labels a page holds (1 on a roll), and the size of one."""

    slug: str
    name: Text
    a_page: int
    width_mm: float
    height_mm: float


LAYOUTS = {
    layout.slug: layout
    for layout in (
        Layout(slug="a4-24", name=_("A4 sheet, 24 labels of 70 × 37 mm"), a_page=24, width_mm=70, height_mm=37),
        Layout(slug="a4-65", name=_("A4 sheet, 65 labels of 38.1 × 21.2 mm"), a_page=65, width_mm=38.1, height_mm=21.2),
        Layout(slug="roll-50", name=_("Roll, 50 × 30 mm"), a_page=1, width_mm=50, height_mm=30),
        Layout(slug="roll-40", name=_("Roll, 40 × 20 mm"), a_page=1, width_mm=40, height_mm=20),
    )
}


def paged(things: Sequence[T], a_page: int, *, used: int = 0) -> Iterator[list[T | None]]:
    """Yield what stands on each page; the first `used` places of the first page are empty (None)."""
    places = [None] * (used % a_page) + list(things)
    for start in range(0, len(places), a_page):
        yield places[start : start + a_page]
