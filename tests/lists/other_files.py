"""Every file that leaves CardFleet beside those of lists: by the modules that write it, what makes it and asks for it.

Rows come of `things`, with texts planted (`tests.lists.planting`); what comes of an upload comes of a planted upload.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from billing.models import UsageBatch
from billing.selectors.cost_rows import CostBy
from cardfleet.files.models import StoredFile
from cardfleet.jobs.models import Job
from cardfleet.jobs.services import start_job
from cardfleet.jobs.tasks import run_job
from cards.models import Card
from lifecycle.choices import DowntimeBy
from lifecycle.models import EvidencePack, NoticeText
from tests.cards.files import HEADER, csv_bytes, iccid, xlsx_bytes
from tests.conftest import FRIDAY
from tests.lists.planting import MARK, SIGNS

FORMS = ("csv", "xlsx")
MONTH = f"{FRIDAY:%Y-%m}"
TEXTS = [f"{sign}{MARK}x" for sign in SIGNS]
Files = Iterator[bytes]
Things = Mapping[str, Any]


def content(answer: Any) -> bytes:
    """Return the file of an answer."""
    assert answer.status_code == 200, (answer.status_code, answer.content)
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def got(client: Client, route: str, *args: Any, **asked: Any) -> bytes:
    """Ask for a file."""
    return content(client.get(reverse(route, args=args), asked))


def of_job(client: Client, job: Job) -> bytes:
    """Let a worker do a job and take its file."""
    run_job(job.pk)
    job.refresh_from_db()
    assert job.result_file_id, (job.state, job.error_code, job.summary)
    return got(client, "files:download", job.result_file_id)


def sent(client: Client, route: str, name: str, text: bytes, **given: Any) -> Job:
    """Send a file and return the job that reads it."""
    answer = client.post(reverse(route), {"file": SimpleUploadedFile(name, text), **given})
    assert answer.status_code == 302, answer.content.decode()
    return Job.objects.latest("pk")


def costs(client: Client, _things: Things) -> Files:
    """By all there is; and as the list of a scheduled report, which a job writes."""
    for by in CostBy:
        for form in FORMS:
            yield got(client, "billing:costs-export", month=MONTH, by=by.value, format=form)
    for form in FORMS:
        answer = client.get(reverse("lists:export", args=["costs"]), {"month": MONTH, "by": "agent", "form": form})
        assert answer.status_code == 302, answer.content.decode()
        yield of_job(client, Job.objects.latest("pk"))


def payments(client: Client, things: Things) -> Files:
    """A payment's list."""
    yield got(client, "billing:payment-export", things["payment"])


def vouchers(client: Client, _things: Things) -> Files:
    """With the titles and accounts of finance's own."""
    yield got(client, "billing:voucher-export", month=MONTH)


def refused_calls(client: Client, _things: Things) -> Files:
    """The refused rows of a file with planted titles and cells, and the file that a correction of them is kept in."""
    head = ["msisdn", "started_at", "direction", "counterpart", "duration_s", "fee", *TEXTS]
    row = ["13812345678", "2026-11-19 09:00:00", "out", *TEXTS[:3], *TEXTS]
    upload = SimpleUploadedFile("calls.csv", csv_bytes(head, row))
    client.post(reverse("billing:usage-import"), {"file": upload, "source": "planted"})
    known = UsageBatch.objects.latest("pk")
    client.post(reverse("billing:usage-start", args=[known.pk]))
    known.refresh_from_db()
    run_job(known.job_id)
    reject = known.rejects.get()
    yield got(client, "billing:usage-refused", known.pk)
    corrected = [*reject.cells[:4], "60", *reject.cells[5:]]
    given = {f"cell-{reject.pk}-{place}": cell for place, cell in enumerate(corrected)}
    answer = client.post(reverse("billing:usage-repair", args=[known.pk]), given)
    assert answer.status_code == 302, answer.content.decode()
    yield got(client, "files:download", known.corrections.get().file_id)


def downtimes(client: Client, _things: Things) -> Files:
    """By all there is."""
    for by in DowntimeBy:
        for form in FORMS:
            yield got(client, "lifecycle:downtime-export", month=MONTH, by=by.value, format=form)


