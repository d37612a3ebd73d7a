"""The settings of a connection by files: `folder`, and `create_missing` (agents) or `source` (calls). Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.utils.translation import gettext_lazy as _

from cardfleet.kernel.errors import Reason, Text
from lifecycle.choices import ConnectionSubject

NAME = re.compile(r"[-a-zA-Z0-9_]{1,40}")


@dataclass(frozen=True, kw_only=True)
class FolderSettings:
    """The folder below CONNECTIONS_DIR where files are laid; `create_missing` makes teams that HR's files name.

    `source` is the short name of the usage source whose the calls in them are.
    """

    folder: str
    create_missing: bool = False
    source: str = ""


def read_settings(given: Any, subject: str) -> tuple[FolderSettings | None, list[Reason]]:
    """Return the settings, or all that stands against them, each with the name of its setting as the column."""
    if not isinstance(given, Mapping):
        return None, [_reason("", _("Write the settings as an object with names and values."))]
    known = {one.name for one in fields(FolderSettings)}
    reasons = [_reason(name, _("There is no setting of this name.")) for name in given if name not in known]
    if not NAME.fullmatch(str(given.get("folder", ""))):
        reasons.append(_reason("folder", _("Name a folder with letters, digits, - and _ only.")))
    if not isinstance(given.get("create_missing", False), bool):
        reasons.append(_reason("create_missing", _("This value is of another type than the setting.")))
    if subject == ConnectionSubject.USAGE and not NAME.fullmatch(str(given.get("source", ""))):
        reasons.append(_reason("source", _("Give the short name of the usage source whose calls these are.")))
    return (None, reasons) if reasons else (FolderSettings(**given), [])


def _reason(name: str, message: Text) -> Reason:
    return Reason(code="setting_unfit", field="settings", column=name, message=message)
