"""What CardFleet reads from its environment: found in the code, explained in `.env.example` (docs/settings.md)."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# Read or set on the way, by no one who runs CardFleet.
INTERNAL = frozenset({"DJANGO_SETTINGS_MODULE", "PROMETHEUS_MULTIPROC_DIR"})
PACKAGES = ("cardfleet", "cards", "agents", "billing", "lifecycle")
NAME = re.compile(r"[A-Z][A-Z0-9_]+")
SECTION = re.compile(r"# --- (.+) ---")
LINE = re.compile(r"(# )?([A-Z][A-Z0-9_]+)=(.*)")
OF_COMPOSE = re.compile(r"\$\{([A-Z_]+):\?")


@dataclass(frozen=True)
class Setting:
    """A name of the environment: `default` as people would write it, None where one has to be given."""

    name: str
    default: str | None


@dataclass(frozen=True)
class Explained:
    """What `.env.example` says of a name; `given` ones have no "#" before them and are to be filled in."""

    name: str
    section: str
    meaning: str
    example: str
    given: bool


def read_by_code(root: Path) -> dict[str, Setting]:
    """Return every name the code or docker-compose.yml reads, the settings' own reading first."""
    found: dict[str, Setting] = {}
    for path in [root / "cardfleet" / "settings.py", root / "gunicorn.conf.py", *_modules(root)]:
        text = path.read_text("utf-8")
        if "environ" in text or "env." in text:
            for one in _read_in(ast.parse(text)):
                found.setdefault(one.name, one)
    for name in OF_COMPOSE.findall((root / "docker-compose.yml").read_text("utf-8")):
        found.setdefault(name, Setting(name, None))
    return found


def explained(root: Path) -> Iterator[Explained]:
    """Yield what `.env.example` says, in its order; the comment right above a name is its meaning."""
    section, said = "", list[str]()
    for line in (root / ".env.example").read_text("utf-8").splitlines():
        if title := SECTION.fullmatch(line):
            section, said = title[1], []
        elif known := LINE.fullmatch(line):
            yield Explained(known[2], section, " ".join(said), known[3], given=not known[1])
            said = []
        else:
            said = [*said, line.removeprefix("# ")] if line else []


def _modules(root: Path) -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((root / package).rglob("*.py"))


def _read_in(tree: ast.Module) -> Iterator[Setting]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
            continue
        source, name = ast.unparse(node.func.value), node.args[0]
        if source not in {"env", "os.environ"} or not isinstance(name, ast.Constant):
            continue
        if isinstance(name.value, str) and NAME.fullmatch(name.value) and name.value not in INTERNAL:
            yield Setting(name.value, _default(node, is_plain=source == "os.environ"))


def _default(call: ast.Call, *, is_plain: bool) -> str | None:
    if is_plain:
        return _written(call.args[1]) if len(call.args) > 1 else ""
    return next((_written(given.value) for given in call.keywords if given.arg == "default"), None)


def _written(node: ast.expr) -> str:
    """Return a default as people would write it, outside the demo; nothing for one that is worked out."""
    match node:
        case ast.Constant(value=bool(value)):
            return str(value).lower()
        case ast.Constant(value=value):
            return str(value)
        case ast.List(elts=parts):
            return ",".join(map(_written, parts))
        case ast.IfExp(test=ast.Name(id="DEMO"), orelse=otherwise):
            return _written(otherwise)
        case ast.UnaryOp(op=ast.Not(), operand=ast.Name(id="DEMO")):
            return "true"
        case ast.BinOp(op=ast.Div(), left=ast.Name(id=folder), right=ast.Constant(value=str(name))):
            return name if folder == "BASE_DIR" else f"{folder}/{name}"
        case ast.BinOp(op=ast.Mult(), left=ast.Constant(value=int(one)), right=ast.Constant(value=int(other))):
            return str(one * other)
        case ast.Call(func=ast.Name(id="str"), args=[inner]):
            return _written(inner)
        case ast.Dict(keys=[]):
            return ""
    return ""
