"""Mutations: faults that a change could bring into the stack. Each must make a check or an end-to-end test fail.

`e2e/mutations.py [NAME…]` prints what caught each, and ends with 1 when one passes. What `check` finds needs no run.
"""

import copy
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PROGRAM = os.environ.get("COFFEE_REPORT", str(HERE.parent / "target/debug/coffee-report"))

Json = Any
Change = Callable[[Json], None]


def states(template: Json) -> Json:
    return template["Resources"]["ReportStateMachine"]["Properties"]["Definition"]["States"]


def code(function: str, old: str, new: str) -> Change:
    """Replace a piece of a function's code."""

    def change(template: Json) -> None:
        properties = template["Resources"][function]["Properties"]
        source = properties["Code"]["ZipFile"]
        assert old in source, f"{function} has no {old!r}"
        properties["Code"]["ZipFile"] = source.replace(old, new)

    return change


def without_action(role: str, action: str) -> Change:
    """Take an action from a role."""

    def change(template: Json) -> None:
        (policy,) = template["Resources"][role]["Properties"]["Policies"]
        statements = policy["PolicyDocument"]["Statement"]
        policy["PolicyDocument"]["Statement"] = [one for one in statements if action not in json.dumps(one["Action"])]
        assert len(policy["PolicyDocument"]["Statement"]) < len(statements), f"{role} has no {action}"

    return change


def without_catch(state: str) -> Change:
    def change(template: Json) -> None:
        states(template)[state].pop("Catch")

    return change


def publish_first(template: Json) -> None:
    """Mail the link while the page is still being made."""
    process = states(template)["ProcessReport"]
    # The page is made after the mail, and what becomes of it nobody hears.
    page = process["Branches"].pop(0)
    process["Output"] = "{% $states.result[0] %}"
    publish = states(template)["PublishReport"]
    publish.pop("End")
    publish["Next"] = "GenerateHtml"
    task = page["States"]["GenerateHtml"]
    task["Catch"] = [{"ErrorEquals": ["States.ALL"], "Next": "Done"}]
    states(template)["GenerateHtml"] = task
    states(template)["Done"] = {"Type": "Succeed"}


def wrong_secret(template: Json) -> None:
    """Let the function read with a secret that the tables' user does not have."""
    variables = template["Resources"]["GenerateReportData"]["Properties"]["Environment"]["Variables"]
    variables["SECRET_ARN"] = "arn:aws:secretsmanager:us-east-1:123456789012:secret:other-AbCdEf"


def key_of_another(template: Json) -> None:
    """Sign a link to another object than the one that is made."""
    (branch,) = [
        one for one in states(template)["ProcessReport"]["Branches"] if "GeneratePresignedUrl" in one["States"]
    ]
    branch["States"]["GeneratePresignedUrl"]["Arguments"]["Payload"]["key"] = "reports/latest.html"


def link_in_failure(template: Json) -> None:
    """Say in the mail of a failure where the report would be."""
    states(template)["NotifyFailure"]["Arguments"]["Message"] = "{% 'See https://reports.example/' & $reportKey %}"


def no_retry(template: Json) -> None:
    states(template)["GetReportData"].pop("Retry")


def short_time(template: Json) -> None:
    template["Resources"]["GenerateReportData"]["Properties"]["Timeout"] = 1


def little_memory(template: Json) -> None:
    template["Resources"]["GenerateHtml"]["Properties"]["MemorySize"] = 32


def wrong_bucket(template: Json) -> None:
    template["Resources"]["GenerateHtml"]["Properties"]["Environment"]["Variables"]["BUCKET"] = "another-bucket"


def no_wait_for_tables(template: Json) -> None:
    template["Resources"]["DatabaseTables"]["Properties"]["Database"] = "tea"


ALL_IS_WELL = "mail_has_a_link"
MUTATIONS: dict[str, tuple[Change, str]] = {
    "wrong prefix of the page": (
        code("GenerateHtml", 'Key=event["reportKey"]', 'Key="r/" + event["reportKey"]'),
        ALL_IS_WELL,
    ),
    "unescaped names": (code("GenerateHtml", "from html import escape", "escape = str"), "names_are_no_markup"),
    "no paging": (code("GenerateReportData", "if len(records) < size:", "if True:"), "hundred_thousand"),
    "no catch of the data": (without_catch("GetReportData"), "database_that_never_comes"),
    "no catch of the page": (without_catch("ProcessReport"), "refuses_the_page"),
    "expiry of zero": (
        code("GeneratePresignedUrl", "ExpiresIn=seconds", "ExpiresIn=1"),
        "link_is_dead or mail_has_a_link",
    ),
    "expiry that nobody set": (code("GeneratePresignedUrl", "seconds = 60 *", "seconds = 3600 + 0 *"), "link_is_dead"),
    "a grant less: put the page": (without_action("GenerateHtmlRole", "s3:PutObject"), "roles_allow"),
    "a grant less: read the inventory": (without_action("GenerateHtmlRole", "s3:GetObject"), "roles_allow"),
    "a grant less: publish": (without_action("ReportStateMachineRole", "sns:Publish"), "roles_allow"),
    "a grant less: invoke": (without_action("ReportStateMachineRole", "lambda:InvokeFunction"), "roles_allow"),
    "wrong secret": (wrong_secret, ALL_IS_WELL),
    "publish before the page": (publish_first, "refuses_the_page or made_before"),
    "a link to another object": (key_of_another, ALL_IS_WELL),
    "a link in the mail of a failure": (link_in_failure, "database_that_never_comes"),
    "no retry of a database that resumes": (no_retry, "database_that_resumes"),
    "no time for the data": (short_time, "hundred_thousand"),
    "no memory for the page": (little_memory, ALL_IS_WELL),
    "another bucket": (wrong_bucket, ALL_IS_WELL),
    "tables in another database": (no_wait_for_tables, ALL_IS_WELL),
}


def caught_by(template: Json, tests: str) -> str | None:
    """What finds a fault in a template: a check, or a test."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "template.json"
        file.write_text(json.dumps(template), encoding="utf-8")
        command = [PROGRAM, "check", "--template", str(file), "--format", "json"]
        checked = subprocess.run(command, capture_output=True, text=True, check=False)
        codes = re.findall(r'"code":\s*"(\w+)"', checked.stdout) if checked.returncode == 1 else []
        if codes:
            return f"check: {', '.join(sorted(set(codes)))}"
        command = [sys.executable, "-B", "-m", "pytest", "-x", "--tb=no", "-k", tests, "test_report.py"]
        environment = os.environ | {"TEMPLATE": str(file)}
        ran = subprocess.run(command, cwd=HERE, env=environment, capture_output=True, text=True, check=False)
        failed = re.findall(r"^(?:FAILED|ERROR) \S*::(\w+)", ran.stdout, re.MULTILINE)
        return f"test: {', '.join(failed)}" if failed else None


def main() -> int:
    command = [PROGRAM, "synth", "--format", "json", "--compact"]
    sound = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    missed = 0
    for name in sys.argv[1:] or MUTATIONS:
        change, tests = MUTATIONS[name]
        template = copy.deepcopy(sound)
        change(template)
        if template == sound:
            raise RuntimeError(f"{name} changes nothing")
        found = caught_by(template, tests)
        missed += found is None
        print(f"{name:40} {found or 'NOT CAUGHT'}", flush=True)
    print(f"{len(sys.argv[1:] or MUTATIONS)} mutations, {missed} not caught")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
