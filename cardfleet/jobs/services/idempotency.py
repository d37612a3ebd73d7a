"""Answers given once: a write that comes twice with one key is done once."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from cardfleet.accounts.models import User
from cardfleet.jobs.errors import KeyReused
from cardfleet.jobs.models import IdempotencyKey

KEPT = timedelta(days=2)


def request_hash(method: str, path: str, fields: Mapping[str, list[Any]] | Any) -> str:
    """Return a hash of what is asked: method, path and the parsed body, files by their content."""
    digest = hashlib.sha256(f"{method} {path}\n".encode())
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

    The answer is stored in the transaction of the deed, so a crash leaves neither. KeyReused.
    """
    try:
        with transaction.atomic():
            return IdempotencyKey.objects.create(user=user, key=key, request_hash=asked, created_at=now)
    except IntegrityError:
        known = IdempotencyKey.objects.select_for_update().get(user=user, key=key)
    if known.request_hash != asked:
        raise KeyReused
    return known


def store_answer(*, claimed: IdempotencyKey, status: int, answer: Any) -> None:
    """Keep the answer for the next request with the same key."""
    claimed.status = status
    claimed.answer = answer
    claimed.save(update_fields=["status", "answer"])


def forget_old_keys(*, now: datetime) -> int:
    """Delete keys after two days and return how many."""
    return IdempotencyKey.objects.filter(created_at__lt=now - KEPT).delete()[0]
