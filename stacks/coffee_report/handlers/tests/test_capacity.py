"""A hundred thousand beans within the memory and time of the functions."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import contract
import pytest
from conftest import HANDLERS, World

MEMORY = 512
"""MiB; what the stack gives these functions is not less."""
SECONDS = 60
BEANS = 100_000


def invoke(name: str, event: dict[str, Any]) -> dict[str, Any]:
    command = [
        sys.executable,
        str(Path(__file__).with_name("invoke.py")),
        str(HANDLERS / f"{name}.py"),
        json.dumps(event),
    ]
    done = subprocess.run(command, env=os.environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    contract.check(f"{name}_event", event)
    contract.check(f"{name}_result", measured["result"])
    sys.stderr.write(f"{name}: {measured['seconds']} s, peak {measured['peak']} MiB, loaded {measured['ready']} MiB\n")
    return measured


@pytest.mark.parametrize("suppliers", [1, 2000])
def test_a_hundred_thousand_beans_fit_the_functions(world: World, suppliers: int) -> None:
    world.create_tables()
    world.insert(
        "suppliers",
        *((n, f"Supplier {n}", "1 Road", "City", "State", "a@b.example", "1") for n in range(1, suppliers + 1)),
    )
    note = "Notes of cedar, cocoa and red apple, washed and dried slowly on raised beds. " * 2
    world.insert(
        "beans", *((n, n % suppliers + 1, "Arabica", f"Product {n}", "12.34", note, -n) for n in range(1, BEANS + 1))
    )
    data = invoke("generate_report_data", {"execution": "large"})
    assert data["result"] == {"key": "inventory/large.json", "suppliers": suppliers, "beans": BEANS}
    page = invoke("generate_html", {"inventoryKey": data["result"]["key"], "reportKey": "reports/large.html"})
    # All are oversold, each by more than the one before: what goes on top is found among all of them.
    assert page["result"] == {"key": "reports/large.html", "suppliers": suppliers, "beans": BEANS, "lowStock": BEANS}
    for measured in (data, page):
        assert measured["peak"] < MEMORY / 2, "half of the memory is kept for larger rows"
        assert measured["peak"] - measured["ready"] < 64, "memory does not grow with the inventory"
        assert measured["seconds"] < SECONDS
