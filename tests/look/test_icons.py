"""The sprite and the copies of third-party files."""

import re

import pytest
from django.conf import settings

from cardfleet import assets
from cardfleet.kernel.ui import FAMILIES

VENDOR = settings.BASE_DIR / "static" / "vendor"
ROOTS = [settings.BASE_DIR / root for root in assets.ICON_ROOTS]


def test_every_icon_named_is_in_the_sprite():
    """`make assets` was run since the last icon was named."""
    held = set(re.findall(r'<symbol id="([^"]+)"', (VENDOR / "icons.svg").read_text("utf-8")))
    named = set(assets.named_icons(ROOTS))
    shown = {look.icon for family in FAMILIES.values() for look in family.values()}
    assert named - held == set()
    assert shown - held == set()


def test_unknown_icon_is_refused_with_the_file_that_names_it(tmp_path):
    """A typing error is found when the sprite is made, not on the page."""
    page = tmp_path / "page.html"
    page.write_text('{% icon "no-such-icon" %}', "utf-8")
    with pytest.raises(assets.AssetError, match=r"no-such-icon \(.*page\.html\)"):
        assets.sprite(assets.named_icons([tmp_path]), assets.ICON_SOURCES)


def test_copies_are_two_megabytes_with_their_licences_and_no_source_maps():
    """Manifest storage would look for the maps."""
    files = [path for path in VENDOR.rglob("*") if path.is_file()]
    assert 1_000_000 < sum(path.stat().st_size for path in files) < 2_500_000
    assert {path.name for path in VENDOR.glob("licences/*")} == set(assets.LICENCES)
    assert not [path for path in files if b"sourceMappingURL" in path.read_bytes()]


def test_lock_names_no_registry():
    """The lock is the same wherever the packages came from."""
    assert "resolved" not in (settings.BASE_DIR / "package-lock.json").read_text("utf-8")
