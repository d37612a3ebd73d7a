"""`python -m load [--minutes 10] [--cards 100000] ...`: a company at work for some minutes, and how it was answered."""

import os
import sys

from chaos.home import empty_home
from load.asked import read

ASKED = read(sys.argv[1:])
os.environ.setdefault("LOG_LEVEL", "WARNING")
HOME = empty_home("load")
# As it is deployed, but for what needs TLS in front.
os.environ |= {
    "CARDFLEET_DEMO": "false",
    "ALLOWED_HOSTS": "127.0.0.1",
    "SECURE_COOKIES": "false",
    "EMAIL_URL": "dummymail://",
    "WEB_WORKERS": str(ASKED.web),
}
# All that is started from here on stays on the server's processor; the generator chooses its own.
if ASKED.server_core is not None:
    os.sched_setaffinity(0, {ASKED.server_core})

# The settings read the environment that was prepared, so what needs them comes only now.
import django  # noqa: E402

django.setup()

from load.trial import run  # noqa: E402

sys.exit(run(ASKED, home=HOME))
