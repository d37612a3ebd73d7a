"""What `manage.py doctor` looks at in lifecycle."""

import os
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cardfleet.kernel import health
from cardfleet.kernel.health import Unwell


def connections_folder() -> None:
    """The folder of connections by files, where one is set, can be read and written to, and no browser gets at it."""
    if not settings.CONNECTIONS_DIR:
        return
    folder = Path(settings.CONNECTIONS_DIR).resolve()
    if not folder.is_dir() or not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise Unwell(
            _("The folder CONNECTIONS_DIR is not there, or cannot be read and written to. Make it, or change the name.")
        )
    served = [Path(one).resolve() for one in (settings.STATIC_ROOT, *settings.STATICFILES_DIRS)]
    if any(folder.is_relative_to(one) for one in served):
        raise Unwell(_("Whoever has its address can read what lies in CONNECTIONS_DIR. Choose a folder elsewhere."))


health.register("connections folder", connections_folder)
