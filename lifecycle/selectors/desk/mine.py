"""What a person asked about their own data."""

from collections.abc import Sequence
from dataclasses import dataclass

from cardfleet.accounts.models import User
from cardfleet.files.models import StoredFile
from lifecycle.models import Matter
from lifecycle.querysets import OWN_REQUESTS
from lifecycle.selectors.desk.matters import answer_of

SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class OwnRequest:
    """A request and the files of its answer."""

    matter: Matter
    files: Sequence[StoredFile]


def my_requests(user: User) -> list[OwnRequest]:
    """Return a person's latest requests with the answers made for them, in two queries."""
    matters = list(Matter.objects.filter(about=user, kind__in=OWN_REQUESTS)[:SHOWN])
    subjects = {answer_of(matter): matter.pk for matter in matters}
    made = StoredFile.objects.filter(subject__in=subjects).exclude(content="")
    files: dict[int, list[StoredFile]] = {matter.pk: [] for matter in matters}
    for file in made:
        files[subjects[file.subject]].append(file)
    return [OwnRequest(matter=matter, files=files[matter.pk]) for matter in matters]
