"""Turn the inventory document in S3 into a page that needs no script, font or image from elsewhere."""

import json
import os
import shutil
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from html import escape
from itertools import takewhile
from tempfile import TemporaryFile
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import boto3

Row = dict[str, Any]
TITLE_LENGTH = 100
STYLE = """
:root{color-scheme:light dark;--page:light-dark(#faf7f2,#17120e);--card:light-dark(#fff,#221b16);
--ink:light-dark(#2a1c13,#f3eae1);--soft:light-dark(#6b5646,#c3ae9c);--line:light-dark(#e6dbcf,#43362c);
--warn:light-dark(#9c2a10,#ffb59e);--tint:light-dark(#fdeee8,#46231a)}
*{box-sizing:border-box}
body{max-width:60rem;margin:auto;padding:2rem 1rem;background:var(--page);color:var(--ink);
font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1,h2{line-height:1.2;margin:0}h2{font-size:1.25rem}
p,address{margin:.25rem 0 0;font-style:normal;color:var(--soft)}a{color:inherit}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.75rem;margin:1.5rem 0}
dl div,section{background:var(--card);border:1px solid var(--line);border-radius:.75rem;padding:.75rem 1rem}
dt,small,thead{color:var(--soft);font-size:.875rem}dd{margin:0;font-size:1.5rem;font-weight:600}
section{margin-top:1rem;padding:1.25rem 1rem}
table{width:100%;margin-top:1rem;border-collapse:collapse;font-variant-numeric:tabular-nums}
caption{position:absolute;clip-path:inset(50%)}
th,td{padding:.5rem 0 .5rem .75rem;text-align:right;vertical-align:top;border-top:1px solid var(--line)}
th:first-child{text-align:left;padding-left:0}thead th{border:0}th,tfoot{font-weight:600}
small{display:block;font-weight:400}
mark{display:inline-block;padding:0 .5rem;border-radius:1rem;background:var(--tint);color:var(--warn);
font-size:.8125rem;font-weight:600;white-space:nowrap}
@media(max-width:30rem){body{padding:1rem .5rem}th,td{padding-left:.5rem;font-size:.875rem}}
@media print{:root{color-scheme:light}body{max-width:none;padding:0;background:none}
section{border:0;padding:0}tr,dl div{break-inside:avoid}h2,address{break-after:avoid}}
"""
POLICY = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'"
)
COLUMNS = '<thead><tr><th scope="col">Product<th scope="col">Price<th scope="col">Quantity<th scope="col">Value'
s3 = boto3.client("s3")


def starts_object(line: bytes) -> bool:
    """In the inventory, whether the line is a supplier or a bean, not the end of their list."""
    return line.startswith(b"{")


def text(value: str | None) -> str:
    """Escape what comes from the database; a dash stands for nothing."""
    return escape(value or "–")


def number(value: Decimal | int | None, form: str = ",") -> str:
    """Group thousands; a number too long for a phone may break between its groups."""
    digits = "–" if value is None else format(value, form)
    return digits.replace(",", ",<wbr>") if len(digits) > len("99,999,999") else digits


def row(bean: Row, low_stock_below: int, stock: Counter[str]) -> str:
    """One bean's row, counted in its supplier's stock."""
    price, quantity = bean["price"] and Decimal(bean["price"]), bean["quantity"]
    value: Any = None if price is None or quantity is None else price * quantity
    low = quantity is not None and quantity < low_stock_below
    stock.update(beans=1, low=low, quantity=quantity or 0, value=value or 0)
    notes = " · ".join(escape(bean[name]) for name in ("type", "description") if bean[name])
    return (
        f'<tr><th scope="row">{text(bean["productName"])} <small>{notes}</small><td>{number(price, ",.2f")}'
        f"<td>{'<mark>Low</mark> ' if low else ''}{number(quantity)}<td>{number(value, ',.2f')}\n"
    )


