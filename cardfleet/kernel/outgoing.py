"""Requests to servers whose address somebody typed in: guarded, so that nobody reaches the house's own network by us.

A name is resolved once, every address of it is looked at, and the connection goes to the address that was looked at:
a name that answers otherwise a moment later gains nothing. Redirects are answers, never followed. Hosts and networks of
the house (`OUTGOING_ALLOWED_HOSTS`) are reached all the same, without TLS too.
"""

import socket
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from threading import Timer
from typing import Any

import certifi
from django.utils.translation import gettext_lazy as _
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, LocationParseError, NewConnectionError, SSLError
from urllib3.exceptions import TimeoutError as TooSlow
from urllib3.util import Url, parse_url

from cardfleet.kernel.errors import BadInput, Refusal

Address = IPv4Address | IPv6Address
Resolver = Callable[[str, int], Sequence[Address]]
CHUNK = 64 * 1024
# IPv4 inside IPv6: whoever runs the translation reaches the inner address.
TRANSLATED = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))


class AddressUnusable(BadInput):
    """What was typed is no address that may be asked: malformed, without TLS, or inside a private network."""

    code = "address_unusable"
    sentence = _("Write an address that begins with https:// and names a public server.")


class NoAnswer(Refusal):
    """The other server did not answer, or not in time."""

    code = "no_answer"
    status = 502
    sentence = _("The other server did not answer. It is asked again later; see whether its address still holds.")


class AnswerTooLarge(Refusal):
    """More came than is ever read."""

    code = "answer_too_large"
    status = 502
    sentence = _("The other server answered with more than is read at once. Ask it for smaller pages.")


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long is waited, in seconds: to connect, for the next bytes, in all; and how many bytes are read."""

    connect_s: float = 5
    silence_s: float = 10
    all_s: float = 30
    most_bytes: int = 16 << 20


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request. Address, headers and body may hold secrets: none of it is ever logged or told."""

    url: str = field(repr=False)
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back; a redirect is such an answer, too."""

    status: int
    content_type: str
    body: bytes = field(repr=False)


def system_addresses(host: str, port: int) -> Sequence[Address]:
    """Return the addresses of a name as the system resolves it, the preferred one first."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [ip_address(where[0]) for *_what, where in found]


def send(
    call: Call, *, allowed: Collection[str], limits: Limits | None = None, resolve: Resolver = system_addresses
) -> Answer:
    """Send a request and return the answer, whatever its status. AddressUnusable, NoAnswer, AnswerTooLarge.

    `allowed`: host names and networks (CIDR) of the house that may be asked.
    """
    limits = limits or Limits()
    url = _parsed(call.url)
    ends = time.monotonic() + limits.all_s
    for address in _permitted(url, allowed, resolve):
        try:
            return _sent(call, url, address, limits, ends)
        except (NewConnectionError, ConnectTimeoutError):
            continue  # another address of the same name may listen
        except TooSlow as error:
            raise NoAnswer(message=_("The other server took too long to answer.")) from error
        except SSLError as error:
            raise NoAnswer(message=_("The other server could not prove who it is (TLS).")) from error
        except (HTTPError, OSError, ValueError) as error:
            raise NoAnswer from error
    raise NoAnswer


def refuse_unusable(text: str, *, allowed: Collection[str]) -> None:
    """Look at an address that is typed, as far as it tells by itself: names are resolved to ask. AddressUnusable."""
    url = _parsed(text)
    host = str(url.host).strip("[]")
    try:
        may_be = _is_allowed(host, ip_address(host), allowed) or _is_open(url, ip_address(host))
    except ValueError:
        may_be = url.scheme == "https" or any(host.casefold() == one.casefold() for one in allowed)
    if not may_be:
        raise AddressUnusable


