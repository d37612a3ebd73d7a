"""Answers given once: a write that comes twice with one key is done once."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.core.files.uploadedfile import UploadedFile
from django.db import OperationalError, connection

from cardfleet.accounts.models import User
from cardfleet.jobs.errors import KeyInUse, KeyReused
from cardfleet.jobs.models import IdempotencyKey

KEPT = timedelta(hours=24)
# Most writes are done sooner than this; who repeats a longer one is told to come again and holds no worker up.
PATIENCE = "SET LOCAL lock_timeout = '5s'"
NO_LIMIT = "SET LOCAL lock_timeout = 0"
LOCK_NOT_AVAILABLE = "55P03"


def request_hash(method: str, path: str, fields: Mapping[str, list[Any]] | Any, *, by: str = "") -> str:
    """Return a hash of what is asked: method, path and the parsed body, files by their content.

    `by` is the caller's token where no other of the same person may be given the answer.
    """
    digest = hashlib.sha256(f"{method} {path} {by}\n".encode())
    digest.update(json.dumps(fields, sort_keys=True, default=_plain).encode())
    return digest.hexdigest()


def _plain(value: Any) -> str:
    if isinstance(value, UploadedFile):
        digest = hashlib.sha256()
        for chunk in value.chunks():
            digest.update(chunk)
        value.seek(0)
        return digest.hexdigest()
    return str(value)


def claim_key(*, user: User, key: str, asked: str, now: datetime) -> IdempotencyKey:
    """Return the key's row, locked until the transaction ends: new without an answer, or with the one once given.

    The answer is stored in the transaction of the deed, so a crash leaves neither. A key of more than 24 hours ago is
    as good as new. KeyReused; KeyInUse where the same request is still being done.
    """
    with connection.cursor() as cursor:
        cursor.execute(PATIENCE)
        known = _taken(user, key, asked, now)
        cursor.execute(NO_LIMIT)
    if known.created_at <= now - KEPT:
        known.request_hash, known.status, known.answer, known.created_at = asked, None, "", now
        known.save()
    if known.request_hash != asked:
        raise KeyReused
    return known


def _taken(user: User, key: str, asked: str, now: datetime) -> IdempotencyKey:
    """Return the row of a key, made where there is none, and locked. It waits for who makes one at the same moment."""
    new = IdempotencyKey(user=user, key=key, request_hash=asked, created_at=now)
    try:
        [row] = IdempotencyKey.objects.bulk_create(
            [new], update_conflicts=True, unique_fields=["user", "key"], update_fields=["key"]
        )
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") == LOCK_NOT_AVAILABLE:
            raise KeyInUse from error
        raise
    return IdempotencyKey.objects.get(pk=row.pk)


def store_answer(*, claimed: IdempotencyKey, status: int, answer: Any) -> None:
    """Keep the answer for the next request with the same key, encrypted: it may hold a secret that is told once."""
    claimed.status = status
    claimed.answer = orjson.dumps(answer, default=str).decode()
    claimed.save(update_fields=["status", "answer"])


def kept_answer(known: IdempotencyKey) -> Any:
    """Return the answer once given, as the JSON a client reads."""
    return orjson.loads(known.answer)


def forget_old_keys(*, now: datetime) -> int:
    """Delete keys after 24 hours and return how many."""
    return IdempotencyKey.objects.filter(created_at__lt=now - KEPT).delete()[0]
