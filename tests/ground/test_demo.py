"""The demo refuses to start where it cannot, before it starts anything."""

import os
import socket
import subprocess
import sys
from pathlib import Path

from django.conf import settings


def test_a_taken_port_is_told_in_a_sentence(tmp_path: Path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "cardfleet.demo"],
            cwd=settings.BASE_DIR,
            env=os.environ | {"CARDFLEET_HOME": str(tmp_path / "home"), "PORT": str(port)},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert done.returncode == 1
    assert done.stderr.startswith(f"127.0.0.1:{port} cannot be used")
    assert not (tmp_path / "home").exists()