def performance(client: Client, _things: Things) -> Files:
    """The month of agents."""
    for form in FORMS:
        yield got(client, "lifecycle:performance-export", month=MONTH, format=form)


def devices(client: Client, _things: Things) -> Files:
    """The register, by its page and by the API."""
    for form in FORMS:
        yield got(client, "lifecycle:devices-export", **{"as": form})
    yield content(client.get("/api/v1/devices/", headers={"accept": "text/csv"}))


def case_figures(client: Client, _things: Things) -> Files:
    """Of ended cases."""
    yield got(client, "lifecycle:case-figures", days=365, form="csv")


def notices(client: Client, things: Things) -> Files:
    """The texts for everybody who is to be told."""
    for text in NoticeText.objects.filter(is_active=True):
        address = reverse("lifecycle:number-notice-download", args=[things["number_notice"]])
        yield content(client.post(address, {"text": text.pk}))


def bulk_results(client: Client, _things: Things) -> Files:
    """What became of each card."""
    ids = Card.objects.values_list("pk", flat=True)
    answer = client.post(reverse("lifecycle:bulk", args=["remind"]), {"ids": ",".join(map(str, ids)), "text": TEXTS[0]})
    assert answer.status_code == 302, answer.content.decode()
    yield of_job(client, Job.objects.latest("pk"))


def packs(client: Client, things: Things) -> Files:
    """A pack of evidence with names and numbers."""
    pack = EvidencePack.objects.select_related("asked_by").get(pk=things["pack"])
    # The role has another name now.
    pack.asked_by.is_superuser = True
    pack.asked_by.save()
    run_job(pack.job_id)
    pack.refresh_from_db()
    yield got(client, "files:download", pack.file_id)


def answers(client: Client, things: Things) -> Files:
    """What is kept on a person, for that person."""
    owner = EvidencePack.objects.get(pk=things["pack"]).asked_by
    params = {"matter": things["matter"]}
    job = start_job(kind="lifecycle.subject_answer", owner=owner, params=params, now=FRIDAY)
    run_job(job.pk)
    made = StoredFile.objects.filter(subject=f"lifecycle.answer:{things['matter']}").latest("created_at")
    yield got(client, "files:download", made.pk)


def newcomers(client: Client, _things: Things) -> Files:
    """The refused rows of agents; those of callees and devices are written by the same."""
    rows = [["", text, "", "", "", "", text] for text in TEXTS]
    head = ["工号", "姓名", "部门/班组", "手机", "入职日期", "状态", TEXTS[0]]
    yield of_job(client, sent(client, "agents:import", "agents.csv", csv_bytes(head, *rows)))


def refused_cards(client: Client, _things: Things) -> Files:
    """In the kind of file that was sent."""
    rows = [(text, text, text, text) for text in TEXTS]
    for name, written in (("cards.csv", csv_bytes), ("cards.xlsx", xlsx_bytes)):
        given = {"team": Card.objects.exclude(team=None).first().team_id}
        file = written((*HEADER, TEXTS[0]), (iccid(1), "13800000001", "x", ""), *rows)
        yield of_job(client, sent(client, "lifecycle:import-cards", name, file, **given))


# The modules that write files, and what gives one out.
FILES: dict[str, Callable[[Client, Things], Files]] = {
    "agents.exporters.import_results": newcomers,
    "billing.exporters.claims": payments,
    "billing.exporters.costs": costs,
    "billing.exporters.rejects": refused_calls,
    "billing.exporters.vouchers": vouchers,
    "billing.lists.costs": costs,
    "billing.importers.corrections": refused_calls,
    "billing.views.usage_repair": refused_calls,
    "cards.exporters.rejects": refused_cards,
    "lifecycle.api.devices": devices,
    "lifecycle.bulk.results": bulk_results,
    "lifecycle.exporters.case_figures": case_figures,
    "lifecycle.exporters.desk_answer": answers,
    "lifecycle.exporters.downtime": downtimes,
    "lifecycle.exporters.packs": packs,
    "lifecycle.exporters.performance": performance,
    "lifecycle.views.devices": devices,
    "lifecycle.views.number_notice": notices,
}
