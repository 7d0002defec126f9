"""However a run of the tests ends, nothing of it stays."""

import os
import re
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest

import front

HERE = Path(__file__).resolve().parent


def processes_of(folder: str) -> set[int]:
    """The processes that have a folder in their environment."""
    found = set()
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdigit() and f"TMPDIR={folder}/".encode() in (entry / "environ").read_bytes():
                found.add(int(entry.name))
    return found


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_stays_behind(ending: signal.Signals) -> None:
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"TMPDIR": folder, "VENV": sys.prefix}
        command = [str(HERE / "run"), "-k", "mail_has_a_link"]
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as running:
            of_pytest: list[int] = []

            def in_the_middle() -> bool:
                # The database and moto are there, and with them whatever could be left.
                names = {}
                for process in processes_of(folder):
                    with suppress(OSError):
                        names[process] = Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ")
                of_pytest[:] = [process for process, name in names.items() if b"-m pytest" in name]
                return bool(of_pytest) and all(
                    any(re.search(wanted, name) for name in names.values()) for wanted in (b"mariadbd ", b"moto.server")
                )

            front.wait_until(in_the_middle, 120)
            # A terminal ends the script, a machine that runs out of memory the tests.
            os.kill(running.pid if ending == signal.SIGTERM else of_pytest[0], ending)
            if ending == signal.SIGTERM:
                os.kill(of_pytest[0], ending)
            assert running.wait(60) != 0
        front.wait_until(lambda: not processes_of(folder))
        assert list(Path(folder).iterdir()) == []
