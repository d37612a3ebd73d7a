"""The embedded servers: started once, shared, never mixed up, never started where they must not be."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ASK = "import os; from cardfleet import settings; print(os.environ['DATABASE_URL'], os.environ['REDIS_URL'])"
GIVEN = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "FIELD_KEYS", "CARDFLEET_DEMO")


def bare_environment(home: Path, **more: str) -> dict[str, str]:
    """Return this process's environment without what the embedded servers put into it."""
    kept = {name: value for name, value in os.environ.items() if name not in GIVEN}
    return kept | {"CARDFLEET_HOME": str(home)} | more


def start(home: Path, **more: str) -> subprocess.Popen[str]:
    """Start a process that loads the settings and prints its addresses."""
    return subprocess.Popen(
        [sys.executable, "-c", ASK],
        env=bare_environment(home, **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def home(tmp_path: Path):
    """A home with a long name and a blank in it, whose servers end with the test."""
    place = tmp_path / ("long name " * 8).strip() / "home"
    yield place
    subprocess.run(
        [sys.executable, "-m", "cardfleet.embedded", "stop"], env=bare_environment(place), check=True, timeout=240
    )


def test_two_processes_at_once_share_one_pair_and_keep_the_keys(home: Path):
    first, second = start(home), start(home)
    one, two = first.communicate(timeout=240), second.communicate(timeout=240)
    assert one[0].startswith("postgres://"), one
    assert one == two
    written = (home / "demo.env").read_text()
    assert stat.S_IMODE((home / "demo.env").stat().st_mode) == 0o600

    subprocess.run([sys.executable, "-m", "cardfleet.embedded", "stop"], env=bare_environment(home), check=True)
    again = start(home).communicate(timeout=240)
    assert again[0].startswith("postgres://"), again
    keys = [line for line in written.splitlines() if "KEY" in line]
    assert len(keys) == 2
    assert keys == [line for line in (home / "demo.env").read_text().splitlines() if "KEY" in line]


def test_an_address_that_now_belongs_to_others_is_not_taken(home: Path):
    """A port in demo.env may be another checkout's after a restart; its database must not be opened."""
    home.mkdir(parents=True)
    others = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}
    (home / "demo.env").write_text("".join(f"{name}={value}\n" for name, value in others.items()))
    out, err = start(home).communicate(timeout=240)
    assert out.startswith("postgres://"), err
    assert others["DATABASE_URL"] not in out
    assert others["REDIS_URL"] not in out


def test_a_given_database_never_gets_throw_away_keys(home: Path):
    out, err = start(home, DATABASE_URL=os.environ["DATABASE_URL"]).communicate(timeout=240)
    assert "SECRET_KEY" in err
    assert not out
    assert not (home / "postgres").exists()


def test_switched_off_it_ends_with_a_sentence(tmp_path: Path):
    process = start(tmp_path / "home", CARDFLEET_EMBEDDED="off")
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert err.startswith("DATABASE_URL and REDIS_URL are not set")
    assert "Traceback" not in err
    assert not (tmp_path / "home").exists()
