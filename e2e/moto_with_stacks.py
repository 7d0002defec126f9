"""Moto's server, with what it leaves out of stacks that need each other.

It keeps exports of stacks alone that `create-stack` has made, and `aws cloudformation deploy` makes change sets. And of
a nested stack it knows no outputs.
"""

from typing import Any

from moto.cloudformation.models import CloudFormationBackend, Stack
from moto.server import main

created, executed = CloudFormationBackend.create_change_set, CloudFormationBackend.execute_change_set


def create_change_set(self: Any, *words: Any, **named: Any) -> Any:
    change_set, stack = created(self, *words, **named)
    made = self.stacks[stack]
    made.cross_stack_resources = made.resource_map.cross_stack_resources = self.exports
    return change_set, stack


def execute_change_set(self: Any, *words: Any, **named: Any) -> None:
    executed(self, *words, **named)
    for stack in self.stacks.values():
        # The outputs are those of the change set from now on.
        stack._parse_template()  # noqa: SLF001
        stack.output_map = stack._create_output_map()  # noqa: SLF001
        self.exports.update({export.name: export for export in stack.exports})


def get_cfn_attribute(self: Any, name: str) -> Any:
    return self.output_map[name.removeprefix("Outputs.")].value


if __name__ == "__main__":
    CloudFormationBackend.create_change_set = create_change_set  # type: ignore[method-assign]
    CloudFormationBackend.execute_change_set = execute_change_set  # type: ignore[method-assign]
    Stack.get_cfn_attribute = get_cfn_attribute  # type: ignore[attr-defined]
    main()
