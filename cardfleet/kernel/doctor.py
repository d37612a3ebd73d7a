"""The checks every installation needs: database, migrations, Redis, worker, beat, keys, storage, clock."""

import tempfile
from datetime import timedelta

import redis
from cryptography.fernet import Fernet, InvalidToken
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import F, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel import health, heartbeat
from cardfleet.kernel.crypto import EncryptedField, decrypt
from cardfleet.kernel.errors import Text
from cardfleet.kernel.health import Unwell
from cardfleet.kernel.outages import DatabaseFull, outage_of
from cardfleet.kernel.owning import odd_rights

CLOCK_TOLERANCE = timedelta(seconds=5)
# So many numbers are laid aside in a file of some 20 MB where little memory may be used for them, and that is removed.
ROOM_SQL = "SELECT count(*) FROM generate_series(1, 1500000)"


def database() -> None:
    """The database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        raise Unwell(_("The database does not answer. Is it running, and is DATABASE_URL right?")) from error


def room() -> None:
    """The database has room to lay something aside."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL work_mem = '64kB'")
            cursor.execute(ROOM_SQL)
    except DatabaseError as error:
        if not isinstance(outage_of(error), DatabaseFull):
            raise Unwell(_("Nobody knows how much room is left while the database does not answer.")) from error
        raise Unwell(
            _("The database’s disk has less than 20 MB left, so writes are refused. Make room; no restart is needed.")
        ) from error


def migrations() -> None:
    """Every migration of this version is applied."""
    try:
        executor = MigrationExecutor(connection)
    except DatabaseError as error:
        raise Unwell(_("The migrations cannot be read while the database does not answer.")) from error
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Unwell(_("Some migrations are not applied. Run: manage.py migrate, then manage.py load_reference."))


def rights() -> None:
    """The application's role may do what it needs, and no more; asked where the tables are another role's."""
    if not settings.DATABASE_OWNER:
        return
    try:
        odd = odd_rights()
    except DatabaseError as error:
        raise Unwell(_("The rights cannot be read while the database does not answer.")) from error
    if odd:
        raise Unwell(
            _("The rights on %(count)s tables are not the application’s (%(first)s). As owner: manage.py grant_rights.")
            % {"count": len(odd), "first": odd[0]}
        )


def redis_answers() -> None:
    """Redis answers."""
    try:
        cache.get("doctor")
    except redis.RedisError as error:
        raise Unwell(_("Redis does not answer. Is it running, and is REDIS_URL right?")) from error


def worker() -> None:
    """A worker was seen lately."""
    _seen("worker", _("No worker was seen within a minute. Start one: celery -A cardfleet worker."))


def beat() -> None:
    """Beat was seen lately."""
    _seen("beat", _("Beat was not seen within a minute, so no scheduled job runs. Start it: celery -A cardfleet beat."))


def _seen(who: str, advice: Text) -> None:
    try:
        alive = heartbeat.seen(who)
    except redis.RedisError as error:
        raise Unwell(advice) from error
    if not alive:
        raise Unwell(advice)


def keys() -> None:
    """The field keys are well formed, and they open what is stored."""
    try:
        for key in settings.FIELD_KEYS:
            Fernet(key)
    except ValueError as error:
        raise Unwell(_("FIELD_KEYS holds something that is no key. A key is 44 letters of base64.")) from error
    if not settings.FIELD_KEYS:
        raise Unwell(_("FIELD_KEYS is empty, so nothing secret can be stored or read."))
    try:
        for token in _stored_tokens():
            decrypt(token)
    except InvalidToken as error:
        raise Unwell(
            _("FIELD_KEYS does not open what is stored. Put the earlier keys back, behind the new one.")
        ) from error
    except DatabaseError as error:
        raise Unwell(_("The stored secrets cannot be tried while the database is not set up.")) from error


def _stored_tokens() -> list[str]:
    """Return the newest stored token of every encrypted field that has one."""
    found = []
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, EncryptedField):
                rows = QuerySet(model).annotate(token=Cast(F(field.attname), TextField())).exclude(token="")
                found += rows.exclude(token=None).order_by("-pk").values_list("token", flat=True)[:1]
    return found


def storage() -> None:
    """The folder of the files can be written."""
    try:
        settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.MEDIA_ROOT) as probe:
            probe.write(b"written")
    except OSError as error:
        raise Unwell(
            _("The folder of the files cannot be written. Check FILES_ROOT, its owner and free space.")
        ) from error


def clock() -> None:
    """This machine and the database agree on the time."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            row = cursor.fetchone()
    except DatabaseError as error:
        raise Unwell(_("The clocks cannot be compared while the database does not answer.")) from error
    if row is None or abs(timezone.now() - row[0]) > CLOCK_TOLERANCE:
        raise Unwell(_("This machine and the database differ by more than five seconds. Set both by NTP."))


health.register("database", database, ready=True)
health.register("room", room)
health.register("migrations", migrations)
health.register("rights", rights)
health.register("redis", redis_answers, ready=True)
health.register("worker", worker, ready=True)
health.register("beat", beat)
health.register("keys", keys)
health.register("storage", storage)
health.register("clock", clock)
