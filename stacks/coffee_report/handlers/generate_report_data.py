"""Write the inventory to S3: a JSON document whose suppliers and beans each start a line, for streaming."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from os import environ
from tempfile import TemporaryFile
from typing import Any

import boto3
from botocore.exceptions import ClientError

Row = dict[str, Any]
PAGE = 1000
SUPPLIERS = "SELECT id, name, address, city, state, email, phone FROM suppliers WHERE id > :id ORDER BY id"
SUPPLIER = ("id", "name", "address", "city", "state", "email", "phone")
BEANS = """SELECT supplier_id, id, type, product_name, price, description, quantity FROM beans
WHERE supplier_id = :supplier AND id > :id OR supplier_id > :after ORDER BY supplier_id, id"""
BEAN = ("supplier", "id", "type", "productName", "price", "description", "quantity")
READER = {"resourceArn": environ["CLUSTER_ARN"], "secretArn": environ["SECRET_ARN"], "database": environ["DATABASE"]}
EXACT = {"decimalReturnType": "STRING"}
data_api = boto3.client("rds-data")
s3 = boto3.client("s3")


def execute(sql: str, key: dict[str, int]) -> Any:
    """Ask the database as its read-only user."""
    parameters = [{"name": name, "value": {"longValue": value}} for name, value in key.items()]
    return data_api.execute_statement(**READER, sql=sql, parameters=parameters, resultSetOptions=EXACT)["records"]


def rows(sql: str, columns: tuple[str, ...], **order: str) -> Iterator[Row]:
    """Every row, in pages that shrink to the API's 1 MiB and grow again; parameters hold the last row's columns."""
    key, size = dict.fromkeys(order, -(2**63)), PAGE
    while True:
        try:
            records = execute(f"{sql} LIMIT {size}", key)
        except ClientError as error:
            if "Communications link failure" in str(error):  # the workflow retries the error's other name
                raise data_api.exceptions.DatabaseResumingException(error.response, error.operation_name) from error
            if "size limit" not in str(error) or size == 1:
                raise
            size //= 2
            continue
        for record in records:
            values: Iterator[Any] = (None if field.get("isNull") else next(iter(field.values())) for field in record)
            row = dict(zip(columns, values, strict=True))
            key = {name: row[column] for name, column in order.items()}
            yield row
        if len(records) < size:
            return
        size = min(PAGE, size + size // 8 + 1)


def document(counts: Row) -> Iterator[str]:
    """Merge both tables, read in the order of suppliers."""
    stock = rows(BEANS, BEAN, supplier="supplier", id="id", after="supplier")
    bean = next(stock, None)
    yield f'{{"generatedAt": "{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", "suppliers": ['
    for supplier in rows(SUPPLIERS, SUPPLIER, id="id"):
        yield (",\n" if counts["suppliers"] else "\n") + json.dumps(supplier | {"beans": []}).removesuffix("]}")
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
    result = {"key": f"inventory/{event['execution']}.json", "suppliers": 0, "beans": 0}
    with TemporaryFile() as file:
        file.writelines(piece.encode() for piece in document(result))
        file.seek(0)
        s3.put_object(Bucket=environ["BUCKET"], Key=result["key"], Body=file, ContentType="application/json")
    print(json.dumps(result))
    return result
