"""Requests that leave the house: what may be asked, and what an answer may do (private addresses, redirects)."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

import pytest

from cardfleet.kernel.outgoing import (
    AddressUnusable,
    AnswerTooLarge,
    Call,
    Limits,
    NoAnswer,
    is_public,
    refuse_unusable,
    send,
)

HOUSE = ["127.0.0.0/8"]


class Handler(BaseHTTPRequestHandler):
    """Answers by the path that is asked for."""

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["Host"]))  # type: ignore[attr-defined]
        match self.path:
            case "/moved":
                self._say(302, b"", Location="http://169.254.169.254/latest/meta-data/")
            case "/cut":
                self._say(200, b"half", **{"Content-Length": "400"})
            case "/large":
                self._say(200, b"x" * 5000)
            case "/slow":
                self.send_response(200)
                self.end_headers()
                for _second in range(30):
                    self.wfile.write(b"x")
                    time.sleep(0.05)
            case _:
                self._say(200, b"hello")

    def _say(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    """A server on loopback that notes what was asked of it."""
    there = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    there.asked = []  # type: ignore[attr-defined]
    threading.Thread(target=there.serve_forever, daemon=True).start()
    yield there
    there.shutdown()
    there.server_close()


def url(server: ThreadingHTTPServer, path: str = "/", host: str = "127.0.0.1") -> str:
    return f"http://{host}:{server.server_port}{path}"


def test_an_allowed_host_is_asked_by_its_own_name(server):
    answer = send(
        Call(url=url(server, "/hello?a=1", host="billing.carrier.example")),
        allowed=["Billing.carrier.example"],
        resolve=lambda _host, _port: [ip_address("127.0.0.1")],
    )
    assert (answer.status, answer.body) == (200, b"hello")
    assert server.asked == [("/hello?a=1", f"billing.carrier.example:{server.server_port}")]


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com/",
        "ftp://example.com/",
        "https://user:word@example.com/",
        "https://",
        "not an address",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://10.0.0.8/",
        "https://169.254.169.254/latest/",
        "https://[::ffff:10.0.0.8]/",
        "https://0.0.0.0/",
        "https://localhost/",
        "https://2130706433/",
    ],
)
def test_what_is_not_public_or_without_tls_is_refused(address):
    with pytest.raises((AddressUnusable, NoAnswer)):
        send(Call(url=address), allowed=[], limits=Limits(connect_s=1))


def test_an_inner_address_is_refused_before_anything_is_sent(server):
    with pytest.raises(AddressUnusable):
        send(Call(url=url(server)), allowed=["10.0.0.0/8"])
    assert server.asked == []


def test_one_inner_address_among_public_ones_is_enough_to_refuse():
    names = [ip_address("93.184.216.34"), ip_address("10.0.0.8")]
    with pytest.raises(AddressUnusable):
        send(Call(url="https://carrier.example/"), allowed=[], resolve=lambda _host, _port: names)


def test_a_name_is_resolved_once(server):
    """A name that answers a public address first and an inner one then gains nothing: nobody asks it again."""
    answers = iter([[ip_address("127.0.0.1")], [ip_address("169.254.169.254")]])
    asked = []

    def resolve(host, port):
        asked.append(host)
        return next(answers)

    send(Call(url=url(server, host="carrier.example")), allowed=HOUSE, resolve=resolve)
    assert asked == ["carrier.example"]


def test_a_redirect_is_an_answer_and_not_followed(server):
    answer = send(Call(url=url(server, "/moved")), allowed=HOUSE)
    assert answer.status == 302
    assert [path for path, _host in server.asked] == ["/moved"]


def test_an_answer_that_breaks_off_is_none(server):
    with pytest.raises(NoAnswer):
        send(Call(url=url(server, "/cut")), allowed=HOUSE)


def test_too_large_and_too_slow_answers_end(server):
    with pytest.raises(AnswerTooLarge):
        send(Call(url=url(server, "/large")), allowed=HOUSE, limits=Limits(most_bytes=4999))
    with pytest.raises(NoAnswer):
        send(Call(url=url(server, "/slow")), allowed=HOUSE, limits=Limits(all_s=0.2))


def test_nobody_there_is_told_without_the_address():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(NoAnswer) as refused:
        send(Call(url=f"http://127.0.0.1:{port}/?key=very-secret"), allowed=HOUSE)
    assert "very-secret" not in f"{refused.value} {refused.value.as_json()}"
    assert "very-secret" not in repr(Call(url="https://a.example/?key=very-secret", headers={"X": "very-secret"}))


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:4700::1111", True),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::a00:8", False),
        ("2002:a00:8::1", False),
        ("fd00::1", False),
        ("fe80::1", False),
    ],
)
def test_which_addresses_are_public(address, public):
    assert is_public(ip_address(address)) is public


def test_who_drips_a_header_is_cut_off_in_time():
    ended = threading.Event()

    def drip(listening: socket.socket) -> None:
        called, _from = listening.accept()
        with called, suppress(OSError):
            called.sendall(b"HTTP/1.1 200 OK\r\nX: ")
            while not ended.wait(0.1):
                called.sendall(b"x")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=drip, args=[listening])
        thread.start()
        began = time.monotonic()
        with pytest.raises(NoAnswer):
            send(Call(url=f"http://127.0.0.1:{listening.getsockname()[1]}/"), allowed=HOUSE, limits=Limits(all_s=0.5))
        assert time.monotonic() - began < 3
        ended.set()
        thread.join()


@pytest.mark.parametrize(
    ("address", "allowed", "may"),
    [
        ("https://receiver.example/x?y=1", [], True),
        ("http://receiver.example/", [], False),
        ("http://receiver.example/", ["receiver.example"], True),
        ("http://10.1.0.5:8080/", ["10.1.0.0/16"], True),
        ("https://10.2.0.5/", ["10.1.0.0/16"], False),
        ("https://169.254.169.254/latest/", [], False),
        ("https://[::ffff:127.0.0.1]/", [], False),
        ("https://user:word@receiver.example/", [], False),
        ("receiver.example", [], False),
    ],
)
def test_an_address_is_looked_at_when_it_is_typed(address, allowed, may):
    with nullcontext() if may else pytest.raises(AddressUnusable):
        refuse_unusable(address, allowed=allowed)
