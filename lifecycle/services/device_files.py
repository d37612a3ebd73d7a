"""Device files sent by a page: looked at once, then left to a worker."""

from datetime import datetime
from typing import BinaryIO, cast

from django.core.files import File
from django.db import transaction

from cardfleet.accounts.models import User
from cardfleet.files.services import store
from cardfleet.jobs.models import Job
from cardfleet.jobs.services import start_job
from cardfleet.kernel.tabular import open_table
from lifecycle.importers.devices import read_devices

KIND = "lifecycle.devices"


@transaction.atomic
def ask_device_import(*, upload: "File[bytes]", actor: User, now: datetime) -> Job:
    """Keep a file and ask for its import. BadInput when it is no device file: then nothing is kept."""
    name = upload.name or ""
    read_devices(open_table(cast("BinaryIO", upload.file), name))
    stored = store(content=upload, name=name, purpose=KIND, owner=actor, now=now)
    return start_job(kind=KIND, owner=actor, input_file=stored, params={"name": stored.name}, now=now)
