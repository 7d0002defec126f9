"""The inventory that is read from the database and written to S3."""

import json
from decimal import Decimal
from typing import Any

import data_api
import pytest
from botocore.exceptions import ClientError
from conftest import READER, World

HOSTILE = [
    "<script>alert(1)</script>",
    'O\'Brien "& Sons" \\',
    "'; DROP TABLE beans; -- :id %s",
    "☕ 🫘 naïve Ελλάδα 珈琲",
    "قهوة \u202eأسود",
    "line\r\nbreak\ttab\u2028separator\x00nul",
    "]}",
    "{",
    "",
]


def supplier(number: int, name: str = "Roaster") -> tuple[Any, ...]:
    return (number, name, None, None, None, None, None)


def bean(
    number: int, of: int, name: str = "Blend", price: str = "1.00", quantity: int = 1, note: str | None = None
) -> Any:
    return (number, of, "Arabica", name, price, note, quantity)


def report(world: World) -> tuple[dict[str, Any], dict[str, Any]]:
    result = world.load("generate_report_data").handler({"execution": "run-1"}, None)
    return result, json.loads(world.read(result["key"]))


@pytest.fixture(autouse=True)
def _tables(world: World) -> None:
    world.create_tables()


def test_the_result_names_the_document_and_counts_what_it_holds(world: World) -> None:
    world.insert("suppliers", supplier(1), supplier(2))
    world.insert("beans", bean(1, 1), bean(2, 2), bean(3, 2))
    result, document = report(world)
    assert result == {"key": "inventory/run-1.json", "suppliers": 2, "beans": 3}
    assert [[one["id"] for one in each["beans"]] for each in document["suppliers"]] == [[1], [2, 3]]
    assert world.s3.head_object(Bucket="coffee-reports", Key=result["key"])["ContentType"] == "application/json"


def test_each_supplier_and_each_bean_starts_a_line(world: World) -> None:
    world.insert("suppliers", supplier(1), supplier(2))
    world.insert("beans", bean(1, 1, note="x"), bean(2, 1))
    result, document = report(world)
    lines = world.read(result["key"]).splitlines()
    assert json.loads(lines[0] + "]}") == {"generatedAt": document["generatedAt"], "suppliers": []}
    assert json.loads(lines[1] + "]}") == document["suppliers"][0] | {"beans": []}
    assert json.loads(lines[2].rstrip(",")) == document["suppliers"][0]["beans"][0]
    assert json.loads(lines[3]) == document["suppliers"][0]["beans"][1]
    assert lines[4] == "]},"
    assert lines[6:] == ["]}", "]}"]


def test_every_column_arrives_under_its_name(world: World) -> None:
    world.insert("suppliers", (7, "N", "A", "C", "S", "e@x.example", "1"))
    world.insert("beans", (9, 7, "T", "P", "2.50", "D", 3))
    assert report(world)[1]["suppliers"] == [
        {
            "id": 7,
            "name": "N",
            "address": "A",
            "city": "C",
            "state": "S",
            "email": "e@x.example",
            "phone": "1",
            "beans": [
                {"id": 9, "type": "T", "productName": "P", "price": "2.50", "description": "D", "quantity": 3},
            ],
        },
    ]


def test_a_supplier_without_beans_has_an_empty_list(world: World) -> None:
    world.insert("suppliers", supplier(1), supplier(2), supplier(3))
    world.insert("beans", bean(1, 2))
    assert [len(each["beans"]) for each in report(world)[1]["suppliers"]] == [0, 1, 0]


def test_an_empty_database_gives_a_document_without_suppliers(world: World) -> None:
    result, document = report(world)
    assert result == {"key": "inventory/run-1.json", "suppliers": 0, "beans": 0}
    assert document["suppliers"] == []


@pytest.mark.parametrize("price", ["0.10", "999999.99", "-0.01", "0.00", "1234.50"])
def test_prices_stay_exact(world: World, price: str) -> None:
    world.insert("suppliers", supplier(1))
    world.insert("beans", bean(1, 1, price=price))
    assert report(world)[1]["suppliers"][0]["beans"][0]["price"] == price


def test_hostile_text_comes_through_unchanged(world: World) -> None:
    world.insert("suppliers", *(supplier(number, text) for number, text in enumerate(HOSTILE, 1)))
    world.insert("beans", *(bean(n, n, text, note=text) for n, text in enumerate(HOSTILE, 1)))
    document = report(world)[1]
    assert [each["name"] for each in document["suppliers"]] == HOSTILE
    assert [each["beans"][0]["productName"] for each in document["suppliers"]] == HOSTILE
    assert [each["beans"][0]["description"] for each in document["suppliers"]] == HOSTILE