def is_public(address: Address) -> bool:
    """Tell whether an address is one of the open internet, also when it is written inside another."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is not None:
            return is_public(inner)
        if any(address in network for network in TRANSLATED):
            return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    return address.is_global and not address.is_multicast and not address.is_reserved


def _parsed(text: str) -> Url:
    try:
        url = parse_url(text.strip())
    except LocationParseError as error:
        raise AddressUnusable from error
    if url.scheme not in ("https", "http") or not url.host or url.auth:
        raise AddressUnusable
    return url


def _permitted(url: Url, allowed: Collection[str], resolve: Resolver) -> Sequence[Address]:
    """Return the addresses of a host, each of which may be asked."""
    host = str(url.host).strip("[]")
    try:
        addresses = list(dict.fromkeys(resolve(host, _port(url))))
    except (OSError, ValueError) as error:
        raise NoAnswer(message=_("There is no server of this name.")) from error
    if not all(_is_allowed(host, address, allowed) or _is_open(url, address) for address in addresses):
        raise AddressUnusable
    return addresses


def _is_open(url: Url, address: Address) -> bool:
    return url.scheme == "https" and is_public(address)


def _is_allowed(host: str, address: Address, allowed: Collection[str]) -> bool:
    return any(host.casefold() == one.casefold() or _is_in(address, one) for one in allowed)


def _is_in(address: Address, network: str) -> bool:
    try:
        return address in ip_network(network)
    except ValueError:
        return False  # a name


def _port(url: Url) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


def _sent(call: Call, url: Url, address: Address, limits: Limits, ends: float) -> Answer:
    with _pool(url, address, limits, ends) as pool:
        response = pool.urlopen(
            call.method,
            url.request_uri,
            body=call.body,
            headers={"Host": url.netloc or "", "User-Agent": "CardFleet", **call.headers},
            redirect=False,
            retries=False,
            assert_same_host=False,
            preload_content=False,
            decode_content=True,
        )
        body = _read(response, limits, ends)
        if time.monotonic() > ends:
            raise NoAnswer(message=_("The other server took too long to answer."))
        return Answer(status=response.status, content_type=response.headers.get("Content-Type", ""), body=body)


class _Punctual(HTTPConnection):
    """A connection that is cut when its time is over, so that nobody drips a header for hours."""

    def __init__(self, *args: Any, ends: float, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ends = ends

    def getresponse(self) -> Any:
        """Wait for the answer while there is time. What was cut looks like an end: `_sent` looks at the time again."""
        over = Timer(max(self.ends - time.monotonic(), 0), self._cut)
        over.start()
        try:
            return super().getresponse()
        finally:
            over.cancel()

    def _cut(self) -> None:
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)


class _SafeConnection(_Punctual, HTTPSConnection):
    """By https."""


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Punctual


class _SafePool(HTTPSConnectionPool):
    ConnectionCls = _SafeConnection


def _pool(url: Url, address: Address, limits: Limits, ends: float) -> HTTPConnectionPool:
    """Return a connection to the address, proven to be that of the name."""
    timeout = Timeout(connect=limits.connect_s, read=limits.silence_s)
    if url.scheme == "http":
        return _PlainPool(str(address), _port(url), timeout=timeout, ends=ends)
    name = str(url.host).strip("[]")
    return _SafePool(
        str(address),
        _port(url),
        timeout=timeout,
        cert_reqs="CERT_REQUIRED",
        ca_certs=certifi.where(),
        server_hostname=name,
        assert_hostname=name,
        ends=ends,
    )


def _read(response: BaseHTTPResponse, limits: Limits, ends: float) -> bytes:
    """Return the body, read piece by piece as it comes: neither too much of it nor for too long."""
    body = bytearray()
    try:
        while piece := response.read1(CHUNK):
            body += piece
            if len(body) > limits.most_bytes:
                raise AnswerTooLarge
            if time.monotonic() > ends:
                raise NoAnswer(message=_("The other server took too long to answer."))
    finally:
        response.close()
    return bytes(body)