def section(place: int, supplier: Row, rows: Iterator[str], stock: Counter[str]) -> Iterator[str]:
    """One supplier: how to reach it, and the table of its beans."""
    name, email = text(supplier["name"]), supplier["email"]
    contact = [
        ", ".join(escape(supplier[part]) for part in ("address", "city", "state") if supplier[part]),
        f'<a href="mailto:{quote(email, "@")}">{escape(email)}</a>' if email else "",
        escape(supplier["phone"] or ""),
    ]
    yield f'<section aria-labelledby="s{place}"><h2 id="s{place}">{name}</h2>'
    yield f"<address>{'<br>'.join(filter(None, contact))}</address>\n"
    for first in rows:
        yield f"<table><caption>Beans of {name}</caption>{COLUMNS}<tbody>\n{first}"
        yield from rows
        yield f'<tfoot><tr><th scope="row">Total<td><td>{number(stock["quantity"])}'
        yield f"<td>{number(stock['value'], ',.2f')}</table></section>\n"
        return
    yield "<p>No beans from this supplier.</p></section>\n"


def sections(lines: Iterator[bytes], low_stock_below: int, total: Counter[str]) -> Iterator[str]:
    """Every supplier, counted in the total."""
    for line in takewhile(starts_object, lines):
        stock: Counter[str] = Counter(suppliers=1)
        beans = (json.loads(bean.rstrip(b",")) for bean in takewhile(starts_object, lines))
        rows = (row(bean, low_stock_below, stock) for bean in beans)
        yield from section(total["suppliers"] + 1, json.loads(line + b"]}"), rows, stock)
        total.update(stock)


def handler(event: Row, _context: object) -> Row:
    """Write the page and return its key and what it counts."""
    title = event.get("title") or "Coffee inventory"
    low_stock_below = event.get("lowStockBelow", 10)
    if len(title) > TITLE_LENGTH or low_stock_below < 0:
        raise ValueError(f"expected a title of at most {TITLE_LENGTH} characters and lowStockBelow from 0")
    bucket = os.environ["BUCKET"]
    lines = s3.get_object(Bucket=bucket, Key=event["inventoryKey"])["Body"].iter_lines(2**16)
    zone = ZoneInfo(os.environ["TIME_ZONE"]) if os.environ.get("TIME_ZONE") else UTC
    at = datetime.fromisoformat(json.loads(next(lines) + b"]}")["generatedAt"]).astimezone(zone)
    total: Counter[str] = Counter()
    # The totals stand above the tables but are known after them: hence two files.
    with TemporaryFile() as tables, TemporaryFile() as page:
        for piece in sections(lines, low_stock_below, total):
            tables.write(piece.encode())
        tiles = {
            "Suppliers": number(total["suppliers"]),
            "Beans": number(total["beans"]),
            f"Low stock (below {low_stock_below})": number(total["low"]),
            "Quantity": number(total["quantity"]),
            "Stock value": number(total["value"], ",.2f"),
        }
        page.write(
            f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>{escape(title)}</title>
<style>{STYLE}</style></head>
<body><header><h1>{escape(title)}</h1>
<p>As of <time datetime="{at.isoformat()}">{at:%-d %B %Y, %H:%M %Z}</time></p></header>
<main><dl>{"".join(f"<div><dt>{name}<dd>{value}</div>" for name, value in tiles.items())}</dl>
{"" if total else "<p>There are no suppliers yet.</p>"}""".encode()
        )
        tables.seek(0)
        shutil.copyfileobj(tables, page)
        page.write(b"</main></body></html>\n")
        page.seek(0)
        s3.put_object(Bucket=bucket, Key=event["reportKey"], Body=page, ContentType="text/html; charset=utf-8")
    result = {"key": event["reportKey"], "suppliers": total["suppliers"], "beans": total["beans"]}
    result["lowStock"] = total["low"]
    print(json.dumps(result))
    return result
