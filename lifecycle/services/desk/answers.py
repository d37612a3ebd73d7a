"""The answer to a request for access: a file of what is kept, made as a job (PIPL art. 45)."""

from datetime import datetime, timedelta

from django.db import transaction

from cardfleet.accounts.models import User
from cardfleet.files.models import StoredFile
from cardfleet.files.services import store
from cardfleet.jobs.models import Job
from cardfleet.jobs.services import start_job
from cardfleet.kernel.clock import to_the_minute
from cardfleet.kernel.errors import NotVisible
from lifecycle.choices import MatterKind
from lifecycle.errors import AnswerRefused
from lifecycle.exporters.desk_answer import answer_zip
from lifecycle.models import Matter
from lifecycle.rules.desk.matters import IDENTITY
from lifecycle.selectors.desk.kept import kept_of, kept_of_number
from lifecycle.selectors.desk.matters import answer_of, files_of
from lifecycle.selectors.desk.named import named_in

KIND = "lifecycle.subject_answer"
KEPT_FOR = timedelta(days=30)
NOTE = """个人信息查阅答复  请求编号 {matter}  生成时间 {at}
本压缩包列出 CardFleet 保存的与您有关的个人信息(个人信息保护法 第四十五条)。
未包含:密码与密钥(只存密文或散列值),他人的个人信息,他人在未结案件中的记录。
{held}"""
HELD = "下列未结案件涉及您,结案前其记录依法保存,不在本答复中提供:"


@transaction.atomic
def ask_for_answer(*, matter_id: int, actor: User, now: datetime) -> Job:
    """Start the job that writes the file. AnswerRefused unless it is open, asks for access and the person is known."""
    matter = Matter.objects.filter(pk=matter_id).locked().first()
    if matter is None:
        raise NotVisible
    is_known = matter.steps.filter(code=IDENTITY, done_at__isnull=False).exists()
    if not (matter.is_open and matter.kind == MatterKind.ACCESS and is_known):
        raise AnswerRefused
    return start_job(kind=KIND, owner=actor, params={"matter": matter.pk}, now=now)


@transaction.atomic
def write_answer(*, job: Job, now: datetime) -> StoredFile:
    """Write the file of a job, once: whoever sees the matter sees it, so the person who asked does."""
    matter = Matter.objects.select_related("about__team").get(pk=job.params["matter"])
    name = f"subject-{matter.pk}-{job.pk}.zip"
    made = files_of(matter).filter(name=name).first()
    if made:
        return made
    parts = kept_of(matter.about) if matter.about else []
    parts += kept_of_number(matter.number) if matter.number else []
    named = [f"- {reason.message}" for reason in named_in(matter.about)]
    held = "\n".join([HELD, *named]) if named else ""
    note = NOTE.format(matter=matter.pk, at=to_the_minute(now), held=held)
    content = answer_zip(parts, note=note)
    return store(
        content=content,
        name=name,
        purpose=KIND,
        owner=job.owner,
        subject=answer_of(matter),
        delete_after=now + KEPT_FOR,
        now=now,
        made_here=True,
    )
