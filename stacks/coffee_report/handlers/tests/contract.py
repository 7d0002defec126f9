"""The contract with the other parts: the schemas that are made from the Rust types in contract.rs."""

import functools
import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

CONTRACT = Path(__file__).parents[2] / "contract"
FORMATS = FormatChecker(formats=())
for name, low, high in (("int32", -(2**31), 2**31), ("uint64", 0, 2**64)):
    FORMATS.checks(name)(lambda value, low=low, high=high: not isinstance(value, int) or low <= value < high)


def load(folder: str, name: str) -> Any:
    return json.loads((CONTRACT / folder / f"{name}.json").read_text(encoding="utf-8"))


@functools.cache
def validator(name: str) -> Draft202012Validator:
    """Judges payloads of a type, which has the name of its schema's file."""
    schema = load("schemas", name)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FORMATS)


def faults(name: str, value: Any) -> list[str]:
    """Why the value is no payload of that type; through JSON, as it goes over the wire."""
    errors = validator(name).iter_errors(json.loads(json.dumps(value)))
    return [f"{name}: {error.json_path}: {error.message}" for error in errors]


def check(name: str, value: Any) -> None:
    """Fail unless the value is a payload of that type."""
    if found := faults(name, value):
        raise AssertionError("\n".join(found))


def lines(inventory: dict[str, Any]) -> str:
    """The inventory in the layout that generate_report_data promises: each supplier and each bean starts a line."""
    parts = []
    for each in inventory["suppliers"]:
        head = json.dumps(each | {"beans": []})[:-2]
        beans = "".join(f"\n{json.dumps(one)}," for one in each["beans"]).removesuffix(",")
        parts.append(f"\n{head}{beans}\n]}}")
    return f'{{"generatedAt": "{inventory["generatedAt"]}", "suppliers": [{",".join(parts)}\n]}}\n'
