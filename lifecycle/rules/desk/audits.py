"""When an audit may be closed, and what its answers come to (R57)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason
from lifecycle.choices import Verdict

BETWEEN = " | "


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer as the rules see it."""

    verdict: str
    note: str = ""
    measure_by: date | None = None
    has_file: bool = False


def parted(question: str) -> tuple[str, str]:
    """Return a question and the law it rests on; empty where none is named."""
    text, _between, law = question.partition(BETWEEN)
    return text.strip(), law.strip()


def unmet_answer(number: int, answer: Answer) -> list[Reason]:
    """Return what an answer lacks: a yes its proof, a no its measure with a day, "does not apply" its why."""
    has_word = bool(answer.note.strip()) or (answer.has_file and answer.verdict == Verdict.YES)
    if not has_word:
        message = format_lazy(
            _("Question {number}: name the proof, the measure, or why it does not apply."), number=number
        )
        return [Reason(code="answer_without_word", field=f"note_{number}", message=message)]
    if answer.verdict == Verdict.NO and answer.measure_by is None:
        message = format_lazy(_("Question {number}: by which day is it put right?"), number=number)
        return [Reason(code="measure_without_day", field=f"measure_{number}", message=message)]
    return []


def unmet_to_close(questions: Sequence[str], answers: Mapping[int, Answer]) -> list[Reason]:
    """Return a reason for each question that is not answered."""
    return [
        Reason(
            code="question_open",
            message=format_lazy(_("Question {number} is not answered."), number=number),
            clears=parted(question)[0],
        )
        for number, question in enumerate(questions, start=1)
        if number not in answers
    ]


def score(answers: Mapping[int, Answer]) -> tuple[int, int]:
    """Return how many of the questions that apply are fulfilled, and how many apply."""
    verdicts = [answer.verdict for answer in answers.values() if answer.verdict != Verdict.NOT_APPLICABLE]
    return verdicts.count(Verdict.YES), len(verdicts)
