"""Large tables people download as CSV, written by PostgreSQL itself (`COPY TO`) and passed on as it comes.

A table of a million rows costs what the database takes to read it: no row becomes an object in Python. What a cell
looks like is the same as in `cardfleet.kernel.spreadsheets`.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from queue import Full, Queue
from threading import Event, Thread
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from cardfleet.kernel.spreadsheets import LIVE, Column, ColumnKind, csv_chunks

PIECE = 1 << 16
PIECES = 8
PATIENCE_S = 1.0
WRITTEN = {
    ColumnKind.TEXT: "CASE WHEN {0} = '' THEN NULL WHEN ascii({0}) IN ("
    + ", ".join(str(ord(sign)) for sign in LIVE)
    + ") THEN '''' || {0} ELSE {0} END",
    ColumnKind.DATETIME: "to_char({0} AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS')",
}


def copied_csv(columns: Sequence[Column], rows: QuerySet[Any, Any]) -> Iterator[bytes]:
    """Yield a CSV of a `values_list` whose values are those of the columns in turn; text columns hold SQL text.

    The queries run when the first piece is asked for, in the caller's connection, which is closed when somebody stops
    asking before the end.
    """
    inner, parameters = rows.query.sql_with_params()
    names = [f"c{place}" for place in range(len(columns))]
    shown = ", ".join(WRITTEN.get(column.kind, "{0}").format(name) for column, name in zip(columns, names, strict=True))
    statement = f"COPY (SELECT {shown} FROM ({inner}) AS listed ({', '.join(names)})) TO STDOUT (FORMAT csv)"  # noqa: S608 - our own names
    yield from csv_chunks(columns, [])
    yield from copy_out(statement, parameters)


def copy_out(statement: str, parameters: Sequence[Any] = ()) -> Iterator[bytes]:
    """Yield what a COPY TO STDOUT sends, in pieces of some 64 KB, at constant memory."""
    ended = False
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")  # so that a hundred thousand rows are sorted without a file
        whole = cursor.mogrify(statement, parameters)
        sending = _Sending(lambda target: cursor.copy_expert(whole, target))
        try:
            yield from sending.pieces()
            ended = True
        finally:
            sending.stop()
            if not ended:
                connection.close()


class _Sending:
    """A COPY in a thread of its own, as the driver pushes rows and an answer pulls them."""

    def __init__(self, copy: Callable[["_Sending"], None]) -> None:
        self.waiting: Queue[bytes | BaseException | None] = Queue(maxsize=PIECES)
        self.stopped = Event()
        self.buffer = bytearray()
        self.thread = Thread(target=self._run, args=(copy,), daemon=True)
        self.thread.start()

    def pieces(self) -> Iterator[bytes]:
        """Yield the pieces; an error of the database is raised here."""
        while (piece := self.waiting.get()) is not None:
            if isinstance(piece, BaseException):
                raise piece
            yield piece

    def write(self, row: bytes) -> None:
        """Take a row from the driver."""
        self.buffer += row
        if len(self.buffer) >= PIECE:
            self._pass_on()

    def stop(self) -> None:
        """Let the driver give up where nobody asks any more."""
        self.stopped.set()
        self.thread.join()

    def _run(self, copy: Callable[["_Sending"], None]) -> None:
        end: BaseException | None = None
        try:
            copy(self)
            self._pass_on()
        except BaseException as error:  # noqa: BLE001 - it is raised where the pieces are asked for
            end = error
        self._put(end)

    def _pass_on(self) -> None:
        if self.buffer and not self._put(bytes(self.buffer)):
            raise BrokenPipeError
        self.buffer.clear()

    def _put(self, piece: bytes | BaseException | None) -> bool:
        while not self.stopped.is_set():
            with suppress(Full):
                self.waiting.put(piece, timeout=PATIENCE_S)
                return True
        return False
