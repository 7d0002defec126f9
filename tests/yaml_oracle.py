#!/usr/bin/env python3
"""Reads templates with YAML readers that are not ours and compares them with their JSON form.

    cargo run --example yaml_corpus -- 2000 | python3 tests/yaml_oracle.py

Each line of the input is {"yaml": text, "json": value}. Readers: PyYAML (YAML 1.1, in Python and as libyaml),
ruamel.yaml (YAML 1.2) and, where it is installed, the reader of the AWS CLI. Needs `pip install pyyaml ruamel.yaml`.
"""

import json
import sys

import ruamel.yaml
import yaml


def function(tag, value):
    """The long form of a tagged node: CloudFormation's rule for short tags."""
    name = str(tag).lstrip("!")
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}


def construct(loader, node):
    if node.id == "scalar":
        return loader.construct_scalar(node)
    if node.id == "sequence":
        return loader.construct_sequence(node, deep=True)
    return loader.construct_mapping(node, deep=True)


def with_tags(base):
    loader = type("Loader", (base,), {})
    loader.add_multi_constructor("!", lambda loader, _, node: function(node.tag, construct(loader, node)))
    return loader


def readers():
    python = with_tags(yaml.SafeLoader)
    yield "PyYAML", lambda text: yaml.load(text, python)
    if yaml.__with_libyaml__:
        native = with_tags(yaml.CSafeLoader)
        yield "libyaml", lambda text: yaml.load(text, native)
    constructor = type("Constructor", (ruamel.yaml.SafeConstructor,), {})
    constructor.add_multi_constructor(
        "!", lambda constructor, _, node: function(node.tag, construct(constructor, node))
    )
    modern = ruamel.yaml.YAML(typ="safe", pure=True)
    modern.Constructor = constructor
    yield "ruamel.yaml", modern.load
    try:
        from awscli.customizations.cloudformation.yamlhelper import yaml_parse
    except ImportError:
        return
    yield "awscli", yaml_parse


def difference(got, expected, path=""):
    """Where two values differ, types included: 1, 1.0 and True are three values."""
    if isinstance(expected, dict) and isinstance(got, dict):
        if list(got) != list(expected):
            return f"{path}: keys {list(got)!r}, expected {list(expected)!r}"
        pairs = [(got[key], expected[key], f"{path}/{key}") for key in expected]
    elif isinstance(expected, list) and isinstance(got, list):
        if len(got) != len(expected):
            return f"{path}: {len(got)} elements, expected {len(expected)}"
        pairs = [(a, b, f"{path}/{i}") for i, (a, b) in enumerate(zip(got, expected))]
    elif type(got) is type(expected) and repr(got) == repr(expected):
        return None
    else:
        return f"{path}: {got!r}, expected {expected!r}"
    return next((found for found in (difference(*pair) for pair in pairs) if found), None)


def main():
    named = list(readers())
    passed = failed = 0
    for number, line in enumerate(sys.stdin, 1):
        case = json.loads(line)
        problems = []
        for name, read in named:
            try:
                found = difference(read(case["yaml"]), case["json"])
            except Exception as error:  # a reader that refuses the text is what this looks for
                found = f"{type(error).__name__}: {error}"
            if found:
                problems.append(f"{name}: {found}")
        if problems:
            failed += 1
            if failed <= 5:
                print(f"document {number}\n{case['yaml']}\n" + "\n".join(problems), file=sys.stderr)
        else:
            passed += 1
    print("read by " + ", ".join(name for name, _ in named))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
