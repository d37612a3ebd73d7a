"""Secrets at rest: MultiFernet with the keys of FIELD_KEYS, first encrypts, all decrypt (design, invariant 7)."""

import hashlib
import hmac
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
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


@lru_cache(maxsize=4)
def _signing_key(secret: str) -> Ed25519PrivateKey:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"cardfleet: files handed out").derive(
        secret.encode()
    )
    return Ed25519PrivateKey.from_private_bytes(derived)


def sign(message: bytes) -> bytes:
    """Return the Ed25519 signature (64 bytes) of a message by this installation.

    The key comes from SECRET_KEY, as fingerprints do: rotating field keys leaves what was signed provable.
    """
    return _signing_key(settings.SECRET_KEY).sign(message)


def public_key() -> bytes:
    """Return the Ed25519 public key (32 bytes) by which others prove what this installation signed."""
    return _signing_key(settings.SECRET_KEY).public_key().public_bytes_raw()


def is_signed(message: bytes, *, signature: bytes, key: bytes) -> bool:
    """Tell whether a signature is that of a message by the owner of a public key."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


class EncryptedField(models.TextField):  # type: ignore[type-arg]
    """A text stored encrypted. Its form in the database is a token; it cannot be filtered or searched."""

    def from_db_value(self, value: str | None, *_args: Any) -> str | None:
        """Return the plain text of the stored token."""
        return decrypt(value) if value else value

    def get_prep_value(self, value: Any) -> Any:
        """Return the token to store; an empty text stays empty."""
        plain = super().get_prep_value(value)
        return encrypt(plain) if plain else plain
