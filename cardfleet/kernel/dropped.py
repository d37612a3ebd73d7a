"""Files that others lay into a folder: taken when nobody writes to them any more, then moved aside."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

DONE, REFUSED = "done", "refused"
SETTLED = timedelta(minutes=1)
# Some who send files lay an empty one first; one that nobody filled by then is refused, so that somebody hears of it.
EMPTY_FOR = timedelta(hours=2)
UNFINISHED = (".part", ".partial", ".filepart", ".tmp", ".crdownload", "~")


def settled(folder: Path, now: datetime) -> Iterator[Path]:
    """Yield the files of a folder that nobody writes to: neither content nor name changed for a minute.

    An empty one may still be filled, and is yielded when it was left so for two hours.
    """
    latest, latest_empty = (now - SETTLED).timestamp(), (now - EMPTY_FOR).timestamp()
    for path in folder.iterdir():
        if path.is_symlink() or not path.is_file() or path.name.startswith(".") or _is_unfinished(path):
            continue
        state = path.stat()
        if max(state.st_mtime, state.st_ctime) <= (latest if state.st_size else latest_empty):
            yield path


def _is_unfinished(path: Path) -> bool:
    return path.name.lower().endswith(UNFINISHED)


def move(path: Path, folder: str, now: datetime) -> Path | None:
    """Move a file into a folder beside it, beside its like; None where another worker moved it."""
    there = path.parent / folder
    there.mkdir(exist_ok=True)
    target = there / path.name
    if target.exists():
        target = there / f"{path.stem}-{now:%Y%m%d%H%M%S%f}{path.suffix}"
    try:
        return path.rename(target)
    except FileNotFoundError:
        return None


def put_aside(path: Path, reason: str, now: datetime) -> Path | None:
    """Move a file that cannot be used to the refused ones, with a text beside it that says why."""
    moved = move(path, REFUSED, now)
    if moved is not None:
        moved.with_name(f"{moved.name}.txt").write_text(f"{reason}\n", "utf-8")
    return moved
