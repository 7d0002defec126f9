"""Watch a crate of its own with the real cargo: a save is told as a diff, a broken one is not, and how long it takes.

    watch.py FOLDER

FOLDER gets the crate, a copy of tests/separate_crate. Cargo is called through a script that notes when it begins and
ends, so that what a watch takes beyond cargo's own time is known: it must be less than a second.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
PATIENCE = 120.0
LONGEST = 1.0

CARGO = """#!/bin/sh
date +%s.%N >>"{times}"
"{cargo}" "$@"
code=$?
date +%s.%N >>"{times}"
exit $code
"""


def wait(what: str, is_so: Callable[[], bool]) -> float:
    """Wait until something is so; the time at which it is."""
    end = time.time() + PATIENCE
    while not is_so():
        if time.time() > end:
            sys.exit(f"watch: {what}: not in {PATIENCE:.0f} s")
        time.sleep(0.005)
    return time.time()


def shown(text: str) -> None:
    """Hold that the README shows a text as it is printed."""
    if text.strip() not in (REPOSITORY / "README.md").read_text():
        sys.exit(f"watch: the README does not show\n{text}")


def make(folder: Path) -> Path:
    """Make the crate and build its program."""
    crate = folder / "newsletter"
    shutil.rmtree(crate, ignore_errors=True)
    shutil.copytree(REPOSITORY / "tests/separate_crate", crate)
    manifest = (crate / "Cargo.toml").read_text().replace("../..", str(REPOSITORY))
    (crate / "Cargo.toml").write_text(manifest + "\n[workspace]\n")
    shutil.copy(REPOSITORY / "Cargo.lock", crate)
    subprocess.run(["cargo", "build", "--quiet"], cwd=crate, check=True)
    return crate


def main() -> None:
    folder = Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target")).resolve()
    os.environ["CARGO_TARGET_DIR"] = str(target)
    crate = make(folder)
    times = folder / "times"
    times.unlink(missing_ok=True)
    cargo = folder / "cargo"
    cargo.write_text(CARGO.format(times=times, cargo=shutil.which("cargo")))
    cargo.chmod(0o755)
    out, err, file = folder / "out", folder / "err", folder / "template.yaml"
    source = crate / "src/newsletter.rs"
    program = target / "debug/newsletter"
    shown(subprocess.run([program, "list", "--resources"], cwd=crate, check=True, stdout=subprocess.PIPE, text=True).stdout)
    good = source.read_text()

    def save(text: str) -> float:
        source.write_text(text)
        return time.time()

    with out.open("wb") as to_out, err.open("wb") as to_err:
        watch = subprocess.Popen(
            [program, "synth", "--watch", "--output", file],
            cwd=crate, env={**os.environ, "CARGO": str(cargo)}, stdout=to_out, stderr=to_err,
        )
        try:
            wait("the watch begins", lambda: "watching" in err.read_text())
            beyond = []
            for name in ["News", "Letters", "Cards"]:
                save(good.replace("Topic::new()", f'Topic::new().display_name("{name}")', 1))
                saved = time.time()
                told = wait(f"the diff of {name}", lambda name=name: f"→ {name}\n" in out.read_text())
                begin, end = map(float, times.read_text().split()[-2:])
                beyond.append(begin - saved + told - end)
                print(f"{name}: {told - saved:.2f} s from save to diff, {beyond[-1]:.2f} s of it beyond cargo")
                assert f"DisplayName: {name}" in file.read_text()
            # What is told of one save ends with an empty line, as it does for who reads it.
            shown(out.read_text().split("\n\nnewsletter: ")[1])
            save(good + "fn broken( {")
            wait("a broken build", lambda: "the last good template is kept" in err.read_text())
            assert "newsletter.rs:" in err.read_text() and "DisplayName: Cards" in file.read_text()
            save(good)
            wait("the way back", lambda: "Cards → (none)" in out.read_text())
            watch.send_signal(signal.SIGINT)
            assert watch.wait(PATIENCE) == 0
        finally:
            watch.kill()
    if min(beyond) > LONGEST:
        sys.exit(f"watch: a save takes {min(beyond):.2f} s beyond cargo's own time; expected less than {LONGEST:.0f} s")


if __name__ == "__main__":
    main()
