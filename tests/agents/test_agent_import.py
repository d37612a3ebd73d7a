"""Agents from a file (design, section 8; issue 2, items 3 and 4)."""

import zipfile
from datetime import date
from io import BytesIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from agents.choices import AgentStatus
from agents.errors import AgentFileRefused
from agents.importers.agents import read_agents
from agents.models import Agent
from agents.services.agent_import import import_agents
from cardfleet.accounts.choices import Role, TeamKind
from cardfleet.accounts.models import Team, User
from cardfleet.files.services import store
from cardfleet.jobs.choices import JobState
from cardfleet.jobs.models import Job
from cardfleet.jobs.services import start_job
from cardfleet.jobs.tasks import run_job
from cardfleet.journal.models import Entry
from cardfleet.kernel.errors import BadInput, NotAllowed
from cardfleet.kernel.tabular import open_table
from tests.factories.accounts import PersonFactory, TeamFactory
from tests.factories.agents import AgentFactory, hand_over
from tests.factories.cards import CardFactory

pytestmark = pytest.mark.django_db
HEAD = "工号,姓名,部门/班组,手机,入职日期,状态\n"


def sheet(text: str, encoding: str = "utf-8"):
    return read_agents(open_table(BytesIO(text.encode(encoding)), "agents.csv"))


@pytest.fixture
def company(reference):
    """集团公司 > 华东 > 华东一组, and 华南 > 华南一组."""
    top = TeamFactory(name="集团公司", kind=TeamKind.COMPANY)
    for site in ("华东", "华南"):
        TeamFactory(name=f"{site}一组", parent=TeamFactory(name=site, kind=TeamKind.SITE, parent=top))
    return top


@pytest.fixture
def run(company, now):
    """Import a text as the system, or with other options."""

    def run(text, **options):
        return import_agents(sheet=sheet(HEAD + text), **{"actor": None, "now": now} | options)

    return run


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_new_agents_get_sign_ins_with_one_time_passwords(encoding, company, now):
    text = HEAD + "A1001,许诺,华东/华东一组,138 0000 1234,2026-03-01,在职\nA1002,林悦宁,华南一组,,,\n"

    outcome = import_agents(sheet=sheet(text, encoding), actor=None, now=now)

    assert outcome.refused == []
    assert [(row.staff_no, row.name) for row in outcome.sign_ins] == [("A1001", "许诺"), ("A1002", "林悦宁")]
    agent = Agent.objects.get(user__staff_no="A1001")
    assert (agent.user.team.name, agent.user.mobile, agent.joined_on) == ("华东一组", "13800001234", date(2026, 3, 1))
    assert authenticate(username="A1001", password=outcome.sign_ins[0].password) == agent.user
    assert agent.user.role_names == {Role.AGENT}
    assert outcome.sign_ins[0].password not in repr(outcome)
    assert Entry.objects.get(action="agents.agents_imported").data == {"created": 2, "updated": 0, "refused": 0}


def test_the_same_file_again_changes_nothing(run):
    text = "A1001,许诺,华东一组,13800001234,2026-03-01,在职\n"
    run(text)

    outcome = run(text)

    assert (outcome.sign_ins, outcome.updated, outcome.unchanged) == ([], 0, 1)


def test_known_agents_are_changed_by_staff_number(run):
    run("A1,甲,华东一组,13800001234,2026-03-01,\nA2,乙,华东一组,,,\nA3,丙,华东一组,,,\n")

    outcome = run("a1,甲甲,华南一组,,,\nA2,乙,,,,离职\nA3,丙,,,,暂停\nA9,没来过,,,,离职\n")

    assert (outcome.updated, outcome.unchanged, outcome.skipped, outcome.refused) == (3, 0, 1, [])
    first, second, third = Agent.objects.order_by("user__staff_no").select_related("user__team")
    assert (first.user.name, first.user.team.name, first.user.mobile) == ("甲甲", "华南一组", "13800001234")
    assert (second.status, second.user.is_active) == (AgentStatus.LEFT, False)
    assert third.status == AgentStatus.ON_HOLD
    assert not User.objects.filter(staff_no="A9").exists()

    back = run("A2,乙,,,,在职\nA3,丙,,,,在职\n")
    assert [row.staff_no for row in back.sign_ins] == ["A2"]
    assert set(Agent.objects.values_list("status", flat=True)) == {AgentStatus.ACTIVE}


