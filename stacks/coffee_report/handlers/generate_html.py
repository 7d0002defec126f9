"""Turn the inventory document in S3 into a page that needs no script, font or image from elsewhere."""

import json
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from html import escape, unescape
from os import environ
from tempfile import TemporaryFile
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import boto3

Row = dict[str, Any]
TITLE = r"(?!.*(://|[Ww]{3}\.))[^\0-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]{0,100}"
STYLE = """
:root{color-scheme:light dark;--line:1px solid light-dark(#e6dbcf,#43362c)}*{margin:0;unicode-bidi:plaintext}
body{max-width:60em;margin:auto;padding:3vw .5em;background:light-dark(#faf7f2,#17120e);color:light-dark(#2a1c13,#fed);
font:1rem/1.4 system-ui;text-align:left;overflow-wrap:anywhere}h2{font-size:1.25em}address{font-style:normal}
p,address,dt,small,thead{color:light-dark(#654,#cba)}dt,table,small{font-size:.9rem}a{color:inherit}
dl{display:flex;flex-flow:wrap;gap:.75em}dl div{flex:1 1 6em}dl,section{margin:1em 0}
dl div,section{background:light-dark(#fff,#221b16);border:var(--line);border-radius:.75em;padding:.75em}
dt{white-space:nowrap}dd{font-size:1.5em}dd,tfoot{font-weight:bold}dd,td,thead{overflow-wrap:normal}
table{width:100%;border-spacing:0;font-variant-numeric:tabular-nums}caption{position:absolute;clip-path:inset(50%)}
th,td{padding:.5em 0;border-top:var(--line);text-align:left;vertical-align:top}thead th{border:0}
th+th,td{width:14%;padding-left:.5em;text-align:right}small{display:block;font-weight:400}
mark{padding:0 .3em;border:1px solid;border-radius:1em;background:none;color:light-dark(#a21,#fba)}
@media print{:root{color-scheme:light}tr,dl div{break-inside:avoid}h2,address{break-after:avoid}}
"""
HASH = b64encode(sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{HASH}'; base-uri 'none'; form-action 'none'"
COLUMNS = "<thead><tr><th scope=col>Product<th scope=col>Price<th scope=col>Stock<th scope=col>Value<tbody>"
s3 = boto3.client("s3")


def objects(lines: Iterator[bytes], end: bytes) -> Iterator[Row]:
    """Parse the lines that start an object, up to one that does not; escape all text."""
    while (line := next(lines, b"")).startswith(b"{"):
        row = json.loads(line.rstrip(b",") + end)
        yield {name: escape(value) if isinstance(value, str) else value for name, value in row.items()}


def number(value: Decimal | int | None, form: str = ",") -> str:
    """Group thousands; a number too long for a phone may break there."""
    digits = "\u2013" if value is None else format(value, form)
    return digits.replace(",", ",<wbr>") if len(digits) > 10 else digits


def sections(lines: Iterator[bytes], below: int, total: Counter[str]) -> Iterator[str]:
    """Each supplier and its beans, counted in the total."""
    for supplier in objects(lines, b"]}"):
        stock, place, name, email = Counter[str](), total["suppliers"], supplier["name"] or "\u2013", supplier["email"]
        address = ", ".join(filter(None, (supplier["address"], supplier["city"], supplier["state"])))
        link = email and f'<a href="mailto:{quote(unescape(email), "@")}">{email}</a>'
        yield f"<section aria-labelledby=s{place}><h2 id=s{place}>{name}</h2>"
        yield f"<address>{'<br>'.join(filter(None, (address, link, supplier['phone'])))}</address>\n"
        for bean in objects(lines, b""):
            if not stock:
                yield f"<table><caption>Beans of {name}</caption>{COLUMNS}\n"
            price, quantity = bean["price"] and Decimal(bean["price"]), bean["quantity"]
            value: Any = None if price is None or quantity is None else price * quantity
            low = quantity is not None and quantity < below
            stock.update(beans=1, lowStock=int(low), quantity=quantity or 0, value=value or 0)
            notes = " \u00b7 ".join(filter(None, (bean["type"], bean["description"])))
            yield f"<tr><th scope=row>{bean['productName'] or '&ndash;'} <small>{notes}</small>"
            yield f"<td>{number(price, ',.2f')}<td>{'<mark>Low</mark>&nbsp;' if low else ''}{number(quantity)}"
            yield f"<td>{number(value, ',.2f')}\n"
        if stock:
            yield f"<tfoot><tr><th scope=row>Total<td><td>{number(stock['quantity'])}"
            yield f"<td>{number(stock['value'], ',.2f')}</table></section>\n"
        else:
            yield "<p>No beans from this supplier.</section>\n"
        total.update(stock, suppliers=1)
    yield "</main>\n" if total else "<p>There are no suppliers yet.</main>\n"


def handler(event: Row, _context: object) -> Row:
    """Write the page and return its key and what it counts."""
    title, below, bucket = event.get("title") or "Coffee inventory", event.get("lowStockBelow", 10), environ["BUCKET"]
    if not re.fullmatch(TITLE, title) or below < 0:
        raise ValueError("expected a title of at most 100 characters, no link, and lowStockBelow from 0")
    lines = s3.get_object(Bucket=bucket, Key=event["inventoryKey"])["Body"].iter_lines(2**16)
    zone = ZoneInfo(environ["TIME_ZONE"]) if environ.get("TIME_ZONE") else UTC
    at = datetime.fromisoformat(next(objects(lines, b"]}"))["generatedAt"]).astimezone(zone)
    total: Counter[str] = Counter()
    # The totals stand above the tables but are known after them.
    with TemporaryFile() as tables, TemporaryFile() as page:
        tables.writelines(piece.encode() for piece in sections(lines, below, total))
        tables.seek(0)
        head = f"""<!doctype html>
<html lang=en><meta charset=utf-8><meta http-equiv=Content-Security-Policy content="{POLICY}">
<meta name=viewport content="width=device-width"><title>{escape(title)}</title><style>{STYLE}</style>
<header><h1>{escape(title)}</h1><p>As of <time datetime={at.isoformat()}>{at:%-d %B %Y, %H:%M %Z}</time></header>
<main><dl><div><dt>Suppliers<dd>{number(total["suppliers"])}</div><div><dt>Beans<dd>{number(total["beans"])}</div>
<div><dt>Low stock (&lt;{below})<dd>{number(total["lowStock"])}</div>
<div><dt>Stock<dd>{number(total["quantity"])}</div>
<div><dt>Stock value<dd>{number(total["value"], ",.2f")}</div></dl>
"""
        page.write(head.encode())
        page.writelines(tables)
        page.seek(0)
        s3.put_object(Bucket=bucket, Key=event["reportKey"], Body=page, ContentType="text/html; charset=utf-8")
    result = {"key": event["reportKey"]} | {name: total[name] for name in ("suppliers", "beans", "lowStock")}
    print(json.dumps(result))
    return result
