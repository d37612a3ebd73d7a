"""Which kind of connection is fetched by what, and what it can fetch."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from cardfleet.kernel.errors import Reason
from lifecycle.choices import ConnectionKind, ConnectionSubject
from lifecycle.importers.connectors.folder import FolderConnector
from lifecycle.importers.connectors.interface import Connector
from lifecycle.importers.connectors.json_http import HttpConnector
from lifecycle.rules.connections import folder, http


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of connection: what fetches by it, which subjects, and what reads its settings (or says what is wrong).

    So many failures in a row are told (`told_after`): a server may restart, but a refused file is not tried again.
    `goes_on`: what was fetched was one of several that may wait, so the next is fetched at once.
    """

    connector: type[Connector]
    subjects: Collection[str]
    read_settings: Callable[[Any, str], tuple[Any, list[Reason]]]
    told_after: int
    goes_on: bool = False


KINDS: Mapping[str, Kind] = {
    ConnectionKind.JSON: Kind(
        connector=HttpConnector,
        subjects=(ConnectionSubject.BALANCES, ConnectionSubject.STATES, ConnectionSubject.USAGE),
        read_settings=http.read_settings,
        told_after=3,
    ),
    ConnectionKind.FOLDER: Kind(
        connector=FolderConnector,
        subjects=tuple(ConnectionSubject),
        read_settings=folder.read_settings,
        told_after=1,
        goes_on=True,
    ),
}
