"""What CardFleet is built from: every package is pinned, proven by hashes, installed as locked, and free to use."""

import re
from importlib import metadata

import pytest
from django.conf import settings

FOLDER = settings.BASE_DIR / "requirements"
PIN = re.compile(
    r"^([A-Za-z0-9._-]+)==(\S+)((?: ;[^\\\n]*)?) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)
FREE = re.compile(
    r"\b(MIT|BSD|Apache|PSF|Python Software Foundation|ISC|MPL|Mozilla|LGPL|Lesser General|Unlicense|0BSD|HPND"
    r"|Historical Permission|Zope|CC0|Public Domain|Expat|GPL|General Public)\b"
)


def pins(name: str) -> dict[str, set[str]]:
    """Return the versions of each package that a lock file pins: one, or one for each Python."""
    found: dict[str, set[str]] = {}
    for match in PIN.finditer((FOLDER / name).read_text("utf-8")):
        found.setdefault(match[1], set()).add(match[2])
    return found


@pytest.mark.parametrize("name", ["base.txt", "dev.txt"])
def test_every_package_is_pinned_and_proven_by_hashes(name: str) -> None:
    """Nothing else stands in the file: no address, no local path, no version that may change."""
    text = (FOLDER / name).read_text("utf-8")
    assert PIN.sub("", text).strip() == ""
    assert len(pins(name)) > 50
    assert "://" not in text


def test_what_runs_in_production_is_what_was_tested() -> None:
    """The packages of the image stand in the other lock file with the same versions."""
    tested = pins("dev.txt")
    assert {one: versions for one, versions in pins("base.txt").items() if tested.get(one) != versions} == {}


def test_packages_are_installed_as_locked_under_a_licence_that_lets_us() -> None:
    wrong = {}
    for name, versions in pins("base.txt").items():
        try:
            about = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue  # of another system or Python, by its marker
        texts = [
            metadata.distribution(name).read_text(f"licenses/{file}") for file in about.get_all("License-File", [])
        ]
        given = [about.get("License-Expression") or about.get("License"), *about.get_all("Classifier", []), *texts]
        said = " ".join(filter(None, given))
        if about["Version"] not in versions or not FREE.search(said):
            wrong[name] = (versions, about["Version"], said[:80])
    assert wrong == {}