def test_a_leaver_in_the_file_keeps_cards_to_be_taken_back(run, now):
    """R76: a leaver's cards are called back, also when the leaving comes in a file."""
    run("A1,甲,华东一组,,,\n")
    card = hand_over(CardFactory(), Agent.objects.get(), at=now).card

    run("A1,甲,,,,离职\n")

    card.refresh_from_db()
    assert card.custody_state == "return_due"


def test_bad_rows_are_refused_by_line_and_column_and_the_others_land(run, company):
    TeamFactory(name="一组", parent=TeamFactory(name="东", parent=company, kind=TeamKind.SITE))
    TeamFactory(name="一组", parent=TeamFactory(name="西", parent=company, kind=TeamKind.SITE))
    PersonFactory(staff_no="S1")
    rows = [
        ("A1,甲,华东一组,,,\n", None),
        (",乙,华东一组,,,\n", ("missing", "工号")),
        ("A2,,华东一组,,,\n", ("missing", "姓名")),
        ("A3,丙,华北一组,,,\n", ("team_unknown", "部门/班组")),
        ("A4,丁,一组,,,\n", ("team_ambiguous", "部门/班组")),
        ("A5,戊,西/一组,,,\n", None),
        ("A6,己,,,,\n", ("missing", "部门/班组")),
        ("A7,庚,华东一组,12,,\n", ("mobile_unreadable", "手机")),
        ("A11,寅,/,,,\n", ("team_unreadable", "部门/班组")),
        ("A12,卯,1/2/3/4/5/6/7,,,\n", ("team_unreadable", "部门/班组")),
        (f"A13,辰,华东/{'组' * 81},,,\n", ("too_long", "部门/班组")),
        ("A8,辛,华东一组,,2026-02-31,\n", ("no_such_day", "入职日期")),
        ("A9,壬,华东一组,,,休眠\n", ("status_unknown", "状态")),
        ("a1,癸,华东一组,,,\n", ("staff_no_doubled", "工号")),
        ("S1,子,华东一组,,,\n", ("not_an_agent", "工号")),
        ("9.00E+18,丑,华东一组,,,\n", ("mangled_by_spreadsheet", "工号")),
        ("A10,=1+1,华东一组,,,\n", ("formula", "姓名")),
    ]

    outcome = run("".join(row for row, _refusal in rows))

    found = {line.number: (line.reasons[0].code, line.reasons[0].column) for line in outcome.refused}
    assert found == {number: refusal for number, (_row, refusal) in enumerate(rows, start=2) if refusal}
    assert {row.staff_no for row in outcome.sign_ins} == {"A1", "A5"}
    assert all(line.reasons[0].line == line.number for line in outcome.refused)


def test_missing_teams_are_made_below_the_company_only_when_asked(run, company):
    assert run("A1,甲,华北/华北二组,,,\n").refused

    outcome = run("A1,甲,华北/华北二组,,,\nA2,乙,华北二组,,,\nA3,丙,直属组,,,\n", create_missing=True)

    assert outcome.refused == []
    team = Team.objects.get(name="华北二组")
    assert (team.kind, team.parent.name, team.parent.kind) == (TeamKind.TEAM, "华北", TeamKind.SITE)
    assert team.parent.parent == Team.objects.get(name="直属组").parent == company
    assert User.objects.filter(team=team).count() == 2


def test_a_dry_run_tells_the_same_and_stores_nothing(run):
    text = "A1,甲,新组,,,\nA2,,新组,,,\n"
    entries = Entry.objects.count()

    outcome = run(text, dry_run=True, create_missing=True)

    assert (len(outcome.sign_ins), len(outcome.refused)) == (1, 1)
    assert not Agent.objects.exists()
    assert not Team.objects.filter(name="新组").exists()
    assert Entry.objects.count() == entries


