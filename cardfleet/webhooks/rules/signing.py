"""Signatures of Standard Webhooks (standardwebhooks.com): `v1,` and HMAC-SHA256 over id, timestamp and body. Pure."""

import base64
import binascii
import hmac
from collections.abc import Sequence

PREFIX = "whsec_"
SHORTEST, LONGEST = 24, 64


def key_of(secret: str) -> bytes | None:
    """Return the key of a secret `whsec_<base64>`; None when it is none."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if secret.startswith(PREFIX) and SHORTEST <= len(key) <= LONGEST else None


def secret_of(key: bytes) -> str:
    """Return a key as a secret."""
    return PREFIX + base64.b64encode(key).decode()


def signed(secrets: Sequence[str], *, event_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the headers of a call: signed with each secret, so that a receiver may know the old or the new one."""
    message = f"{event_id}.{timestamp}.".encode() + body
    digests = [hmac.digest(key, message, "sha256") for key in map(key_of, secrets) if key]
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{base64.b64encode(digest).decode()}" for digest in digests),
    }


def without_secrets(text: str, secrets: Sequence[str]) -> str:
    """Return what a receiver answered without the secrets, should it repeat them."""
    for secret in secrets:
        for form in (secret, secret.removeprefix(PREFIX)):
            text = text.replace(form, "…") if form else text
    return text
