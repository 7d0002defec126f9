"""The contract itself, and what the handlers' own limits make of it."""

from pathlib import Path
from typing import Any

import contract
import pytest
from conftest import World

NAMES = sorted(path.stem for path in (contract.CONTRACT / "schemas").iterdir())
SAMPLES = sorted((contract.CONTRACT / "samples").iterdir())
INVALID = [(name, one["why"], one["value"]) for name in NAMES for one in contract.load("invalid", name)]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_fits_its_schema(path: Path) -> None:
    contract.check(path.name.split(".")[0], contract.load("samples", path.stem))


@pytest.mark.parametrize(("name", "why", "value"), INVALID, ids=[f"{name}: {why}" for name, why, _ in INVALID])
def test_a_counterexample_does_not(name: str, why: str, value: Any) -> None:
    with pytest.raises(AssertionError, match=name):
        contract.check(name, value)


@pytest.mark.parametrize(
    ("table", "type_name", "renamed"),
    [("suppliers", "Supplier", {}), ("beans", "Bean", {"product_name": "productName"})],
)
def test_the_inventory_has_the_columns_of_the_tables_their_lengths_and_their_nulls(
    world: World, table: str, type_name: str, renamed: dict[str, str]
) -> None:
    world.create_tables()
    columns = world.server.query(
        "SELECT column_name, is_nullable, data_type, character_maximum_length, numeric_precision, numeric_scale"
        f" FROM information_schema.columns WHERE table_schema = 'coffee' AND table_name = '{table}'"
        " AND column_name <> 'supplier_id' ORDER BY ordinal_position"
    )
    expected = {}
    for name, nullable, kind, length, precision, scale in columns:
        if kind == "int":
            field: dict[str, Any] = {"type": "integer", "format": "int32"}
        elif kind == "decimal":
            field = {"type": "string", "pattern": f"^-?[0-9]{{1,{precision - scale}}}\\.[0-9]{{{scale}}}$"}
        else:
            field = {"type": "string", "maxLength": length}
        if nullable == "YES":
            field["type"] = [field["type"], "null"]
        expected[renamed.get(name, name)] = field
    schema = contract.load("schemas", "inventory")["$defs"][type_name]
    fields = {
        name: {keyword: value for keyword, value in field.items() if keyword != "description"}
        for name, field in schema["properties"].items()
        if name != "beans"
    }
    assert fields == expected
    assert set(schema["required"]) == set(schema["properties"])


@pytest.mark.beyond_the_contract
def test_the_page_refuses_a_title_exactly_where_the_contract_does(world: World) -> None:
    limit = contract.load("schemas", "request")["properties"]["title"]["maxLength"]
    handler = world.load("generate_html").handler
    key = world.write("inventory/run-1.json", '{"generatedAt": "2026-11-22T08:00:00Z", "suppliers": [\n]}\n')
    event = {"inventoryKey": key, "reportKey": "reports/run-1.html"}
    assert handler(event | {"title": "☕" * limit}, None)["suppliers"] == 0
    refused = [
        one["value"]["title"]
        for one in contract.load("invalid", "request")
        if one.get("schemaOnly") and isinstance(one["value"], dict) and one["value"]["title"]
    ]
    # A file of JSON cannot hold the last ones, but a request may.
    for title in [*refused, "x" * (limit + 1), "\ud83d", "a\udc00", "\udc00\ud83d"]:
        assert contract.faults("request", {"title": title}), title
        with pytest.raises(ValueError, match="title"):
            handler(event | {"title": title}, None)
    odd = contract.load("samples", "request.odd")
    assert not contract.faults("request", odd)
    assert handler(event | odd, None)["suppliers"] == 0


@pytest.mark.parametrize("name", ["inventory", "inventory.empty", "inventory.edges"])
def test_the_page_is_made_from_each_sample(world: World, name: str) -> None:
    inventory = contract.load("samples", name)
    result = world.load("generate_html").handler(
        contract.load("samples", "generate_html_event")
        | {"inventoryKey": world.write("inventory/sample.json", contract.lines(inventory))},
        None,
    )
    suppliers = inventory["suppliers"]
    assert (result["suppliers"], result["beans"]) == (len(suppliers), sum(len(each["beans"]) for each in suppliers))


def test_an_event_that_is_not_the_contract_s_fails_the_tests(world: World) -> None:
    with pytest.raises(AssertionError, match=r"generate_presigned_url_event: \$\.key"):
        world.load("generate_presigned_url").handler({"key": "elsewhere/run.html"}, None)


def test_an_inventory_that_is_not_the_contract_s_fails_the_tests(world: World) -> None:
    broken = contract.load("samples", "inventory")
    broken["suppliers"][0]["beans"][0]["price"] = 14.5
    key = world.write("inventory/broken.json", contract.lines(broken))
    with pytest.raises(AssertionError, match=r"inventory: .*price"):
        world.load("generate_html").handler({"inventoryKey": key, "reportKey": "reports/broken.html"}, None)
