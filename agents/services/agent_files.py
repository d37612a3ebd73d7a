"""Agent files sent by a page: looked at once, then left to a worker."""

from datetime import datetime
from typing import BinaryIO, cast

from django.core.files import File
from django.db import transaction

from agents.importers.agents import read_agents
from cardfleet.accounts.models import User
from cardfleet.files.services import store
from cardfleet.jobs.models import Job
from cardfleet.jobs.services import start_job
from cardfleet.kernel.tabular import open_table

KIND = "agents.import"


@transaction.atomic
def ask_agent_import(*, upload: "File[bytes]", create_missing: bool, dry_run: bool, actor: User, now: datetime) -> Job:
    """Keep a file and ask for its import. BadInput when it is no agent file: then nothing is kept."""
    name = upload.name or ""
    read_agents(open_table(cast("BinaryIO", upload.file), name))
    stored = store(content=upload, name=name, purpose=KIND, owner=actor, now=now)
    params = {"name": stored.name, "create_missing": create_missing, "dry_run": dry_run}
    return start_job(kind=KIND, owner=actor, input_file=stored, params=params, now=now)
