"""Do-not-call and consent: recording, importing, asking (issue 4, item 6)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from rest_framework.test import APIClient

from agents.choices import ListingEnd, ListingKind
from agents.errors import CalleeRowsRefused, ListingEnded, ReasonMissing
from agents.models import CalleeListing
from agents.rules.callees import Entry
from agents.selectors.callees import LATEST, hash_of, list_counts, standing_of
from agents.services.callees import list_number, list_numbers, withdraw
from cardfleet.accounts.choices import Role
from cardfleet.files.services import store
from cardfleet.jobs.choices import JobState
from cardfleet.jobs.models import Job
from cardfleet.jobs.services import start_job
from cardfleet.jobs.tasks import run_job
from cardfleet.journal.models import Entry as JournalEntry
from tests.factories.accounts import PersonFactory
from tests.factories.agents import CalleeListingFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
NUMBER, OTHER = "+8613800001234", "+8613900005678"
URL = "/api/v1/callees/"


@pytest.fixture(autouse=True)
def today(time_machine, now):
    time_machine.move_to(now, tick=False)


@pytest.fixture
def compliance():
    return PersonFactory(role=Role.COMPLIANCE)


@pytest.fixture
def said(now):
    """Return what a person said a week ago."""

    def said(kind, number=NUMBER, **facts):
        return Entry(
            kind=ListingKind(kind), number=number, **{"source": "form", "given_at": now - timedelta(7)} | facts
        )

    return said


def signed_in(person) -> APIClient:
    api = APIClient()
    api.force_authenticate(person)
    return api


class TestListing:
    def test_a_number_is_stored_as_a_hash_only(self, said, compliance, now):
        """X12, R40, R4: neither the list nor the journal holds the number or a digit of it."""
        listing = list_number(entry=said("do_not_call"), actor=compliance, now=now)
        stored = CalleeListing.objects.values().get(pk=listing.pk)
        assert "1380000" not in str(stored)
        assert stored["number_hash"] == hash_of(NUMBER)
        assert NUMBER not in repr(said("consent"))
        entry = JournalEntry.objects.get(action="agents.callee_listed")
        assert entry.data == {"kind": "do_not_call", "purpose": "", "ended": 0}

    def test_a_refusal_ends_consent_at_once(self, said, compliance, now):
        """R60: who refuses is not called again, whatever they agreed to before."""
        consent = list_number(entry=said("consent", purpose="sales"), actor=compliance, now=now)
        kept = list_number(entry=said("consent", purpose="service"), actor=compliance, now=now)
        other = list_number(entry=said("consent", OTHER), actor=compliance, now=now)
        assert standing_of(NUMBER, "sales", now).consent
        list_number(entry=said("do_not_call", purpose="sales"), actor=compliance, now=now)
        consent.refresh_from_db()
        assert (consent.ended_at, consent.end) == (now, ListingEnd.REFUSED)
        assert set(CalleeListing.objects.open().filter(kind="consent")) == {kept, other}
        found = standing_of(NUMBER, "sales", now)
        assert (found.do_not_call, found.consent) == (True, False)
        with pytest.raises(CalleeRowsRefused):
            list_number(entry=said("consent", purpose="sales"), actor=compliance, now=now)

    def test_the_same_again_is_known_and_a_longer_one_renews(self, said, now):
        """R57: consent that ran out is none; given again it holds anew, and the old proof stays."""
        first = list_number(entry=said("consent", expires_at=now + timedelta(1)), actor=None, now=now)
        assert list_number(entry=said("consent", expires_at=now + timedelta(1)), actor=None, now=now) is None
        later = now + timedelta(2)
        assert not standing_of(NUMBER, "sales", later).consent
        second = list_number(entry=said("consent"), actor=None, now=later)
        first.refresh_from_db()
        assert (first.end, first.ended_at) == (ListingEnd.EXPIRED, first.expires_at)
        assert standing_of(NUMBER, "sales", later).consent
        assert list(CalleeListing.objects.open()) == [second]

    def test_one_open_entry_a_kind_number_and_purpose(self, said, now):
        first = list_number(entry=said("consent"), actor=None, now=now)
        first.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            first.save(force_insert=True)

    def test_withdrawing_needs_a_reason_and_is_done_once(self, said, compliance, now):
        """R60: a refusal ends only when somebody says why."""
        listing = list_number(entry=said("do_not_call"), actor=compliance, now=now)
        with pytest.raises(ReasonMissing):
            withdraw(listing_id=listing.pk, reason=" ", actor=compliance, now=now)
        withdraw(listing_id=listing.pk, reason="asked for it in writing", actor=compliance, now=now)
        assert not standing_of(NUMBER, "sales", now).do_not_call
        assert JournalEntry.objects.get(action="agents.listing_withdrawn").reason == "asked for it in writing"
        with pytest.raises(ListingEnded):
            withdraw(listing_id=listing.pk, reason="again", actor=compliance, now=now)

    def test_many_take_as_many_statements_as_one(self, said, now, django_assert_num_queries):
        def entries(first, count):
            numbers = [f"+861380001{index:04}" for index in range(first, first + count)]
            return [said("consent", number) for number in numbers] + [said("do_not_call", numbers[0])]

        with django_assert_num_queries(6):
            list_numbers(entries=entries(0, 1), actor=None, now=now)
        with django_assert_num_queries(6):
            assert list_numbers(entries=entries(10, 300), actor=None, now=now) == ["new"] * 301
        refused = CalleeListing.objects.get(number_hash=hash_of("+8613800010010"), kind="consent")
        assert refused.end == ListingEnd.REFUSED

    def test_counts_by_kind(self, said, now):
        list_number(entry=said("consent"), actor=None, now=now)
        list_number(entry=said("do_not_call"), actor=None, now=now)
        counts = {count.kind: (count.in_force, count.ended, count.latest_at) for count in list_counts(now)}
        assert counts == {"do_not_call": (1, 0, now), "consent": (0, 1, now)}


class TestImport:
    HEAD = "号码,类型,日期,来源,用途\n"

    def run(self, text, person, now, name="callees.csv", encoding="utf-8"):
        file = store(content=text.encode(encoding), name=name, purpose="agents.callees", owner=person, now=now)
        job = start_job(kind="agents.callees", owner=person, input_file=file, params={"name": name}, now=now)
        run_job(job.pk)
        return Job.objects.get(pk=job.pk)

    @pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
    def test_a_file_is_stored_and_bad_rows_come_back(self, encoding, compliance, now):
        """R40, R57: the lists come as files; a bad row names line and column and stops no other."""
        text = self.HEAD + (
            "13800001234,禁拨,2026-11-01,客户来电拒绝,\n"
            "139 0000 5678,同意,2026/11/02,录音 88,销售\n"
            "138****1234,同意,2026-11-02,录音,\n"
            "13700000000,喜欢,2026-11-02,录音,\n"
            "13700000000,同意,2026-12-02,录音,\n"
            "13800001234,同意,2026-11-02,录音,销售\n"
        )
        job = self.run(text, compliance, now, encoding=encoding)
        assert (job.state, job.succeeded, job.refused) == (JobState.PARTIAL, 2, 4)
        assert standing_of(NUMBER, "sales", now).do_not_call
        assert standing_of(OTHER, "sales", now).consent
        codes = [(row.line, row.code) for row in job.rows.order_by("line")]
        assert codes == [(4, "number_masked"), (5, "kind_unknown"), (6, "given_in_future"), (7, "callee_refused")]
        assert not any("138" in row.value + row.label + row.message for row in job.rows.all())
        with job.result_file.content.open() as file:
            rejects = file.read().decode("utf-8-sig").splitlines()
        assert rejects[0].startswith("号码,类型,日期,来源,用途")
        assert rejects[1].startswith("138****1234,同意")
        assert job.result_file.delete_after == now + timedelta(days=30)

    def test_english_headers_and_a_second_run(self, compliance, now):
        text = "number,kind,date,source,purpose\n+86 138 0000 1234,do_not_call,2026-11-01,call,sales\n"
        assert self.run(text, compliance, now).summary != self.run(text, compliance, now).summary
        assert CalleeListing.objects.get().purpose == "sales"


class TestApi:
    def test_a_batch_is_answered_row_by_row(self, compliance):
        """R40, R57: a dialler or a form records what people say."""
        rows = [
            {"number": "13800001234", "kind": "do_not_call", "date": "2026-11-01", "source": "call"},
            {"number": "13900005678", "kind": "consent", "date": "2026-11-01", "source": "form 7", "purpose": "sales"},
            {"number": "13700001234", "kind": "maybe", "date": "2026-11-01", "source": ""},
        ]
        api = signed_in(compliance)
        answer = api.post(URL, {"rows": rows}, format="json")
        assert answer.status_code == 200
        assert (answer.json()["stored"], answer.json()["known"]) == (2, 0)
        assert [(row["row"], row["code"], row["field"]) for row in answer.json()["refused"]] == [
            (3, "kind_unknown", "kind")
        ]
        again = api.post(URL, {"rows": rows[:2]}, format="json").json()
        assert (again["stored"], again["known"], again["refused"]) == (0, 2, [])

    @pytest.mark.parametrize("body", [{}, {"rows": []}, {"rows": "x"}, {"rows": [{}] * 1001}])
    def test_a_body_that_is_none_is_bad_input(self, body, compliance):
        assert signed_in(compliance).post(URL, body, format="json").status_code == 400

    def test_a_number_is_asked_for(self, said, compliance, now):
        """R40: the lists cannot be read out; one number is asked for."""
        list_number(entry=said("do_not_call"), actor=None, now=now)
        api = signed_in(compliance)
        answer = api.get(f"{URL}check/", {"number": "138-0000-1234"})
        assert answer.json() == {"do_not_call": True, "consent": False}
        assert api.get(f"{URL}check/", {"number": "13900005678"}).json() == {"do_not_call": False, "consent": False}
        assert api.get(f"{URL}check/").status_code == 400
        refused = api.get(f"{URL}check/", {"number": "138****1234"})
        assert refused.status_code == 400
        assert "1234" not in refused.content.decode()

    def test_entries_are_listed_as_on_the_page_without_a_number(self, compliance, now):
        """R40: no digit and no hash of a number, and of each kind the last alone; an older one can be withdrawn."""
        oldest, *later = CalleeListingFactory.create_batch(LATEST + 1)
        consent = CalleeListingFactory(kind="consent")
        api = signed_in(compliance)
        answer = api.get(URL, {"page_size": 100})
        shown = answer.json()["results"]
        assert {entry["id"] for entry in shown} == {entry.pk for entry in (*later, consent)}
        assert not any("number" in name or "hash" in name for name in shown[0])
        done = api.post(f"{URL}{oldest.pk}/withdraw/", {"reason": "Other number"}, format="json")
        assert done.json()["end"] == "withdrawn"

    @pytest.mark.parametrize("role", [Role.AGENT, Role.FINANCE])
    def test_others_neither_ask_nor_record(self, role):
        api = signed_in(PersonFactory(role=role))
        assert api.get(f"{URL}check/", {"number": "13800001234"}).status_code == 403
        assert api.post(URL, {"rows": [{}]}, format="json").status_code == 403
