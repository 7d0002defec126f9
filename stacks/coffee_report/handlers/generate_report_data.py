"""Write the inventory to S3: a JSON document whose suppliers and beans each start a line, for streaming.

    {"generatedAt": "2026-11-22T08:00:00Z", "suppliers": [
    {"id": 1, "name": "…", …, "beans": [
    {"id": 1, "type": "…", "productName": "…", "price": "9.50", "description": null, "quantity": 4}
    ]}
    ]}

Prices are text, as exact as in the database.
"""

import json
import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
from botocore.exceptions import ClientError

Row = dict[str, Any]
PAGE = 1000
FIRST = -(2**63)
SUPPLIERS = "SELECT id, name, address, city, state, email, phone FROM suppliers WHERE id > :id ORDER BY id"
SUPPLIER = ("id", "name", "address", "city", "state", "email", "phone")
BEANS = """SELECT supplier_id, id, type, product_name, price, description, quantity FROM beans
WHERE supplier_id = :supplier AND id > :id OR supplier_id > :supplier ORDER BY supplier_id, id"""
BEAN = ("supplier", "id", "type", "productName", "price", "description", "quantity")
data_api = boto3.client("rds-data")
s3 = boto3.client("s3")


class DatabaseResumingException(Exception):  # noqa: N818 - the workflow retries this very name
    """The paused database is waking up."""


def execute(sql: str, key: dict[str, int]) -> list[list[Row]]:
    """One statement through the RDS Data API, as the read-only user."""
    try:
        response: Row = data_api.execute_statement(
            resourceArn=os.environ["CLUSTER_ARN"],
            secretArn=os.environ["SECRET_ARN"],
            database=os.environ["DATABASE"],
            sql=sql,
            parameters=[{"name": name, "value": {"longValue": value}} for name, value in key.items()],
            resultSetOptions={"decimalReturnType": "STRING"},
        )
    except ClientError as error:
        code, text = error.response["Error"]["Code"], str(error)
        if code == "DatabaseResumingException" or "Communications link failure" in text:
            raise DatabaseResumingException(text) from error
        raise
    records: list[list[Row]] = response["records"]
    return records


def rows(sql: str, columns: tuple[str, ...], key: dict[str, int]) -> Iterator[Row]:
    """Every row after `key`, in pages that shrink to the API's 1 MiB and grow again."""
    size = PAGE
    while True:
        try:
            records = execute(f"{sql} LIMIT {size}", key)
        except ClientError as error:
            if "size limit" not in str(error) or size == 1:
                raise
            size //= 2
            continue
        for record in records:
            values: Iterator[Any] = (None if field.get("isNull") else next(iter(field.values())) for field in record)
            row = dict(zip(columns, values, strict=True))
            key = {name: row[name] for name in key}
            yield row
        if len(records) < size:
            return
        size = min(PAGE, size + size // 8 + 1)


def document(counts: dict[str, int]) -> Iterator[str]:
    """Merge both tables, read in the order of suppliers."""
    stock = rows(BEANS, BEAN, {"supplier": FIRST, "id": FIRST})
    bean = next(stock, None)
    yield f'{{"generatedAt": "{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", "suppliers": ['
    for supplier in rows(SUPPLIERS, SUPPLIER, {"id": FIRST}):
        yield ",\n" if counts["suppliers"] else "\n"
        yield json.dumps(supplier)[:-1] + ', "beans": ['
        counts["suppliers"] += 1
        comma = "\n"
        # A lower number belongs to a supplier deleted, or added, since its page was read.
        while bean and bean["supplier"] <= supplier["id"]:
            if bean.pop("supplier") == supplier["id"]:
                yield comma + json.dumps(bean)
                counts["beans"] += 1
                comma = ",\n"
            bean = next(stock, None)
        yield "\n]}"
    yield "\n]}\n"


def handler(event: Row, _context: object) -> Row:
    """Return the key of this execution's inventory, and what it counts."""
    key = f"inventory/{event['execution']}.json"
    counts = {"suppliers": 0, "beans": 0}
    with tempfile.TemporaryFile() as file:
        for piece in document(counts):
            file.write(piece.encode())
        file.seek(0)
        s3.put_object(Bucket=os.environ["BUCKET"], Key=key, Body=file, ContentType="application/json")
    result = {"key": key, **counts}
    print(json.dumps(result))
    return result
