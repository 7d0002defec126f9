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
STYLE = """
:root{color-scheme:light dark;--soft:light-dark(#6b5646,#c3ae9c);--line:1px solid light-dark(#e6dbcf,#43362c)}
*{box-sizing:border-box;unicode-bidi:plaintext}
body{max-width:60rem;margin:auto;padding:2rem 1rem;background:light-dark(#faf7f2,#17120e);
color:light-dark(#2a1c13,#f3eae1);font:1rem/1.5 system-ui,sans-serif;text-align:left;overflow-wrap:anywhere}
h1,h2{line-height:1.2;margin:0}h2{font-size:1.25rem}
p,address{margin:.25rem 0 0;font-style:normal;color:var(--soft)}a{color:inherit}
dl{display:flex;flex-wrap:wrap;gap:.75rem;margin:1.5rem 0}dl div{flex:1 1 7rem}dt{white-space:nowrap}
dl div,section{background:light-dark(#fff,#221b16);border:var(--line);border-radius:.75rem;padding:.75rem 1rem}
dt,small,thead{color:var(--soft);font-size:.875rem}dd{margin:0;font-size:1.5rem;font-weight:600}
section{margin-top:1rem}
table{width:100%;margin-top:.5rem;border-collapse:collapse;font-variant-numeric:tabular-nums}
caption{position:absolute;clip-path:inset(50%)}
th,td{padding:.5rem 0;text-align:left;vertical-align:top;border-top:var(--line)}
th+th,td{width:7.5rem;padding-left:.75rem;text-align:right}
dd,td,thead{overflow-wrap:normal}thead th{border:0}tfoot{font-weight:600}
small{display:block;font-weight:400}
mark{padding:0 .5rem;border:1px solid;border-radius:1rem;background:none;color:light-dark(#9c2a10,#ffb59e);
font-size:.8125rem}
@media(max-width:36rem){body{padding:1rem .5rem}th+th,td{width:auto;padding-left:.5rem}
th,td{font-size:.875rem}}
@media print{:root{color-scheme:light}body{max-width:none;padding:0;background:none}
section{border:0;padding:.75rem 0}tr,dl div{break-inside:avoid}h2,address{break-after:avoid}}
"""
POLICY = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'"
)
COLUMNS = '<thead><tr><th scope="col">Product<th scope="col">Price<th scope="col">Stock<th scope="col">Value'
s3 = boto3.client("s3")


def starts_object(line: bytes) -> bool:
    """Whether a line of the inventory is a supplier or a bean."""
    return line.startswith(b"{")


def number(value: Decimal | int | None, form: str = ",") -> str:
    """Group thousands; a number too long for a phone may break there."""
    digits = "–" if value is None else format(value, form)
    return digits.replace(",", ",<wbr>") if len(digits) > len("99,999,999") else digits


def row(bean: Row, low_stock_below: int, stock: Counter[str]) -> str:
    """One bean's row, counted in its supplier's stock."""
    price, quantity = bean["price"] and Decimal(bean["price"]), bean["quantity"]
    value: Any = None if price is None or quantity is None else price * quantity
    low = quantity is not None and quantity < low_stock_below
    stock.update(beans=1, low=int(low), quantity=quantity or 0, value=value or 0)
    notes = " · ".join(escape(bean[name]) for name in ("type", "description") if bean[name])
    return (
        f'<tr><th scope="row">{escape(bean["productName"] or "–")} <small>{notes}</small><td>{number(price, ",.2f")}'
        f"<td>{'<mark>Low</mark> ' if low else ''}{number(quantity)}<td>{number(value, ',.2f')}\n"
    )


def sections(lines: Iterator[bytes], low_stock_below: int, total: Counter[str]) -> Iterator[str]:
    """Each supplier: how to reach it, and the table of its beans, counted in the total."""
    for line in takewhile(starts_object, lines):
        supplier, stock = json.loads(line + b"]}"), Counter[str]()
        name, email, place = escape(supplier["name"] or "–"), supplier["email"], total["suppliers"]
        contact = [
            ", ".join(escape(supplier[part]) for part in ("address", "city", "state") if supplier[part]),
            f'<a href="mailto:{quote(email, "@")}">{escape(email)}</a>' if email else "",
            escape(supplier["phone"] or ""),
        ]
        yield f'<section aria-labelledby="s{place}"><h2 id="s{place}">{name}</h2>'
        yield f"<address>{'<br>'.join(filter(None, contact))}</address>\n"
        for bean in takewhile(starts_object, lines):
            if not stock:
                yield f"<table><caption>Beans of {name}</caption>{COLUMNS}<tbody>\n"
            yield row(json.loads(bean.rstrip(b",")), low_stock_below, stock)
        if stock:
            yield f'<tfoot><tr><th scope="row">Total<td><td>{number(stock["quantity"])}'
            yield f"<td>{number(stock['value'], ',.2f')}</table></section>\n"
        else:
            yield "<p>No beans from this supplier.</p></section>\n"
        total.update(stock, suppliers=1)


def handler(event: Row, _context: object) -> Row:
    """Write the page and return its key and what it counts."""
    title = event.get("title") or "Coffee inventory"
    low_stock_below = event.get("lowStockBelow", 10)
    if len(title) > 100 or low_stock_below < 0:
        raise ValueError("expected a title of at most 100 characters and lowStockBelow from 0")
    bucket = os.environ["BUCKET"]
    lines = s3.get_object(Bucket=bucket, Key=event["inventoryKey"])["Body"].iter_lines(2**16)
    zone = ZoneInfo(os.environ["TIME_ZONE"]) if os.environ.get("TIME_ZONE") else UTC
    at = datetime.fromisoformat(json.loads(next(lines) + b"]}")["generatedAt"]).astimezone(zone)
    total: Counter[str] = Counter()
    # The totals stand above the tables but are known after them.
    with TemporaryFile() as tables, TemporaryFile() as page:
        for piece in sections(lines, low_stock_below, total):
            tables.write(piece.encode())
        tiles = {
            "Suppliers": number(total["suppliers"]),
            "Beans": number(total["beans"]),
            f"Low stock (&lt;{low_stock_below})": number(total["low"]),
            "Stock": number(total["quantity"]),
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
    counts = {"suppliers": total["suppliers"], "beans": total["beans"], "lowStock": total["low"]}
    result = {"key": event["reportKey"], **counts}
    print(json.dumps(result))
    return result
