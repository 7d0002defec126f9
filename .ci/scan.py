"""Judge a template by cdk-nag's AwsSolutions pack and by checkov: each finding has a reasoned waiver, or it fails.

    coffee-report synth --format json --output template.json --waivers waivers.json
    scan.py template.json waivers.json

A waiver is given in Rust, where the resource is, and stands in the second file:

    {"Render": {"CKV_AWS_115": "reason", "AwsSolutions-L1": "reason"}}

or in the template, in the `Metadata` of the resource that it speaks for, as the two tools write it:

    checkov: {skip: [{id: CKV_AWS_115, comment: reason}]}
    cdk_nag: {rules_to_suppress: [{id: AwsSolutions-L1, reason: reason}]}

A waiver fails when it has no reason or when nothing is left to waive. That is why the tools judge a copy without
metadata: checkov reports what is to be skipped as skipped even if it passes, and cdk-nag 3 does not read metadata.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any


@dataclass(frozen=True)
class Finding:
    """What a rule says against a resource."""

    resource: str
    rule: str
    message: str


@dataclass(frozen=True)
class Waiver:
    """Why a rule does not hold for a resource."""

    resource: str
    rule: str
    reason: str

    def covers(self, finding: Finding) -> bool:
        """A rule that names what it found, `AwsSolutions-IAM5[Resource::*]`, is waived by that whole name.

        The bare rule is enough for a pattern below a named resource, `…[Resource::<Bucket.Arn>/reports/*]`.
        """
        if self.resource != finding.resource:
            return False
        rule, _, part = finding.rule.partition("[")
        below = part.startswith("Resource::<") and part != "Resource::*]"
        return self.rule == finding.rule or (below and self.rule == rule)


@dataclass(frozen=True)
class Report:
    """What a tool made of a template."""

    resources: int
    passed: int
    findings: list[Finding]


def waivers(template: dict[str, Any], beside: dict[str, dict[str, str]]) -> Iterator[Waiver]:
    """The waivers beside a template, then those in it, each in their order."""
    for name, rules in beside.items():
        for rule, reason in rules.items():
            yield Waiver(name, rule, str(reason))
    for name, resource in template["Resources"].items():
        metadata = resource.get("Metadata", {})
        for skip in metadata.get("checkov", {}).get("skip", []):
            yield Waiver(name, skip["id"], str(skip.get("comment", "")))
        for suppressed in metadata.get("cdk_nag", {}).get("rules_to_suppress", []):
            yield Waiver(name, suppressed["id"], str(suppressed.get("reason", "")))


def faults(findings: Iterable[Finding], given: Iterable[Waiver]) -> Iterator[str]:
    """What is wrong: findings that nothing waives, waivers without a reason or without a finding."""
    given, used = list(given), set()
    for finding in findings:
        covering = [waiver for waiver in given if waiver.covers(finding)]
        used.update(covering)
        if not covering:
            yield f"`{finding.resource}` fails {finding.rule}: {finding.message}"
    for waiver in given:
        if len(waiver.reason.split()) < 3:
            yield f"`{waiver.resource}` waives {waiver.rule} for {waiver.reason!r}; expected a reason of some words"
        if waiver not in used:
            yield f"`{waiver.resource}` waives {waiver.rule}, which finds nothing there; expected no such waiver"


def cdk_nag(template: Path) -> Report:
    """Run cdk-nag."""
    script = Path(__file__).with_name("scan_nag.js").absolute()
    done = subprocess.run(["node", script, template], stdout=subprocess.PIPE, check=True)
    report = json.loads(done.stdout)
    return Report(report["resources"], report["passed"], [Finding(**finding) for finding in report["findings"]])


def checkov(template: Path) -> Report:
    """Run checkov without network and without any configuration of the user's."""
    options = ["--framework", "cloudformation", "--skip-download", "--soft-fail", "--compact", "--output", "json"]
    done = subprocess.run(
        [Path(sys.executable).with_name("checkov"), "--file", template, *options],
        cwd=template.parent,
        env={"PATH": os.environ["PATH"], "HOME": str(template.parent)},
        stdout=subprocess.PIPE,
        check=True,
    )
    report = json.loads(done.stdout)
    summary, results = report["summary"], report["results"]
    findings = [
        Finding(record["resource"].split(".", 1)[1], record["check_id"], record["check_name"] + note)
        # A comment in a function's code can skip checks too, where no reviewer looks for it.
        for key, note in (("failed_checks", ""), ("skipped_checks", " (skipped by a comment, not by Metadata)"))
        for record in results[key]
    ]
    return Report(summary["resource_count"], summary["passed"], findings)


def table(given: list[Waiver]) -> Iterator[str]:
    """The waivers, one a line."""
    rows = [(waiver.resource, waiver.rule, waiver.reason) for waiver in given]
    widths = [max(map(len, column)) for column in list(zip(*rows, strict=True))[:2]]
    for resource, rule, reason in rows:
        yield f"{resource:{widths[0]}}  {rule:{widths[1]}}  {reason}"


def main() -> int:
    template, beside = (json.loads(Path(name).read_text(encoding="ascii")) for name in sys.argv[1:])
    given = list(waivers(template, beside))
    template.pop("Metadata", None)
    for resource in template["Resources"].values():
        resource.pop("Metadata", None)
    with TemporaryDirectory() as folder:
        bare = Path(folder, "template.json")
        bare.write_text(json.dumps(template, indent=1))
        reports = {"cdk-nag": cdk_nag(bare), "checkov": checkov(bare)}

    found = [finding for report in reports.values() for finding in report.findings]
    wrong = list(faults(found, given))
    for tool, report in reports.items():
        if report.resources != len(template["Resources"]) or not report.passed:
            wrong.append(f"{tool} saw {report.resources} resources; expected all {len(template['Resources'])}")
    for line in [*table(given), *(f"error: {fault}" for fault in wrong)]:
        print(line)
    waived = sum(any(waiver.covers(finding) for waiver in given) for finding in found)
    print(f"{sum(report.passed for report in reports.values()) + waived} passed, {len(wrong)} failed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
