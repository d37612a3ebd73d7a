"""Writing a list into a file that is kept: for a report, and for what is too large for one request."""

import tempfile
from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import File
from django.db import models

from cardfleet.accounts.models import User
from cardfleet.files.models import StoredFile
from cardfleet.files.services import store
from cardfleet.kernel.clock import business_day
from cardfleet.lists.asking import Asked
from cardfleet.lists.choices import FileForm
from cardfleet.lists.exporters.files import as_csv, as_xlsx
from cardfleet.lists.registry import Reader

FILE = "lists.file:{number}"
"""What the journal calls a file of a list."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A list's file and the number of its rows."""

    file: StoredFile
    rows: int


def keep_list(
    *,
    asked: Asked,
    form: str,
    number: str,
    name: str,
    purpose: str,
    owner: User,
    subject: models.Model,
    now: datetime,
    delete_after: datetime,
) -> Kept:
    """Write the list as its owner sees it at this moment, and keep the file.

    Its name gets the day, the number by which the journal knows it, and the ending.
    """
    reader = Reader(person=owner, now=now, mark=FILE.format(number=number))
    with tempfile.TemporaryFile() as target:
        if asked.listing.writer:
            rows = asked.listing.writer(asked.query, form, reader, target)
        elif form == FileForm.XLSX:
            rows = as_xlsx(target, asked, reader)
        else:
            target.writelines(as_csv(asked, reader))
            rows = asked.rows(now).order_by().count()
        target.flush()  # its size is asked of the disk
        stored = store(
            content=File(target),
            name=f"{name}-{business_day(now):%Y%m%d}-{number}.{form}",
            purpose=purpose,
            owner=owner,
            subject=subject,
            now=now,
            delete_after=delete_after,
            made_here=True,
        )
    return Kept(file=stored, rows=rows)
