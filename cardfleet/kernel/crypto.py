"""Secrets at rest: MultiFernet with the keys of FIELD_KEYS, first encrypts, all decrypt (design, invariant 7)."""

import hashlib
import hmac
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import models


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(plain: str) -> str:
    """Return the token of a text."""
    return _cipher(tuple(settings.FIELD_KEYS)).encrypt(plain.encode()).decode()


def decrypt(token: str) -> str:
    """Return the text of a token; `cryptography.fernet.InvalidToken` when no key fits."""
    return _cipher(tuple(settings.FIELD_KEYS)).decrypt(token.encode()).decode()


def seal(plain: bytes) -> bytes:
    """Return the token of a whole file that holds secrets."""
    return _cipher(tuple(settings.FIELD_KEYS)).encrypt(plain)


def unseal(token: bytes) -> bytes:
    """Return the file of a token; `cryptography.fernet.InvalidToken` when no key fits."""
    return _cipher(tuple(settings.FIELD_KEYS)).decrypt(token)


def fingerprint(plain: str) -> str:
    """Return a keyed hash (64 hex digits) by which equal secrets are found without being readable.

    It is keyed with SECRET_KEY, not FIELD_KEYS, so that rotating field keys leaves look-ups intact.
    """
    return hmac.new(settings.SECRET_KEY.encode(), plain.encode(), hashlib.sha256).hexdigest()


class EncryptedField(models.TextField):  # type: ignore[type-arg]
    """A text stored encrypted. Its form in the database is a token; it cannot be filtered or searched."""

    def from_db_value(self, value: str | None, *_args: Any) -> str | None:
        """Return the plain text of the stored token."""
        return decrypt(value) if value else value

    def get_prep_value(self, value: Any) -> Any:
        """Return the token to store; an empty text stays empty."""
        plain = super().get_prep_value(value)
        return encrypt(plain) if plain else plain
