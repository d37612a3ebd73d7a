"""The embedded servers of CARDFLEET_HOME by hand.

`python -m cardfleet.embedded run COMMAND...` runs a command beside them and ends those it had to start;
`python -m cardfleet.embedded stop` ends them.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

from cardfleet import embedded


def main(arguments: list[str]) -> int:
    """Return the exit code."""
    home = Path(os.environ.get("CARDFLEET_HOME", "var")).resolve()
    match arguments:
        case ["stop"]:
            embedded.stop(home)
            return 0
        case ["run", *command] if command:
            return _run(home, command)
        case _:
            sys.stderr.write(f"{__doc__}\n")
            return 2


def _run(home: Path, command: list[str]) -> int:
    with embedded.servers(home), subprocess.Popen(command) as process:
        # Ctrl-C reaches the command by itself; what is told to us alone is passed on.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        return process.wait()


sys.exit(main(sys.argv[1:]))
