"""Questions of a test as people write them, and how answers are marked (R61, R72, R73). Pure.

A question is a line, followed by its options: `+` before the right ones, `-` before the others. A blank line ends it.
More than one right option: all of them, and no other, must be chosen.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason

RIGHT, WRONG = "+＋", "-－"
FEWEST = 2


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question; `right` are the places of its right options, from 0."""

    text: str
    options: Sequence[str]
    right: frozenset[int]

    @property
    def is_multiple(self) -> bool:
        """Whether several options are to be chosen."""
        return len(self.right) > 1

    def as_json(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return {"text": self.text, "options": list(self.options), "right": sorted(self.right)}

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Question":
        """Return it from what is stored."""
        return cls(text=stored["text"], options=tuple(stored["options"]), right=frozenset(stored["right"]))


@dataclass(frozen=True, kw_only=True)
class Mark:
    """`score` is per cent of the questions, rounded down; `wrong` are the places of those answered wrongly, from 0."""

    score: int
    wrong: Sequence[int]


def read_questions(text: str) -> tuple[list[Question], list[Reason]]:
    """Return the questions of a text and what is wrong with it, by line."""
    found, reasons = [], []
    for start, lines in _blocks(text):
        question, wrong = _question(start, lines)
        reasons.extend(wrong)
        found.append(question)
    return found, reasons


def write_questions(questions: Sequence[Question]) -> str:
    """Return questions as a text that `read_questions` reads."""
    return "\n\n".join(
        "\n".join([one.text, *(f"{'+' if at in one.right else '-'} {option}" for at, option in enumerate(one.options))])
        for one in questions
    )


def mark(questions: Sequence[Question], answers: Sequence[Collection[int]]) -> Mark:
    """Mark answers, the chosen places question by question; a question without an answer is wrong."""
    given = [frozenset(answer) for answer in answers] + [frozenset()] * (len(questions) - len(answers))
    wrong = [at for at, question in enumerate(questions) if given[at] != question.right]
    right = len(questions) - len(wrong)
    return Mark(score=right * 100 // len(questions) if questions else 0, wrong=wrong)


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the blocks between blank lines, each with the number of its first line."""
    start, lines = 0, list[str]()
    for number, line in enumerate([*text.splitlines(), ""], start=1):
        if line.strip():
            start = start if lines else number
            lines.append(line.strip())
        elif lines:
            yield start, lines
            lines = []


def _question(start: int, lines: Sequence[str]) -> tuple[Question, list[Reason]]:
    head, options = lines[0], lines[1:]
    reasons = [
        Reason(code="option_unmarked", field="questions", line=start + at, message=_("Begin each option with + or -."))
        for at, line in enumerate(options, start=1)
        if line[0] not in RIGHT + WRONG
    ]
    right = frozenset(at for at, line in enumerate(options) if line[0] in RIGHT)
    if head[0] in RIGHT + WRONG:
        reasons.append(
            Reason(code="question_missing", field="questions", line=start, message=_("Write the question first."))
        )
    if len(options) < FEWEST:
        reasons.append(
            Reason(code="too_few_options", field="questions", line=start, message=_("Give two options or more."))
        )
    elif not right:
        reasons.append(
            Reason(code="no_right_option", field="questions", line=start, message=_("Begin a right option with +."))
        )
    return Question(text=head, options=tuple(line[1:].strip() for line in options), right=right), reasons
