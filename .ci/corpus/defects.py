"""Ask cfn-lint and AWS's cloudformation-validate about the seeded defects of tests/defects: neither sees an error in a twin.

Where cfn-lint sees a defect, one of the codes that it gives is ours, unless the code is ours alone (F…) or `OTHERS` says
why.
"""

import json
import sys
from collections import Counter
from pathlib import Path

import yaml
from cfnlint.api import lint
from cfnlint.config import ManualArgs
from cloudformation_validate import CompositeEngine, TemplateContent

DEFECTS = Path(__file__).parent.parent.parent / "tests" / "defects"

# Codes of ours that cfn-lint reports by another name: the function that gives the value, or the schema around it.
OTHERS = {
    "E3012": {"E1010", "E1015", "E1018", "E1020", "E1022", "E3002", "E3017"},
    "E3030": {"E1011", "W1034"},
    "E3031": {"W1031", "W1032"},
    "E3027": {"W1031"},
    "W2030": {"W1030", "W3034", "W2031"},
    "E1010": {"E6101"},
    "E1040": {"W3694"},
}

# Codes that the two give twins of a group, and why these are no errors.
FALSE = {
    "versions of engines": {"E3691", "E9006"},  # RDS takes a major version, `8.0`.
    "beside a macro": {"E3034", "F3034"},  # The macro may give other properties.
    "blocks that EC2 makes canonical": {"E3002"},  # `10.0.0.1/24` becomes `10.0.0.0/24`.
    "required properties": {"F3003"},  # The resource is there only where its `Fn::If` gives the name.
    "what the transform declares": {"F6101"},  # The transform knows `R.Alias`.
}


class Loader(yaml.SafeLoader):
    """A reader of YAML that turns short tags into long functions."""


def function(loader: Loader, tag: str, node: yaml.Node) -> dict:
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if tag == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {tag if tag in ("Ref", "Condition") else f"Fn::{tag}": value}


Loader.add_multi_constructor("!", function)


def template(given: dict) -> str:
    return json.dumps(given if "Resources" in given else {"Resources": {"R": given}})


def codes(given: dict) -> set[str]:
    matches = lint(template(given), config=ManualArgs(regions=["us-east-1"]))
    return {match.rule.id for match in matches if not match.rule.id.startswith("I")}


def errors_of_aws(engine: CompositeEngine, given: dict) -> list[str]:
    found = engine.validate_template(TemplateContent(template(given), "template.json")).diagnostics
    return sorted({f"{one.rule_id} {one.message}" for one in found if one.severity.name in ("FATAL", "ERROR")})


def main() -> None:
    seen, by_aws, wrong, engine = Counter(), Counter(), [], CompositeEngine()
    for file in sorted(DEFECTS.glob("*.yaml")):
        for name, cases in yaml.load(file.read_text(), Loader).items():
            for case in cases:
                code, path = case["at"].split()
                bad, good = codes(case["bad"]), codes(case["good"])
                where = f"{file.name}, {name}: {code} at {path}"
                false = FALSE.get(name, set())
                if errors := {found for found in good if found.startswith("E")} - false:
                    wrong.append(f"{where}: cfn-lint sees {sorted(errors)} in the twin")
                errors = errors_of_aws(engine, case["good"])
                if errors := [error for error in errors if error.split()[0] not in false]:
                    wrong.append(f"{where}: cloudformation-validate sees {errors} in the twin")
                by_aws["seen" if errors_of_aws(engine, case["bad"]) else "not seen"] += 1
                new = bad - good
                is_ours = code in new or new & OTHERS.get(code, set())
                seen["ours alone" if not new else "seen by its code" if is_ours else "seen by another"] += 1
                if new and not is_ours and not code.startswith("F"):
                    wrong.append(f"{where}: cfn-lint sees {sorted(new)}")
    print(f"cfn-lint: {dict(seen)}; cloudformation-validate: {dict(by_aws)}")
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
