"""A fleet of any size, made by set-based SQL in the product's own tables, the same for the same size.

Each function makes what is missing up to a number and leaves what is there, so that a fleet only grows. What a card
is follows from its number through a hash, so no draw depends on the order of rows.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.db import connection, models, transaction
from django.utils import timezone

from agents.models import Agent, Assignment, Course, TrainingRecord
from billing.models import Account, AccountCard, UsageBatch, UsageRecord, UsageSource
from billing.services.partitions import analyse_new, ensure_partitions
from billing.services.rollups import refresh
from cardfleet.accounts.choices import Role, TeamKind
from cardfleet.accounts.models import ScopeGrant, Team, User
from cardfleet.accounts.services.teams import create_team
from cardfleet.kernel.clock import business_day
from cardfleet.kernel.reference import load
from cards.models import Card, CardChange, Carrier, Contract, PlanPrice, RatePlan, Registrant
from lifecycle.models import RiskAssessment

SEED = 20261122
TEAMS, CARDS_AN_AGENT = 20, 10
DAYS = 30
BEGAN = timedelta(days=400)
STATES = {"active": 88, "half_stop": 3, "full_stop": 3, "forced_stop": 2, "pending": 3, "cancelled": 1}


def dice(number: str, salt: int, sides: int | str) -> str:
    """Return SQL for a number from 0 to below `sides`, always the same for the same number and salt."""
    return f"((hashint8extended(({number})::bigint, {SEED + salt}) & 2147483647) % {sides})"


def insert(model: type[models.Model], source: str, /, **values: str) -> int:
    """Insert a row for each row of `source` (SQL after FROM); other columns get the model's defaults."""
    fields = [field for field in model._meta.concrete_fields if field.attname in values or not field.primary_key]
    fixed: dict[str, Any] = {
        field.column: field.get_db_prep_save(field.get_default(), connection)
        for field in fields
        if field.attname not in values
    }
    columns = {field.column: values.get(field.attname, f"%({field.column})s") for field in fields}
    chosen = ", ".join(value if value.startswith("%(") else value.replace("%", "%%") for value in columns.values())
    statement = (
        f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) SELECT {chosen} FROM {source.replace('%', '%%')}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {**fixed, "": None})
        return int(cursor.rowcount)


def ground() -> None:
    """Make carriers, plans, teams and the people who ask: `supervisor` with a scope, `finance` without need of one."""
    if User.objects.filter(username="bench-supervisor").exists():
        return
    now = timezone.now()
    load(now=now)
    company = create_team(name="Company", kind=TeamKind.COMPANY, actor=None, now=now)
    teams = [create_team(name=f"Team {number}", parent=company, actor=None, now=now) for number in range(TEAMS)]
    for role in (Role.SUPERVISOR, Role.FINANCE):
        asking = User.objects.create(username=f"bench-{role}", name=role.title(), team=company, is_staff=True)
        asking.groups.add(Group.objects.get(name=role))
        ScopeGrant.objects.create(user=asking, team=company)
    company_named = Registrant.objects.create(kind="company", name="Bench Ltd.", handler_name=teams[0].name)
    for carrier in Carrier.objects.order_by("pk")[:3]:
        Contract.objects.create(carrier=carrier, number=f"HT-{company_named.pk}-{carrier.pk}", starts_on="2024-01-01")
        for number in range(3):
            plan = RatePlan.objects.create(carrier=carrier, name=f"Plan {number}")
            price = {"monthly_fee": 19 + number, "minute_price": "0.15", "included_minutes": 100}
            PlanPrice.objects.create(plan=plan, effective_from=date(2020, 1, 1), **price)
    UsageSource.objects.create(slug="bench", name="Bench", role="carrier")


def person(role: str) -> User:
    """Return who asks in that role."""
    return User.objects.get(username=f"bench-{role}")


