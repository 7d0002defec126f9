"""Write the pages that the browser looks at: `render.py DIRECTORY`."""

import importlib.util
import json
import os
import re
import sqlite3
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

HANDLERS = Path(__file__).parents[2]
LONG = "Donaudampfschifffahrtsgesellschaftskaffeeröstereibesitzerin" * 3
HOSTILE = [
    "<script>document.title = 'taken over'; console.error('script ran')</script>",
    "<img src=x onerror=\"console.error('handler ran')\">",
    "\"><svg onload=console.error('svg')>&amp;&lt;script&gt;</title></style></table></section></main>",
    "☕ 🫘 naïve Ελλάδα 珈琲 قهوة \u202eأسود",
    LONG,
    "' onmouseover='console.error(1)' style='position:fixed;inset:0",
]


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, HANDLERS / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Bucket:
    """As much of S3 as generate_html uses, in memory."""

    def __init__(self, inventory: str) -> None:
        self.inventory = inventory
        self.page = b""

    def get_object(self, **_: str) -> dict[str, Any]:
        return {"Body": self}

    def iter_lines(self, _: int) -> Any:
        return iter(self.inventory.encode().splitlines())

    def put_object(self, *, Body: Any, **_: str) -> None:  # noqa: N803 - boto3's own name
        self.page = Body.read()


def sample() -> list[dict[str, Any]]:
    """The sample rows of initialize_database, through a database that happens to read the same SQL."""
    database = sqlite3.connect(":memory:")
    database.row_factory = sqlite3.Row
    database.execute("CREATE TABLE suppliers (id INTEGER PRIMARY KEY, name, address, city, state, email, phone)")
    database.execute(
        "CREATE TABLE beans (id INTEGER PRIMARY KEY, supplier_id, type, product_name, price, description, quantity)"
    )
    for rows in load("initialize_database").SAMPLE:
        database.execute(rows.replace("INSERT IGNORE", "INSERT OR IGNORE"))
    suppliers = [dict(row) for row in database.execute("SELECT * FROM suppliers ORDER BY id")]
    for supplier in suppliers:
        query = (
            "SELECT id, type, product_name AS productName, printf('%.2f', price) AS price, description, quantity"
            " FROM beans WHERE supplier_id = ? ORDER BY id"
        )
        supplier["beans"] = [dict(row) for row in database.execute(query, (supplier["id"],))]
    return suppliers


def hostile() -> list[dict[str, Any]]:
    texts = [
        dict.fromkeys(("name", "address", "city", "state", "email", "phone"), text)
        | {
            "id": number,
            "beans": [
                {"id": 1, "type": text, "productName": text, "price": "999999.99", "description": text, "quantity": 7},
                {
                    "id": 2,
                    "type": text,
                    "productName": "x",
                    "price": "-0.01",
                    "description": None,
                    "quantity": -(2**31),
                },
                {"id": 3, "type": "", "productName": None, "price": None, "description": None, "quantity": None},
                {
                    "id": 4,
                    "type": "T",
                    "productName": "Y",
                    "price": "999999.99",
                    "description": "",
                    "quantity": 2**31 - 1,
                },
            ],
        }
        for number, text in enumerate(HOSTILE, 1)
    ]
    nothing = dict.fromkeys(("name", "address", "city", "state", "email", "phone"), None)
    return [*texts, nothing | {"id": 99, "beans": []}]


def many(count: int, each: int) -> list[dict[str, Any]]:
    """As many suppliers with some of the sample's beans each; every third has sold more of one than there was."""
    beans = [bean for supplier in sample() for bean in supplier["beans"]]
    return [
        {
            "id": number,
            "name": f"{('Harbor', 'Alta', 'North', 'Old Town')[number % 4]} Roasters {number}",
            "address": f"{number} Pier Road",
            "city": "Portland",
            "state": "Oregon",
            "email": f"orders@roaster{number}.example",
            "phone": f"+1 503 555 {number:04}",
            "beans": [bean | {"quantity": -number} for bean in beans[:1] if number % 3 == 0]
            + beans[number % 6 :][:each],
        }
        for number in range(1, count + 1)
    ]


def long() -> list[dict[str, Any]]:
    """A supplier whose card is longer than a sheet of paper, after one that leaves some of the first."""
    beans = [bean | {"quantity": 50} for _ in range(20) for supplier in sample() for bean in supplier["beans"]]
    return [sample()[0], sample()[1] | {"beans": beans}]


def inventory(suppliers: list[dict[str, Any]]) -> str:
    parts = [
        json.dumps(one | {"beans": []})[:-2] + ",".join("\n" + json.dumps(bean) for bean in one["beans"]) + "\n]}"
        for one in suppliers
    ]
    return '{"generatedAt": "2026-11-22T08:00:00Z", "suppliers": [' + ",".join("\n" + one for one in parts) + "\n]}\n"


def main(directory: Path) -> None:
    os.environ |= {"AWS_DEFAULT_REGION": "eu-west-1", "BUCKET": "reports"}
    html = load("generate_html")
    pages: dict[str, tuple[list[dict[str, Any]], str]] = {
        "sample": (sample(), "Coffee inventory"),
        "hostile": (hostile(), re.sub(r"\s+", " ", HOSTILE[2])),
        "empty": ([], "Coffee inventory"),
        "three": (many(3, 4), "Coffee inventory of the café at the harbour"),
        "long": (long(), "Coffee inventory"),
        "many": (many(300, 1), "Coffee inventory"),
    }
    expected = {}
    for name, (suppliers, title) in pages.items():
        bucket = Bucket(inventory(suppliers))
        vars(html)["s3"] = bucket
        html.handler({"inventoryKey": "inventory", "reportKey": name, "title": title}, None)
        (directory / f"{name}.html").write_bytes(bucket.page)
        stock = [bean["quantity"] for one in suppliers for bean in one["beans"] if bean["quantity"] is not None]
        oversold = sum(quantity < 0 for quantity in stock)
        low = sum(quantity < 10 for quantity in stock) - oversold
        expected[name] = {"suppliers": len(suppliers), "oversold": oversold, "low": low}
    (directory / "pages.json").write_text(json.dumps(expected), encoding="utf-8")


main(Path(sys.argv[1]))
