"""Turn the inventory in S3 into a page that needs nothing from elsewhere."""

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
:root{color-scheme:light dark}*{margin:0;unicode-bidi:plaintext}h1{font-size:min(2em,7vw)}h2{font-size:1.25em}
body{max-width:60em;margin:auto;padding:3vw .5em;background:light-dark(#faf7f2,#17120e);color:light-dark(#2a1c13,#fed);
font:1rem/1.4 system-ui;text-align:left;overflow-wrap:anywhere}dt,dd,td,thead{overflow-wrap:normal}
p,dt,small,thead{color:light-dark(#654,#cba)}dt,table,small{font-size:.9rem}dd{font-size:1.5em}
dl{display:flex;flex-flow:wrap;gap:1em}dl div{flex:6em}main>*,table{margin-top:1em}dd,[colspan]~td{font-weight:bold}
dl div,section,details{background:light-dark(#fff,#221b16);border:1px solid #8764;border-radius:1em;padding:.75em}
table{width:100%;border-collapse:collapse;font-variant-numeric:tabular-nums}tr{border-top:1px solid #8764}
th,td{padding:.5em 0;text-align:left;vertical-align:top}th+th,td{width:14%;padding-left:.5em;text-align:right}
a,summary{color:inherit;padding:.25em 0}small,details a{display:block;font-weight:400}.low{outline:2px solid}
mark{padding:0 .3em;border:1px solid;border-radius:1em;background:none}mark,.low{color:light-dark(#a21,#fba)}
@media(width<400px){tr{display:grid;grid:auto/repeat(3,1fr)}th+th,td{width:auto}
th:first-child:not([colspan]){grid-column:1/-1;padding-bottom:0}}@media print{:root{color-scheme:light}
body{background:#fff}details{display:none}section:has(p),tr,dl{break-inside:avoid}h2{break-after:avoid}}
"""
HASH = b64encode(sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{HASH}'; base-uri 'none'; form-action 'none'"
COLUMNS = "<thead><tr><th>Product<th>Price<th>Stock<th>Value<tbody>"
s3 = boto3.client("s3")


def objects(lines: Iterator[bytes], end: bytes) -> Iterator[Row]:
    """Parse the lines that start an object, up to one that does not; escape all text."""
    while (line := next(lines, b"")).startswith(b"{"):
        row = json.loads(line.rstrip(b",") + end)
        yield {name: escape(value) if isinstance(value, str) else value for name, value in row.items()}


def number(value: Decimal | int | None, form: str = "z,.2f") -> str:
    """Group thousands; a number too long for a phone may break there."""
    digits = "\u2013" if value is None else format(value, form).replace("-", "\u2212")
    return digits.replace(",", ",<wbr>") if len(digits) > 10 else digits


def sections(lines: Iterator[bytes], below: int, total: Counter[str], low: Row, links: list[str]) -> Iterator[str]:
    """Each supplier and its beans, counted in the total; low rows and links to suppliers go apart."""
    for supplier in objects(lines, b"]}"):
        stock, place, name, email = Counter[str](), len(links), supplier["name"] or "\u2013", supplier["email"]
        mail = email and f'<a href="mailto:{quote(unescape(email), "@")}">{email}</a>'
        contact = (supplier["address"], supplier["city"], supplier["state"], mail, supplier["phone"])
        links.append(f"<a href=#s{place}>{name}</a>\n")
        yield f"<section><h2 id=s{place}>{name}</h2><p>{', '.join(filter(None, contact))}\n"
        for bean in objects(lines, b""):
            if not stock:
                yield f"<table aria-labelledby=s{place}>{COLUMNS}\n"
            price, quantity = bean["price"] and Decimal(bean["price"]), bean["quantity"]
            value: Any = None if None in (price, quantity) else price * quantity
            stock.update(beans=1, quantity=quantity or 0, value=value or 0)
            row = f"<tr><th scope=row>{bean['productName'] or '&ndash;'} "
            cells = f"</small><td>{number(price)}<td>{number(quantity, ',')}<td>{number(value)}\n"
            if quantity is not None and quantity < below:
                mark = "Oversold" if quantity < 0 else "Low"
                stock["lowStock"] += 1
                row += f"<mark>{mark}</mark> "
                low[mark] = sorted([*low.get(mark, ()), (quantity, f"{row}<small>{links[-1]}{cells}")])[:99]
            yield f"{row}<small>{' &middot; '.join(filter(None, (bean['type'], bean['description'])))}{cells}"
        if stock:
            yield f"<tbody><tr><th scope=row colspan=2>Total<td>{number(stock['quantity'], ',')}"
            yield f"<td>{number(stock['value'])}</table></section>\n"
        else:
            yield "<p>No beans from this supplier.</section>\n"
        total.update(stock, suppliers=1)
    yield "</main>\n" if links else "<p>There are no suppliers yet.</main>\n"


def handler(event: Row, _context: object) -> Row:
    """Write the page and return its key and what it counts."""
    title, below, bucket = event.get("title") or "Coffee inventory", event.get("lowStockBelow", 10), environ["BUCKET"]
    if not re.fullmatch(TITLE, title) or below < 0:
        raise ValueError("expected a title of at most 100 characters, no link, and lowStockBelow from 0")
    lines = s3.get_object(Bucket=bucket, Key=event["inventoryKey"])["Body"].iter_lines(2**16)
    zone = environ.get("TIME_ZONE")
    at = datetime.fromisoformat(next(objects(lines, b"]}"))["generatedAt"]).astimezone(ZoneInfo(zone) if zone else UTC)
    total, low, links = Counter[str](), Row(), list[str]()
    # What comes first is known last.
    with TemporaryFile() as tables, TemporaryFile() as page:
        tables.writelines(piece.encode() for piece in sections(lines, below, total, low, links))
        tables.seek(0)
        head = f"""<!doctype html>
<html lang=en><meta charset=utf-8><meta http-equiv=Content-Security-Policy content="{POLICY}">
<meta name=viewport content="width=device-width"><title>{escape(title)}</title><style>{STYLE}</style>
<header><h1>{escape(title)}</h1><p>As of <time datetime={at.isoformat()}>{at:%-d %B %Y, %H:%M %Z}</time></header>
<main><dl><div><dt>Suppliers<dd>{len(links):,}</div><div><dt>Beans<dd>{total["beans"]:,}</div>
<div{" class=low" if low else ""}><dt>Low stock (&lt;{below})<dd>{total["lowStock"]:,}</div>
<div><dt>Stock<dd>{number(total["quantity"], ",")}</div><div><dt>Stock value<dd>{number(total["value"])}</div></dl>
"""
        for mark, rows in sorted(low.items(), reverse=True):
            head += f"<section><h2 id={mark}>Order first: {mark} ({len(rows)})</h2><table aria-labelledby={mark}>"
            head += COLUMNS + "".join(row for _, row in rows) + "</table></section>\n"
        if len(links) > 5:
            head += f"<details><summary>Suppliers</summary>{''.join(links)}</details>\n"
        page.write(head.encode())
        page.writelines(tables)
        page.seek(0)
        s3.put_object(Bucket=bucket, Key=event["reportKey"], Body=page, ContentType="text/html; charset=utf-8")
    result = {"key": event["reportKey"]} | {name: total[name] for name in ("suppliers", "beans", "lowStock")}
    print(json.dumps(result))
    return result
