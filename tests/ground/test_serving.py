"""Which requests the server's loop answers itself: short questions that are there in full, and nothing else."""

import socket

import pytest

from cardfleet.serving import LONGEST, SHORT, has_taken_all, waiting

ASKED = b"GET /api/v1/cards/7/can-call/?callee=139 HTTP/1.1\r\nHost: x\r\nAuthorization: Token 0\r\n"


@pytest.fixture
def wire():
    """A connection: the caller's end and the server's."""
    ends = socket.socketpair()
    yield ends
    for end in ends:
        end.close()


@pytest.mark.parametrize(
    ("sent", "here"),
    [
        (ASKED + b"\r\n", True),
        (ASKED, False),
        (ASKED + b"\r\nGET / HTTP/1.1\r\n\r\n", False),
        (ASKED + b"Content-Length: 3\r\n\r\n", False),
        (ASKED + b"transfer-encoding: chunked\r\n\r\n", False),
        (ASKED + b"Expect: 100-continue\r\n\r\n", False),
        (ASKED + b"X: " + b"x" * LONGEST + b"\r\n\r\n", False),
        (ASKED.replace(b"GET", b"POST") + b"\r\n", False),
        (ASKED.replace(b"can-call", b"timeline") + b"\r\n", False),
        (ASKED.replace(b"HTTP/1.1", b"HTTP/1.0") + b"\r\n", False),
    ],
)
def test_only_a_whole_question_is_answered_on_the_spot(wire, sent, here):
    """The loop never waits for a slow caller, nor for a body; what it looked at is still there to be read."""
    caller, server = wire
    assert waiting(server) is None
    caller.sendall(sent)
    assert bool(SHORT.fullmatch(waiting(server))) is here
    assert server.recv(len(sent)) == sent


def test_who_takes_no_answers_waits_in_a_thread(wire):
    _caller, server = wire
    assert has_taken_all(server) is True
    server.sendall(b"x" * 1000)
    assert has_taken_all(server) is False


def test_who_is_gone_is_left_to_a_thread(wire):
    caller, server = wire
    caller.close()
    assert waiting(server) == b""
