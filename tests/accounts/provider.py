"""A provider of OpenID Connect on loopback: metadata, keys, authorisation with PKCE, tokens; it errs as it is told."""

import hmac
import json
import secrets
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CLIENT, SECRET = "cardfleet", "known-to-both"


@cache
def key(_number: int = 0) -> rsa.RSAPrivateKey:
    """Make a key, once."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def signed(claims: dict[str, Any]) -> str:
    """Sign as a provider should."""
    return jwt.encode(claims, key(), algorithm="RS256", headers={"kid": "k1"})


def unsigned(claims: dict[str, Any]) -> str:
    """Sign nothing."""
    return jwt.encode(claims, None, algorithm="none", headers={"kid": "k1"})


def signed_by_another(claims: dict[str, Any]) -> str:
    """Sign with a key that is not the provider's."""
    return jwt.encode(claims, key(1), algorithm="RS256", headers={"kid": "k1"})


def signed_by_the_public_key(claims: dict[str, Any]) -> str:
    """Take what everybody knows for the secret of an HMAC."""
    public = key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    parts = [json.dumps(part).encode() for part in ({"alg": "HS256", "typ": "JWT", "kid": "k1"}, claims)]
    said = b".".join(urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    seal = urlsafe_b64encode(hmac.digest(public, said, "sha256")).rstrip(b"=")
    return f"{said.decode()}.{seal.decode()}"


def of_a_lost_key(claims: dict[str, Any]) -> str:
    """Sign with a key that the provider no longer names."""
    return jwt.encode(claims, key(), algorithm="RS256", headers={"kid": "k0"})


@dataclass
class Provider:
    """What it says of who signs in, and how it errs. `came`: the questions of authorisation."""

    url: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    sign: Callable[[dict[str, Any]], str] = signed
    broken: dict[str, tuple[int, str]] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    denies: bool = False
    came: list[dict[str, str]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def answer_metadata(self) -> dict[str, Any]:
        """Tell where everything is."""
        places = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/jwks"}
        told = {name: self.url + path for name, path in places.items()}
        methods = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
        return {"issuer": self.url, **told, **methods, **self.metadata}

    def answer_keys(self) -> dict[str, Any]:
        """Tell the public key."""
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key().public_key()))
        return {"keys": [{**public, "kid": "k1", "alg": "RS256", "use": "sig"}]}

    def answer_authorisation(self, asked: dict[str, str]) -> str:
        """Return where to send the browser back to."""
        self.came.append(asked)
        given = {"state": asked["state"]}
        if self.denies:
            return f"{asked['redirect_uri']}?{urlencode({**given, 'error': 'access_denied'})}"
        code = secrets.token_urlsafe()
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({**given, 'code': code})}"

    def answer_token(self, sent: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Give a token for a code, once, to who knows the secret and what the challenge was made of."""
        asked = self.codes.pop(sent.get("code", ""), None)
        made = urlsafe_b64encode(sha256(sent.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        known = (sent.get("client_id"), sent.get("client_secret")) == (CLIENT, SECRET)
        if asked is None or not known or asked["code_challenge"] != made or asked["code_challenge_method"] != "S256":
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"], **self.claims}
        kept = {name: value for name, value in claims.items() if value is not None}
        return 200, {"access_token": "a", "token_type": "Bearer", "expires_in": 300, "id_token": self.sign(kept)}


@contextmanager
def serving() -> Iterator[Provider]:
    """Serve a provider."""
    known = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            place, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
            if place in known.broken:
                self.give(*known.broken[place])
            elif place == "/authorize":
                target = known.answer_authorisation({name: values[0] for name, values in query.items()})
                self.send_response(302)
                self.send_header("Location", target)
                self.send_header("Content-Length", "0")
                self.end_headers()
            else:
                answers = {"/.well-known/openid-configuration": known.answer_metadata, "/jwks": known.answer_keys}
                self.give(200, json.dumps(answers[place]()))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if self.path in known.broken:
                self.give(*known.broken[self.path])
                return
            status, answer = known.answer_token({name: values[0] for name, values in parse_qs(body).items()})
            self.give(status, json.dumps(answer))

        def give(self, status: int, body: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json" if body.startswith(("{", "[")) else "text/html")
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        known.url = f"http://127.0.0.1:{server.server_port}"
        yield known
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
