"""`python -m cardfleet.embedded stop` ends the embedded servers of CARDFLEET_HOME."""

import os
import sys
from pathlib import Path

from cardfleet import embedded

if sys.argv[1:] != ["stop"]:
    raise SystemExit("usage: python -m cardfleet.embedded stop")
embedded.stop(Path(os.environ.get("CARDFLEET_HOME", "var")).resolve())
