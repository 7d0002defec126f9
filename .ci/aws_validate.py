"""Ask AWS's cloudformation-validate about templates: it has to find no error and nothing to warn of."""

import sys
from pathlib import Path

from cloudformation_validate import CompositeEngine, TemplateContent

MENTIONED = {"INFO", "DEBUG"}


def findings(engine: CompositeEngine, text: str, name: str) -> list[str]:
    """What it finds, each with its severity and rule; what it only mentions is left out."""
    report = engine.validate_template(TemplateContent(text, name))
    found = [(one.severity.name, one.rule_id, one.message) for one in report.diagnostics]
    return [f"{severity} {rule}: {message}" for severity, rule, message in found if severity not in MENTIONED]


def main() -> None:
    engine = CompositeEngine()
    wrong = [f"{path}: {one}" for path in sys.argv[1:] for one in findings(engine, Path(path).read_text(), path)]
    print(f"{len(sys.argv) - 1} templates, {len(wrong)} findings")
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
