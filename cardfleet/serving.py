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

from gunicorn.workers.gthread import TConn, ThreadWorker

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

    def on_client_socket_readable(self, conn: TConn, client: socket.socket) -> None:
        """Answer a short question of a connection that stays open here, leave any other to a thread."""
        if self.cfg.is_ssl or not answered_here(client):
            super().on_client_socket_readable(conn, client)
            return
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        answered: Future[Any] = Future()
        answered.set_result(self.handle(conn))
        self.finish_request(conn, answered)


def answered_here(client: socket.socket) -> bool:
    """Tell whether a whole short question waits, of somebody who has taken the answers before it."""
    try:
        begun = client.recv(LONGEST, socket.MSG_PEEK)
        return bool(SHORT.fullmatch(begun)) and fcntl.ioctl(client, termios.TIOCOUTQ, UNSENT) == UNSENT
    except OSError:
        return False