def test_negative_and_huge_quantities_and_ids_come_through(world: World) -> None:
    world.insert("suppliers", supplier(-5), supplier(2**31 - 1))
    world.insert("beans", bean(-7, -5, quantity=-(2**31)), bean(2**31 - 1, 2**31 - 1, quantity=2**31 - 1))
    first, last = report(world)[1]["suppliers"]
    assert (first["id"], first["beans"][0]["id"], first["beans"][0]["quantity"]) == (-5, -7, -(2**31))
    assert (last["id"], last["beans"][0]["quantity"]) == (2**31 - 1, 2**31 - 1)


@pytest.mark.parametrize("count", [999, 1000, 1001, 2000])
def test_no_row_is_lost_or_doubled_at_the_edge_of_a_page(world: World, count: int) -> None:
    world.insert("suppliers", *(supplier(number) for number in range(1, count + 1)))
    # Bean numbers run against the suppliers', so that the pages cut across both.
    world.insert("beans", *(bean(number, count + 1 - number) for number in range(1, count + 1)))
    result, document = report(world)
    assert (result["suppliers"], result["beans"]) == (count, count)
    assert [(each["id"], each["beans"][0]["id"]) for each in document["suppliers"]] == [
        (number, count + 1 - number) for number in range(1, count + 1)
    ]


def test_a_page_over_the_response_limit_is_halved_and_grows_again(world: World) -> None:
    world.insert("suppliers", supplier(1))
    large = [bean(n, 1, note="é" * 2000) for n in range(1, 1001)]
    small = [bean(n, 1) for n in range(1001, 5001)]
    world.insert("beans", *large, *small)
    result, document = report(world)
    assert result["beans"] == 5000
    assert [one["id"] for one in document["suppliers"][0]["beans"]] == list(range(1, 5001))
    calls = [call for call in world.api.calls if "FROM beans" in call.sql]
    assert [call.error for call in calls[:2]] == [data_api.TOO_LARGE] * 2
    sizes = [call.rows for call in calls if not call.error]
    assert sizes[0] == 250
    assert max(sizes) > 2 * sizes[0], "the page grows again once rows are small"
    assert sum(bool(call.error) for call in calls) < len(calls) / 3, "growing does not run into the limit each time"


def test_a_row_that_never_fits_is_an_error_and_not_an_endless_loop(world: World) -> None:
    world.insert("suppliers", supplier(1))
    world.server.query("ALTER TABLE beans MODIFY description MEDIUMTEXT", "coffee")
    world.insert("beans", bean(1, 1, note="x" * 100_000))
    with pytest.raises(ClientError, match="size limit"):
        report(world)
    assert world.keys() == []


@pytest.mark.parametrize("failure", [data_api.RESUMING, data_api.LINK_FAILURE])
def test_a_resuming_database_fails_under_the_name_that_the_workflow_retries(
    world: World, failure: tuple[str, str]
) -> None:
    world.api.failures = [failure]
    with pytest.raises(Exception, match=r"resuming|Communications") as caught:
        report(world)
    assert type(caught.value).__name__ == "DatabaseResumingException"
    assert world.keys() == []
    assert report(world)[0]["suppliers"] == 0


def test_any_other_error_of_the_database_keeps_its_name_and_writes_nothing(world: World) -> None:
    world.server.query("DROP TABLE beans", "coffee")
    with pytest.raises(ClientError, match="1146") as caught:
        report(world)
    assert type(caught.value).__name__ == "BadRequestException"
    assert world.keys() == []


def test_the_database_is_only_asked_by_the_reader_and_only_read(world: World) -> None:
    report(world)
    assert {call.user for call in world.api.calls} == {READER[0]}
    assert all(call.sql.startswith("SELECT") for call in world.api.calls)


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO suppliers (name) VALUES ('x')",
        "UPDATE suppliers SET name = 'x'",
        "DELETE FROM suppliers",
        "DROP TABLE beans",
        "CREATE TABLE other (id INT)",
        "CREATE DATABASE other",
        "SELECT * FROM mysql.user",
    ],
)
def test_the_database_itself_refuses_the_reader_anything_else(world: World, sql: str) -> None:
    handler = world.load("generate_report_data")
    with pytest.raises(ClientError, match=r"Database error code: 1(142|044|227)"):
        handler.execute(sql, {})


def test_the_log_is_one_line_of_counts(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.insert("suppliers", supplier(1, "Private Name"))
    result, _ = report(world)
    assert json.loads(capsys.readouterr().out) == result


def test_values_add_up_to_the_cent(world: World) -> None:
    world.insert("suppliers", supplier(1))
    world.insert("beans", *(bean(n, 1, price="0.10") for n in range(1, 1001)))
    beans = report(world)[1]["suppliers"][0]["beans"]
    assert sum(Decimal(one["price"]) for one in beans) == Decimal("100.00")
