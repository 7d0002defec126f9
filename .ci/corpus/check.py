"""Hold the checks against templates of others: an error that nobody else sees needs a reason in known.json.

    check.py FORMWORK FOLDER

FORMWORK is the program, FOLDER where the packages go. What is not found any more is taken out of known.json by hand: a
reason that nothing needs fails too.
"""

import json
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatchcase
from functools import cache, partial
from pathlib import Path

from cfnlint.api import lint_file
from cfnlint.config import ManualArgs

HERE = Path(__file__).parent
# What cannot be read: anchors, which cfn-lint expands and CloudFormation refuses, and what the tests of YAML have.
UNREAD = {"E0000", "F0001", "F0002"}
SUFFIXES = {".json", ".yaml", ".yml", ".template"}


def fetch(folder: Path, package: dict) -> list[Path]:
    """The templates of a package, which lists the folders in it that hold some."""
    name, version = package["name"], package["version"]
    into = folder / f"{name.replace('/', '-').lstrip('@')}-{version}"
    if not into.exists():
        into.mkdir(parents=True)
        if package["registry"] == "pypi":
            pip = [sys.executable, "-m", "pip", "download", "-q", "--no-binary", name, "--no-deps", "-d", into]
            subprocess.run([*pip, f"{name}=={version}"], check=True)
        else:
            pack = ["npm", "pack", "--silent", f"{name}@{version}", "--pack-destination", into]
            subprocess.run(pack, check=True, stdout=subprocess.DEVNULL)
        for archive in [*into.glob("*.tar.gz"), *into.glob("*.tgz")]:
            with tarfile.open(archive) as tar:
                tar.extractall(into, filter="data")
    found = {path for pattern in package["templates"] for path in into.glob(pattern) if path.suffix in SUFFIXES}
    return sorted(found)


def fetch_all(folder: Path) -> list[Path]:
    """The templates of all packages in `packages.json`; they are fetched together, which is mostly waiting."""
    packages = json.loads((HERE / "packages.json").read_text())
    with ThreadPoolExecutor(8) as pool:
        return [path for found in pool.map(partial(fetch, folder), packages) for path in found]


def errors(formwork: str, templates: list[Path]) -> Iterator[dict]:
    """What is reported as an error in any of them, but for what cannot be read."""
    given = [word for template in templates for word in ("--template", str(template))]
    run = subprocess.run([formwork, "check", "--format", "json", *given], capture_output=True, text=True, timeout=600)
    if run.returncode not in (0, 1):
        sys.exit(f"exit code {run.returncode}: {run.stderr}")
    for fault in json.loads(run.stdout):
        if fault["severity"] == "error" and fault["code"] not in UNREAD:
            yield fault


@cache
def lint(file: str) -> list[tuple[str, int]]:
    """The places and lines of the errors that cfn-lint reports in a file."""
    matches = lint_file(Path(file), ManualArgs(regions=["us-east-1"]))
    return [("/".join(map(str, one.path or [])), one.linenumber) for one in matches if one.rule.id.startswith("E")]


def is_seen(fault: dict) -> bool:
    """Whether cfn-lint reports an error at the place or the line."""
    return any(path == fault["path"] or line == fault["line"] for path, line in lint(fault["file"]))


def main() -> None:
    formwork, folder = sys.argv[1], Path(sys.argv[2])
    known = json.loads((HERE / "known.json").read_text())
    templates = fetch_all(folder)
    needed, wrong = set(), []
    for fault in errors(formwork, templates):
        given = (Path(fault["file"]).name, fault["code"], fault["path"])
        reasons = [
            position
            for position, each in enumerate(known)
            if all(fnmatchcase(value, each[key]) for value, key in zip(given, ("template", "code", "path")))
        ]
        needed.update(reasons)
        if not reasons and not is_seen(fault):
            wrong.append(f"{fault['file']}: {fault['code']} at {fault['path']}: {fault['message']}")
    unneeded = [each for position, each in enumerate(known) if position not in needed]
    wrong += [f"known.json: nothing needs the reason for {each}" for each in unneeded]
    print(f"{len(templates)} templates, {len(known)} known differences")
    if not templates or wrong:
        sys.exit("\n".join(wrong) or "there are no templates")


if __name__ == "__main__":
    main()
