"""What the clients noted: each write that was acknowledged, and each of which nobody said what became of it."""

import threading
from collections import Counter, defaultdict
from dataclasses import dataclass, field


@dataclass
class Notes:
    """Marks of writes by kind; answers by what they said. A mark stands in the write itself, so it is found again."""

    acknowledged: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    unknown: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    answers: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    events: list[int] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def tried(self, kind: str, mark: str, *, acknowledged: bool) -> None:
        """Note what a client knows of a write."""
        with self._lock:
            (self.acknowledged if acknowledged else self.unknown)[kind].add(mark)

    def answered(self, status: int | None, *, where: str, said: bytes = b"") -> None:
        """Count an answer, None where there was none. 500 is a defect, whatever was killed; 503 says to come again."""
        with self._lock:
            name = "no answer" if status is None else f"{status // 100}xx" if status < 500 else str(status)
            self.answers[name] += 1
            if status is not None and 400 <= status < 500:
                self.refusals[f"{status} {where}"] += 1
            if status == 500:
                self.defects.append(f"500 {where}: {said[:200]!r}")
