"""The worker in which gunicorn serves CardFleet: threads for pages, and short questions answered on the spot.

A dialler's question takes less time than handing it to a thread and back; it is known by the bytes it begins with,
read without being taken, and is parsed like any other request.
"""

import fcntl
import re
import socket
import termios
from concurrent.futures import Future
from typing import Any

from gunicorn.workers.gthread import _DEFER, TConn, ThreadWorker

LONGEST = 2048
# A whole head without a body behind it: the loop never waits for a slow caller.
SHORT = re.compile(
    rb"GET /api/v1/cards/[0-9]{1,18}/can-call/[^ \r\n]* HTTP/1\.1\r\n"
    rb"(?:(?!content-length|transfer-encoding|expect|upgrade)[^\r\n]+\r\n)+\r\n",
    re.IGNORECASE,
)
UNSENT = b"\0" * 4


class Worker(ThreadWorker):  # type: ignore[misc]
    """Threads, but for `can-call`."""

    def enqueue_req(self, conn: TConn) -> None:
        """Answer a short question here, wait for who has said nothing yet, leave any other request to a thread."""
        has_begun = bool(conn.parser and conn.parser.unreader.buf.getvalue())
        begun = b"?" if self.cfg.is_ssl or has_begun else waiting(conn.sock)
        if begun is None:
            self.finish_request(conn, _done(_DEFER))
        elif SHORT.fullmatch(begun) and has_taken_all(conn.sock):
            self.finish_request(conn, _done(self.handle(conn)))
        else:
            super().enqueue_req(conn)


def waiting(client: socket.socket) -> bytes | None:
    """Return what a caller sent and nobody took yet, left where it is; None where nothing came so far."""
    try:
        return client.recv(LONGEST, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return None
    except OSError:
        return b""


def has_taken_all(client: socket.socket) -> bool:
    """Tell whether a caller took the answers before, so that the next one makes nobody wait."""
    try:
        return fcntl.ioctl(client, termios.TIOCOUTQ, UNSENT) == UNSENT
    except OSError:
        return False


def _done(result: object) -> "Future[Any]":
    done: Future[Any] = Future()
    done.set_result(result)
    return done
