"""What cells of files hold, as SQL: words of states, masked numbers."""

from collections.abc import Callable, Iterable

from django.db.models import Case, CharField, F, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat, Left, Length, Right, Substr
from django.db.models.lookups import GreaterThan

from cardfleet.lists.registry import Reader

WHOLE = "cards.view_full_number"


def number(field: str) -> Callable[[Reader], Combinable]:
    """Return a number for its reader: whole for those who may see it, else masked."""
    return lambda reader: F(field) if reader.person.has_perm(WHOLE) else masked(field)


def masked(field: str) -> Combinable:
    """Return SQL for what `cardfleet.kernel.masking.mask_msisdn` makes of a number."""
    national = Case(
        When(**{f"{field}__startswith": "+86"}, then=Substr(field, 4)), default=F(field), output_field=TextField()
    )
    shown = Concat(Left(national, 3), Value("****"), Right(national, 4), output_field=TextField())
    return Case(
        When(**{f"{field}__isnull": True}, then=Value("")),
        When(GreaterThan(Length(national), 7), then=shown),
        default=Value("****"),
        output_field=TextField(),
    )


def in_words(field: str, choices: Iterable[tuple[str, object]]) -> Callable[[Reader], Combinable]:
    """Return the word of a choice in the language of the file."""
    options = list(choices)

    def said(_reader: Reader) -> Combinable:
        words = [When(**{field: value}, then=Value(str(word))) for value, word in options]
        return Case(*words, default=Value(""), output_field=CharField())

    return said
