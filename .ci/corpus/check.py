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
from pathlib import Path

from cfnlint.api import lint_file
from cfnlint.config import ManualArgs

HERE = Path(__file__).parent
SUFFIXES = {".json", ".yaml", ".yml", ".template"}


def fetch(folder: Path) -> Iterator[Path]:
    """The templates of the packages that `packages.json` lists, each with the folders in it that hold some."""
    folder.mkdir(parents=True, exist_ok=True)
    for package in json.loads((HERE / "packages.json").read_text()):
        name, version = package["name"], package["version"]
        into = folder / f"{name.replace('/', '-').lstrip('@')}-{version}"
        if not into.exists():
            into.mkdir()
            if package["registry"] == "pypi":
                pip = [sys.executable, "-m", "pip", "download", "-q", "--no-binary", ":all:", "--no-deps", "-d", into]
                subprocess.run([*pip, f"{name}=={version}"], check=True)
            else:
                pack = ["npm", "pack", "--silent", f"{name}@{version}", "--pack-destination", into]
                subprocess.run(pack, check=True, stdout=subprocess.DEVNULL)
            for archive in [*into.glob("*.tar.gz"), *into.glob("*.tgz")]:
                with tarfile.open(archive) as tar:
                    tar.extractall(into, filter="data")
        for pattern in package["templates"]:
            yield from sorted(path for path in into.glob(pattern) if path.suffix in SUFFIXES)


def errors(formwork: str, templates: list[Path]) -> Iterator[tuple[Path, dict]]:
    """What is reported as an error, template by template; none where it cannot be read."""
    for template in templates:
        run = subprocess.run(
            [formwork, "check", "--format", "json", str(template)], capture_output=True, text=True, timeout=60
        )
        if run.returncode not in (0, 1):
            sys.exit(f"{template}: exit code {run.returncode}: {run.stderr}")
        found = json.loads(run.stdout)
        found = found["diagnostics"] if isinstance(found, dict) else found
        yield from ((template, fault) for fault in found if fault["severity"] == "error")


def is_seen(template: Path, fault: dict) -> bool:
    """Whether cfn-lint reports an error at the place or the line."""
    for match in lint_file(template, ManualArgs(regions=["us-east-1"])):
        if match.rule.id.startswith("E"):
            path = "/".join(map(str, match.path or []))
            if path == fault["path"] or match.linenumber == fault["line"]:
                return True
    return False


def main() -> None:
    formwork, folder = sys.argv[1], Path(sys.argv[2])
    known = {(each["template"], each["code"], each["path"]): each["reason"] for each in json.loads((HERE / "known.json").read_text())}
    templates = list(fetch(folder))
    unused, wrong = set(known), []
    for template, fault in errors(formwork, templates):
        key = (template.name, fault["code"], fault["path"])
        if key in known:
            unused.discard(key)
        elif not is_seen(template, fault):
            wrong.append(f"{template}: {fault['code']} at {fault['path']}: {fault['message']}")
    wrong += [f"known.json: nothing needs the reason for {key}" for key in sorted(unused)]
    print(f"{len(templates)} templates, {len(known)} known differences")
    if not templates or wrong:
        sys.exit("\n".join(wrong) or "there are no templates")


if __name__ == "__main__":
    main()