@transaction.atomic
def cards(count: int) -> None:
    """Have so many cards, with history, holders, accounts and risks; one agent for ten cards."""
    ground()
    have = Card.objects.count()
    if have >= count:
        return
    _agents(-(-count // CARDS_AN_AGENT))
    now = timezone.now()
    base = Card.objects.aggregate(last=models.Max("pk"))["last"] or 0
    _cards(have, count, now)
    fresh = f"cards_card c WHERE c.id > {base}"
    since = {"recorded_at": "c.created_at", "source": "'takeover'", "card_id": "c.id", "at": "c.service_since"}
    insert(CardChange, fresh, axis="'service'", to_state="c.service_state", reason="c.stop_reason", **since)
    insert(CardChange, fresh, axis="'custody'", to_state="c.custody_state", **since)
    insert(
        Assignment,
        f"cards_card c JOIN agents_agent a ON a.user_id = c.holder_id WHERE c.id > {base}",
        card_id="c.id", agent_id="a.id", team_id="c.team_id", started_at="c.custody_since",
        recorded_at="c.custody_since", accepted_at="c.custody_since", taken_from="'in_stock'",
    )  # fmt: skip
    insert(
        Account, fresh, carrier_id="c.carrier_id", code="'bench-' || c.id", opened_at="c.created_at",
        balance=f"{dice('c.id', 11, 200)} - 20",
    )  # fmt: skip
    insert(
        AccountCard, f"cards_card c JOIN billing_account a ON a.code = 'bench-' || c.id WHERE c.id > {base}",
        account_id="a.id", card_id="c.id", starts_on="(c.created_at AT TIME ZONE 'Asia/Shanghai')::date",
    )  # fmt: skip
    score = dice("c.id", 12, 100)
    insert(
        RiskAssessment, fresh, card_id="c.id", score=score,
        band=f"CASE WHEN {score} >= 70 THEN 'high' WHEN {score} >= 40 THEN 'medium' ELSE 'low' END",
        calls_today=dice("c.id", 13, 120), call_limit="150", assessed_at="now()",
    )  # fmt: skip
    analyse()


def _agents(count: int) -> None:
    have = Agent.objects.count()
    if have >= count:
        return
    teams = list(Team.objects.filter(kind=TeamKind.TEAM).order_by("pk").values_list("pk", flat=True))
    number = f"generate_series({have + 1}, {count}) AS i"
    insert(
        User, number, username="'A' || lpad(i::text, 6, '0')", staff_no="'A' || lpad(i::text, 6, '0')",
        name="'坐席' || i", name_initials="'zx' || i", name_pinyin="'zuoxi' || i", password="'!'",
        team_id=f"(ARRAY{teams})[1 + i % {len(teams)}]", date_joined="now()",
    )  # fmt: skip
    new = "NOT EXISTS (SELECT FROM agents_agent WHERE user_id = u.id)"
    people = f"accounts_user u WHERE u.staff_no LIKE 'A%' AND {new} ORDER BY u.id"
    role = Group.objects.get(name=Role.AGENT).pk
    insert(User.groups.through, people, user_id="u.id", group_id=str(role))
    insert(Agent, people, user_id="u.id", joined_on="'2024-01-01'")
    untrained = "agents_agent a WHERE NOT EXISTS (SELECT FROM agents_trainingrecord WHERE agent_id = a.id)"
    for course in Course.objects.filter(is_required=True):
        insert(
            TrainingRecord, untrained, agent_id="a.id", course_id=str(course.pk), passed_on="current_date - 100",
            valid_until="current_date + 200", recorded_at="now()",
        )  # fmt: skip


def _cards(have: int, count: int, now: datetime) -> None:
    """Number cards from `have` + 1 to `count`: four of five in service are held, by the agents in turn."""
    plans = list(RatePlan.objects.order_by("pk").values_list("carrier_id", "pk"))
    carriers, plan_ids = [carrier for carrier, _plan in plans], [plan for _carrier, plan in plans]
    pick = f"1 + {dice('i', 1, len(plans))}"
    state, border = "CASE", 0
    for name, share in STATES.items():
        border += share
        state += f" WHEN {dice('i', 2, 100)} < {border} THEN '{name}'"
    source = f"""(
        SELECT i, {state} END AS state, u.id AS holder, u.team_id AS team FROM generate_series({have + 1}, {count}) AS i
        JOIN (SELECT row_number() OVER (ORDER BY u.id) - 1 AS place, u.id, u.team_id
              FROM agents_agent a JOIN accounts_user u ON u.id = a.user_id) u
            ON u.place = i % (SELECT count(*) FROM agents_agent) ORDER BY i) n"""
    held = f"n.state <> 'cancelled' AND {dice('n.i', 4, 5)} > 0"
    began = f"'{now - BEGAN:%Y-%m-%d %H:%M}'::timestamptz + n.i * interval '1 second'"
    insert(
        Card, source, iccid="'898600' || lpad(n.i::text, 14, '0')", msisdn="'+86138' || lpad(n.i::text, 8, '0')",
        carrier_id=f"(ARRAY{carriers})[{pick}]", plan_id=f"(ARRAY{plan_ids})[{pick}]",
        registrant_id=str(Registrant.objects.get(name="Bench Ltd.").pk), real_name_state="'valid'", region="'广东'",
        location="'A-' || n.i % 40", batch="'B' || n.i / 1000", activated_on="current_date - 300",
        expires_on=f"current_date + {dice('i', 3, 700)}::int - 10", service_state="n.state",
        stop_reason="CASE WHEN n.state IN ('half_stop', 'full_stop') THEN 'arrears' "
                    "WHEN n.state = 'forced_stop' THEN 'complaint' ELSE '' END",
        service_since=began, custody_since=began, created_at=began, updated_at=began, team_id="n.team",
        custody_state=f"CASE WHEN {held} THEN 'issued' ELSE 'in_stock' END",
        holder_id=f"CASE WHEN {held} THEN n.holder END",
    )  # fmt: skip


def calls(rows: int, *, until: date | None = None, days: int = DAYS) -> None:
    """Have so many calls of the cards there are, on the days up to the day before `until` (today), rolled up.

    They are stored as an import leaves them: in the order of the one index, stamped with agent and team.
    """
    last = until or business_day(timezone.now())
    first = last - timedelta(days=days)
    held = UsageRecord.objects.count()
    if held >= rows:
        return
    ensure_partitions(first, last)
    source = UsageSource.objects.get(slug="bench")
    batch = UsageBatch.objects.create(source=source, state="stored", sha256=f"{held}", created_at=timezone.now())
    callers = _keep_callers()
    for day in range(days):
        begin, end = held + (rows - held) * day // days, held + (rows - held) * (day + 1) // days
        _calls_of_day(first + timedelta(days=day), begin, end, batch, callers)
    analyse_new()
    for day in range(days):
        when = first + timedelta(days=day)
        refresh(f"SELECT DISTINCT card_id, '{when}'::date AS day FROM ({_records(when)}) r", [source.role])
    analyse()


def _records(day: date) -> str:
    return (
        "SELECT card_id FROM billing_usagerecord WHERE started_at >= "
        f"'{day} 00:00+08'::timestamptz AND started_at < '{day} 00:00+08'::timestamptz + interval '1 day'"
    )


def _keep_callers() -> int:
    """Keep for the session who may call, by their place; return how many they are."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.bench_caller")
        cursor.execute(
            "CREATE TEMPORARY TABLE bench_caller AS SELECT row_number() OVER (ORDER BY c.id) - 1 AS place, c.id, "
            "c.msisdn, c.team_id, a.agent_id FROM cards_card c LEFT JOIN agents_assignment a ON a.card_id = c.id "
            "AND a.ended_at IS NULL AND a.undone_at IS NULL"
        )
        callers = int(cursor.rowcount)
        cursor.execute("ANALYZE pg_temp.bench_caller")
    return callers


def _calls_of_day(day: date, begin: int, end: int, batch: UsageBatch, callers: int) -> None:
    """Store calls numbered from `begin` to below `end`, from nine to eight."""
    source = (
        f"(SELECT g, c.* FROM generate_series({begin}, {end - 1}) AS g JOIN bench_caller c "
        f"ON c.place = {dice('g', 21, callers)} ORDER BY c.id, {dice('g', 22, 39600)}) n"
    )
    answered = f"{dice('n.g', 23, 100)} < 60"
    insert(
        UsageRecord, source, card_id="n.id", uid="md5(n.g::text)::uuid", source_id=str(batch.source_id),
        started_at=f"'{day} 09:00+08'::timestamptz + {dice('n.g', 22, 39600)} * interval '1 second'",
        batch_id=str(batch.pk), agent_id="n.agent_id", team_id="n.team_id", msisdn="n.msisdn",
        direction=f"CASE WHEN {dice('n.g', 24, 20)} = 0 THEN 'in' ELSE 'out' END",
        counterpart=f"'+86139' || lpad({dice('n.g', 25, 10_000_000)}::text, 8, '0')",
        duration_s=f"CASE WHEN {answered} THEN 1 + {dice('n.g', 26, 300)} ELSE 0 END", answered=answered,
        fee=f"round({dice('n.g', 26, 300)} * 0.0025, 2)", rated_fee=f"round({dice('n.g', 26, 300)} * 0.0025, 2)",
    )  # fmt: skip


def analyse(*tables: str) -> None:
    """Let the planner know what is there."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(tables)}")


def settle() -> None:
    """Let the server do now what it would do by itself after so many rows: clean them up and write them to disk."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("SELECT pg_has_role(current_user, 'pg_checkpoint', 'USAGE')")
        if cursor.fetchone()[0]:
            cursor.execute("CHECKPOINT")
