"""Hours of the day as they stand in settings."""

from datetime import time


def read_windows(text: str) -> tuple[tuple[int, int], ...]:
    """Return pairs of seconds of the day, the end not included, of `09:00-12:00,14:00-20:00`; 24:00 ends a day.

    ValueError where it cannot be read, names no hours, or a window ends before it begins.
    """
    windows = tuple(_window(part) for part in text.split(","))
    if any(opens >= closes for opens, closes in windows):
        raise ValueError(f"hours end before they begin: {text}")
    return windows


def _window(part: str) -> tuple[int, int]:
    opens, _dash, closes = part.strip().partition("-")
    return _second(opens), _second(closes)


def _second(text: str) -> int:
    if text == "24:00":
        return 86_400
    moment = time.fromisoformat(text)
    return moment.hour * 3600 + moment.minute * 60 + moment.second
