"""Fail on any IAM action of a template or a snapshot of grants that AWS does not have (policy_sentry's database)."""

import json
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from policy_sentry.querying.all import get_all_actions


def statements(node: Any) -> Iterator[dict[str, Any]]:
    """Everything with an effect and actions, however deep."""
    if isinstance(node, dict):
        if "Effect" in node and ("Action" in node or "NotAction" in node):
            yield node
        for child in node.values():
            yield from statements(child)
    elif isinstance(node, list):
        for child in node:
            yield from statements(child)


def document(text: str) -> Any:
    """The JSON of a file; a snapshot has a header in front of it."""
    return json.loads(text.split("---\n", 2)[2] if text.startswith("---\n") else text)


def main() -> int:
    known = {action.lower() for action in get_all_actions()}
    actions = set()
    for name in sys.argv[1:]:
        for statement in statements(document(Path(name).read_text())):
            for key in ("Action", "NotAction"):
                value = statement.get(key, [])
                actions.update([value] if isinstance(value, str) else value)
    unknown = sorted(a for a in actions if not any(fnmatch(k, a.lower()) for k in ([a.lower()] if a.lower() in known else known)))
    for action in unknown:
        print(f"error: AWS has no action {action}")
    print(f"{len(actions) - len(unknown)} passed, {len(unknown)} failed")
    return 1 if unknown or not actions else 0


if __name__ == "__main__":
    sys.exit(main())