def test_a_supervisor_imports_into_their_own_teams_only(run, company):
    mine = Team.objects.get(name="华东一组")
    supervisor = PersonFactory(role=Role.SUPERVISOR, scope=mine)
    theirs = AgentFactory()

    outcome = run(f"A1,甲,华东一组,,,\nA2,乙,华南一组,,,\n{theirs.user.staff_no},丙,华东一组,,,\n", actor=supervisor)

    assert [line.reasons[0].code for line in outcome.refused] == ["team_unknown", "outside_scope"]
    assert [row.staff_no for row in outcome.sign_ins] == ["A1"]


def test_only_who_may_make_teams_lets_the_import_make_them(run, company):
    supervisor = PersonFactory(role=Role.SUPERVISOR, scope=company)

    with pytest.raises(NotAllowed):
        run("A1,甲,新组,,,\n", actor=supervisor, create_missing=True)

    assert not Team.objects.filter(name="新组").exists()


@pytest.mark.parametrize(
    ("text", "refusal"),
    [("姓名\n甲\n", BadInput), ("工号,姓名\n", AgentFileRefused), ("工号,姓名,员工编号\nA1,甲,A2\n", BadInput)],
)
def test_a_file_without_a_usable_header_or_rows_is_refused(text, refusal):
    with pytest.raises(refusal):
        sheet(text)


@pytest.fixture
def file(tmp_path, company):
    """A file with one good and one bad row."""
    path = tmp_path / "agents.csv"
    path.write_text(HEAD + "A1,甲,华东一组,,,\n,乙,华东一组,,,\n", encoding="gb18030")
    return path


def test_the_command_leaves_passwords_for_the_owner_alone_and_a_reject_file(file, tmp_path):
    with pytest.raises(CommandError, match="1 rows were refused"):
        call_command("import_agents", str(file))

    passwords = tmp_path / "agents.passwords.csv"
    assert passwords.stat().st_mode & 0o777 == 0o600
    staff_no, _name, password = passwords.read_text("utf-8-sig").splitlines()[1].split(",")
    assert authenticate(username=staff_no, password=password) == Agent.objects.get().user

    rejects = tmp_path / "agents.rejects.csv"
    lines = rejects.read_text("utf-8-sig").splitlines()
    assert len(lines) == 2
    corrected = rejects.read_text("utf-8-sig").replace("\n,乙", "\nA2,乙")
    file.write_text(corrected)
    passwords.unlink()
    call_command("import_agents", str(file))
    assert Agent.objects.count() == 2


def test_the_command_never_overwrites_passwords(file, tmp_path):
    (tmp_path / "agents.passwords.csv").write_text("kept")

    with pytest.raises(CommandError):
        call_command("import_agents", str(file))

    assert (tmp_path / "agents.passwords.csv").read_text() == "kept"
    assert not Agent.objects.exists()


def test_the_command_tries_without_storing(file, tmp_path):
    with pytest.raises(CommandError):
        call_command("import_agents", str(file), "--dry-run")

    assert not Agent.objects.exists()
    assert not (tmp_path / "agents.passwords.csv").exists()
    with pytest.raises(CommandError, match="There is no file"):
        call_command("import_agents", str(tmp_path / "none.csv"))


def test_a_job_imports_the_file_once_however_often_it_runs(file, company, now):
    supervisor = PersonFactory(role=Role.SUPERVISOR, scope=company)
    stored = store(content=file.read_bytes(), name="agents.csv", purpose="agents.import", owner=supervisor, now=now)
    for _turn in range(2):
        job = start_job(kind="agents.import", owner=supervisor, input_file=stored, now=now)
        run_job(job.pk)

    first, second = Job.objects.order_by("pk")
    assert (first.state, first.succeeded, first.refused) == (JobState.PARTIAL, 1, 1)
    assert (second.state, second.succeeded, second.refused) == (JobState.PARTIAL, 1, 1)
    assert first.rows.get().column == "工号"
    with first.result_file.content.open("rb") as content, zipfile.ZipFile(content) as archive:
        assert archive.namelist() == ["passwords.csv", "rejects.csv"]
    assert first.result_file.delete_after is not None
    assert second.result_file.name.endswith("rejects.csv")
    assert Agent.objects.count() == 1
